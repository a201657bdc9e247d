// SPDX-License-Identifier: Apache-2.0
#include "tb/host/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace xive::host {

void for_each_piece(std::size_t n, const std::function<void(std::size_t)>& piece,
                    unsigned at_once) {
  // Pieces are taken in their order, so that all in front of one that throws have been taken.
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t failed = n;
  std::exception_ptr why;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < n; i = next++) {
      try {
        piece(i);
      } catch (...) {
        next = n;
        const std::lock_guard lock(mutex);
        if (i < failed) {
          failed = i;
          why = std::current_exception();
        }
      }
    }
  };
  std::vector<std::thread> others;
  const std::size_t most = at_once != 0 ? at_once : std::thread::hardware_concurrency();
  for (std::size_t i = 1; i < std::min(most, n); ++i) others.emplace_back(take_turns);
  take_turns();
  for (std::thread& other : others) other.join();
  if (why) std::rethrow_exception(why);
}

}  // namespace xive::host
