// SPDX-License-Identifier: Apache-2.0
/// Stores of one thread to chosen words of memory, held back for a while: enough of a weak memory
/// to find a barrier that is missing between a store and a later load or device access
/// (scenarios.md 3.1). Everything else passes at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "sc_models/ppc/host/executor.h"
#include "sc_models/ppc/host/memory_order.h"

namespace xive::ppc::host {

/// Legal for the architecture: a held store becomes visible after later accesses to other words,
/// never after a later access of its own thread to the same word (which sees it), never after a
/// sync. lwsync and eieio keep held stores in order among themselves, and so do these stores when
/// they are one word.
class StoreBuffer final : public MemoryOrder {
 public:
  /// `next` and `executor` are not owned and must outlive the run.
  StoreBuffer(MemoryOrder& next, Executor& executor) : next_(next), executor_(executor) {}
  StoreBuffer(const StoreBuffer&) = delete;
  StoreBuffer& operator=(const StoreBuffer&) = delete;

  /// Stores inside [base, base + size) are held for `delay`; kNever: until drain() or a barrier.
  void hold(std::uint64_t base, std::uint64_t size, Time delay) {
    windows_.push_back({base, size, delay});
  }
  std::size_t pending() const { return held_.size(); }
  /// Makes the `n`-th held store visible that may become so now, oldest first.
  void drain(std::size_t n) { perform(candidates().at(n)); }
  /// How many stores may become visible next.
  std::size_t drainable() const { return candidates().size(); }
  void drain_all() {
    while (!held_.empty()) perform(0);
  }

  platform::Response load(const platform::Request& request, AccessClass access) override {
    // Instead of forwarding, the word is made visible first: one of the legal orders.
    if (access == AccessClass::Cacheable) settle(request);
    return next_.load(request, access);
  }
  platform::Response store(const platform::Request& request, AccessClass access) override {
    const Window* window = access == AccessClass::Cacheable ? find(request) : nullptr;
    if (window == nullptr) {
      if (access == AccessClass::Cacheable) {
        settle(request);
        while (!held_.empty() && held_.front().fence < fence_) perform(0);
      }
      return next_.store(request, access);
    }
    const std::uint64_t number = next_number_++;
    held_.push_back({request, number, fence_});
    if (window->delay != platform::kNever) {
      executor_.at(executor_.now() + window->delay, [this, number] { expire(number); });
    }
    return {};
  }
  platform::Response atomic(const platform::Request& request) override {
    settle(request);
    return next_.atomic(request);
  }
  Time barrier(Barrier barrier, Time time) override {
    if (barrier == Barrier::Sync || barrier == Barrier::Ptesync) {
      drain_all();
    } else if (barrier == Barrier::Lwsync || barrier == Barrier::Eieio) {
      ++fence_;
    }
    return next_.barrier(barrier, time);
  }
  void message(const DoorbellMessage& message, MsgsndForm form, std::uint32_t sender_pir,
               Time time) override {
    next_.message(message, form, sender_pir, time);
  }

 private:
  struct Window {
    std::uint64_t base, size;
    Time delay;
  };
  struct Held {
    platform::Request request;
    std::uint64_t number;
    std::uint64_t fence;
  };
  static bool overlap(const platform::Request& a, const platform::Request& b) {
    return a.address < b.address + b.size && b.address < a.address + a.size;
  }
  const Window* find(const platform::Request& request) const {
    for (const Window& window : windows_) {
      if (request.address - window.base < window.size) return &window;
    }
    return nullptr;
  }
  /// Oldest first; behind nothing of an earlier fence or of the same word.
  std::vector<std::size_t> candidates() const {
    std::vector<std::size_t> result;
    for (std::size_t n = 0; n < held_.size(); ++n) {
      const bool blocked = std::any_of(
          held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(n), [&](const Held& other) {
            return other.fence < held_[n].fence || overlap(other.request, held_[n].request);
          });
      if (!blocked) result.push_back(n);
    }
    return result;
  }
  void perform(std::size_t n) {
    const Held held = held_[n];
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(n));
    next_.store(held.request, AccessClass::Cacheable);
  }
  /// Everything up to the last held store that `request` overlaps becomes visible.
  void settle(const platform::Request& request) {
    for (std::size_t n = held_.size(); n-- > 0;) {
      if (!overlap(held_[n].request, request)) continue;
      for (std::size_t k = 0; k <= n; ++k) perform(0);
      return;
    }
  }
  void expire(std::uint64_t number) {
    for (std::size_t n = 0; n < held_.size(); ++n) {
      if (held_[n].number != number) continue;
      for (std::size_t k = 0; k <= n; ++k) perform(0);
      return;
    }
  }

  MemoryOrder& next_;
  Executor& executor_;
  std::vector<Window> windows_;
  std::deque<Held> held_;
  std::uint64_t next_number_ = 0;
  std::uint64_t fence_ = 0;
};

}  // namespace xive::ppc::host
