// SPDX-License-Identifier: Apache-2.0
/// Which cores might match a VP id, so that a directed notification does not ask every core. Kept
/// up to date by the committed events of the TIMAs; always a superset of the cores that match.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sc_models/tima/event.h"
#include "sc_models/xive/presenter/search_board.h"

namespace xive::ic {

class VpFilter {
 public:
  /// CAM lines a thread can match with; Pending is a push that has not committed yet.
  enum class Slot : std::uint8_t { Phys, Pool, Os, Pending };
  static constexpr unsigned kSlots = 4;
  static constexpr std::uint32_t kNone = SearchBoard::kNone;

  /// Memory for all slots is taken here; nothing allocates later.
  explicit VpFilter(unsigned cores);

  /// Told of a key that a slot has just taken: a search for it may have passed that core already.
  /// Not owned.
  void tell(SearchBoard& searches) { searches_ = &searches; }

  /// The CAM line of (core, thread, slot) is now `key`, or kNone.
  void set(unsigned core, unsigned thread, Slot slot, std::uint32_t key);

  /// Cores with a slot that holds `key`, ascending, without repetition. Valid until the next call.
  std::span<const std::uint32_t> lookup(std::uint32_t key);

  unsigned cores() const { return cores_; }

 private:
  static constexpr std::uint32_t kEnd = ~std::uint32_t{0};
  struct alignas(16) Node {
    std::uint32_t key = kNone, next = kEnd, previous = kEnd;
  };
  /// A thread's slots, which change together, are one line of a cache.
  struct alignas(64) Thread {
    std::array<Node, kSlots> slots;
  };
  Node& node_at(std::uint32_t at) { return threads_[at / kSlots].slots[at % kSlots]; }
  std::size_t bucket(std::uint32_t key) const { return (key * 0x9e3779b1U) >> shift_; }
  std::uint32_t& head(std::uint32_t key) { return heads_[bucket(key)]; }

  unsigned cores_;
  unsigned shift_;
  std::vector<std::uint32_t> heads_;
  std::vector<Thread> threads_;
  std::vector<std::uint32_t> found_;
  SearchBoard* searches_ = nullptr;
};

/// Feeds the filter from the events of one core's TIMA and hands them on.
class alignas(64) FilterFeed final : public tima::Observer {
 public:
  FilterFeed(VpFilter& filter, unsigned core, const tima::Params& params)
      : filter_(filter), core_(core), params_(params) {}

  /// Static inputs of the core changed (HW CAM lines).
  void configure(const tima::StaticInputs& inputs);
  /// Optional next observer of the same port. Not owned.
  void chain(tima::Observer* next) { next_ = next; }

  void on_event(const tima::Event& event) override;
  void on_match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
                tima::Cycle cycle) override;
  void on_memory(const tima::MemoryRequest& request, tima::Cycle cycle) override;
  void on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) override;

 private:
  std::uint32_t cam_key(std::uint32_t word2) const;
  std::uint32_t hw_key(unsigned thread) const;
  static bool differ(const tima::ThreadState& a, const tima::ThreadState& b);
  void update(unsigned thread, const tima::ThreadState& state);

  VpFilter& filter_;
  tima::Observer* next_ = nullptr;
  unsigned core_;
  tima::Params params_;
  tima::StaticInputs inputs_{};
  std::array<bool, tima::kMaxThreads> phys_valid_{};
};

}  // namespace xive::ic
