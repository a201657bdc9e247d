// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace xive::ppc::host {

/// Memory for the stacks of many fibers: few large mappings, huge pages where the system gives
/// them, a guard page below each stack. Tops are staggered, so that the parts in use do not compete
/// for the same sets of a cache.
class FiberStacks {
 public:
  /// `bytes` is what a fiber may use.
  explicit FiberStacks(std::size_t bytes);
  ~FiberStacks();
  FiberStacks(const FiberStacks&) = delete;
  FiberStacks& operator=(const FiberStacks&) = delete;

  /// One more stack; it lives as long as this object. std::bad_alloc when there is no memory.
  std::span<char> allocate();

 private:
  struct Mapping {
    char* base;
    std::size_t bytes;
  };
  std::size_t stride_;
  std::vector<Mapping> mappings_;
  std::size_t used_ = 0;  ///< stacks of the last mapping
  std::size_t total_ = 0;
};

}  // namespace xive::ppc::host
