// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace xive::platform {

/// Pages of simulated memory, all zero, from few large mappings: where the system has huge pages
/// for them, tables and queues that are spread over many pages need few entries of the host's TLB.
class PagePool {
 public:
  static constexpr std::size_t kPageBytes = std::size_t{64} << 10U;

  PagePool() = default;
  ~PagePool();
  PagePool(const PagePool&) = delete;
  PagePool& operator=(const PagePool&) = delete;

  /// kPageBytes that live as long as the pool. std::bad_alloc when there is no memory.
  void* allocate();

 private:
  std::vector<char*> chunks_;
  std::size_t used_ = 0;  ///< bytes of the last chunk
};

}  // namespace xive::platform
