// SPDX-License-Identifier: Apache-2.0
#include "sc_models/testing/allocation_counter.h"

#include <cstdlib>
#include <new>

namespace {
std::size_t count = 0;
}

// Both sides are replaced here, so they match; g++ inlines one of them and sees only the other.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#pragma GCC diagnostic pop

std::size_t xive::testing::allocations() {
  return count;
}
