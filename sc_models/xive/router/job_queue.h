// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sc_models/xive/observer.h"

namespace xive::ic {

/// One thing the router has to do.
struct Job {
  enum class Kind : std::uint8_t { Eas, End, Notify, Escalate, Sync } kind = Kind::Eas;
  bool pq_checked = false;
  bool redistribute = false;
  std::uint8_t blk = 0;
  std::uint8_t depth = 0;  ///< escalations and forwards so far
  std::uint32_t idx = 0;
  std::uint32_t data = 0;
  TraceId trace = 0;
  std::uint64_t bit = 0;     ///< Sync
  std::uint64_t before = 0;  ///< Sync: events accepted before it
};

/// FIFO ring that grows when it must and never shrinks, so that a steady flow allocates nothing.
class JobQueue {
 public:
  JobQueue() : ring_(64) {}
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  void push(const Job& job) {
    if (size_ == ring_.size()) grow();
    ring_[(first_ + size_++) & (ring_.size() - 1)] = job;
  }
  Job pop() {
    const Job job = ring_[first_];
    // A queue that runs empty begins anew in the memory that is in the caches.
    first_ = --size_ == 0 ? 0 : (first_ + 1) & (ring_.size() - 1);
    return job;
  }

 private:
  void grow() {
    std::vector<Job> larger(ring_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) larger[i] = ring_[(first_ + i) & (ring_.size() - 1)];
    ring_.swap(larger);
    first_ = 0;
  }
  std::vector<Job> ring_;  // size is a power of two
  std::size_t first_ = 0, size_ = 0;
};

}  // namespace xive::ic
