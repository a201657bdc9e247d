// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/fiber_stacks.h"

#include <sys/mman.h>

#include <new>

namespace xive::ppc::host {
namespace {

constexpr std::size_t kPage = 4096;
/// Tops of neighbours differ by this many bytes, modulo kStagger.
constexpr std::size_t kStep = 1344, kStagger = 2 * kPage;

std::size_t round_up(std::size_t bytes) {
  return (bytes + kPage - 1) / kPage * kPage;
}

}  // namespace

FiberStacks::FiberStacks(std::size_t bytes) : stride_(round_up(bytes) + kStagger + kPage) {}

FiberStacks::~FiberStacks() {
  for (const Mapping& mapping : mappings_) munmap(mapping.base, mapping.bytes);
}

std::span<char> FiberStacks::allocate() {
  constexpr std::size_t kStacks = 64;
  if (mappings_.empty() || used_ == kStacks) {
    const std::size_t bytes = kStacks * stride_;
    void* base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) throw std::bad_alloc();
    mappings_.push_back({static_cast<char*>(base), bytes});
    used_ = 0;
  }
  char* const bottom = mappings_.back().base + used_ * stride_;
  // An overflow must not reach a neighbour.
  if (mprotect(bottom, kPage, PROT_NONE) != 0) throw std::bad_alloc();
  ++used_;
  const std::size_t top = stride_ - kStep * total_++ % kStagger / 64 * 64;
  return {bottom + kPage, top - kPage};
}

}  // namespace xive::ppc::host
