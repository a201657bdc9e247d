// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/page_pool.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace xive::platform {
namespace {

constexpr std::size_t kChunk = std::size_t{2} << 20U;  // a huge page of most hosts

/// Maps kChunk bytes at a multiple of kChunk.
char* map_chunk() {
  void* const base = mmap(nullptr, 2 * kChunk, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) throw std::bad_alloc();
  char* const first = static_cast<char*>(base);
  const std::size_t before = (kChunk - reinterpret_cast<std::uintptr_t>(base) % kChunk) % kChunk;
  if (before != 0) munmap(first, before);
  munmap(first + before + kChunk, kChunk - before);
  madvise(first + before, kChunk, MADV_HUGEPAGE);  // no is an answer
  return first + before;
}

}  // namespace

PagePool::~PagePool() {
  for (char* chunk : chunks_) munmap(chunk, kChunk);
}

void* PagePool::allocate() {
  if (chunks_.empty() || used_ == kChunk) {
    chunks_.push_back(map_chunk());
    used_ = 0;
  }
  used_ += kPageBytes;
  return chunks_.back() + used_ - kPageBytes;
}

}  // namespace xive::platform
