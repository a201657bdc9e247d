// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/presenter/vp_filter.h"

#include <algorithm>
#include <bit>

namespace xive::ic {

VpFilter::VpFilter(unsigned cores) : cores_(cores) {
  const std::size_t slots = std::size_t{cores} * tima::kMaxThreads * kSlots;
  const auto buckets = std::bit_ceil(std::max<std::size_t>(slots, 16));
  shift_ = 32U - static_cast<unsigned>(std::countr_zero(buckets));
  heads_.assign(buckets, kEnd);
  threads_.resize(slots / kSlots);
  found_.reserve(cores);
}

void VpFilter::set(unsigned core, unsigned thread, Slot slot, std::uint32_t key) {
  const auto at = (core * tima::kMaxThreads + thread) * kSlots + static_cast<unsigned>(slot);
  Node& node = node_at(at);
  if (node.key == key) return;
  if (node.key != kNone) {
    if (node.previous == kEnd) {
      head(node.key) = node.next;
    } else {
      node_at(node.previous).next = node.next;
    }
    if (node.next != kEnd) node_at(node.next).previous = node.previous;
  }
  node = {key, kEnd, kEnd};
  if (key == kNone) return;
  std::uint32_t& first = head(key);
  node.next = first;
  if (first != kEnd) node_at(first).previous = at;
  first = at;
  if (searches_ != nullptr) searches_->moved(key);
}

std::span<const std::uint32_t> VpFilter::lookup(std::uint32_t key) {
  found_.clear();
  for (std::uint32_t at = head(key); at != kEnd; at = node_at(at).next) {
    if (node_at(at).key != key) continue;
    const std::uint32_t core = at / (kSlots * tima::kMaxThreads);
    // Usually one core, hence the plain insertion.
    const auto place = std::lower_bound(found_.begin(), found_.end(), core);
    if (place == found_.end() || *place != core) found_.insert(place, core);
  }
  return found_;
}

std::uint32_t FilterFeed::cam_key(std::uint32_t word2) const {
  if ((word2 & 0x80000000U) == 0) return VpFilter::kNone;
  if (params_.generation == 1) {
    // Bit 8 set never matches: it is compared but no VP id has it.
    if ((word2 & 0x00800000U) != 0) return VpFilter::kNone;
    return vp_key(word2 >> 19U & 0xfU, word2 & 0x7ffffU);
  }
  return vp_key(word2 >> 24U & 0xfU, word2 & 0xffffffU);
}

std::uint32_t FilterFeed::hw_key(unsigned thread) const {
  const unsigned bits = params_.generation == 1 || !inputs_.tid8 ? 7U : 8U;
  const std::uint32_t low = inputs_.pir[thread] & ((1U << bits) - 1U);
  return vp_key(inputs_.blk, 1U << bits | low);
}

/// What update() makes of these states differs.
bool FilterFeed::differ(const tima::ThreadState& a, const tima::ThreadState& b) {
  using tima::Ring;
  return a.enabled != b.enabled || a.word2(Ring::Os) != b.word2(Ring::Os) ||
         a.word2(Ring::Pool) != b.word2(Ring::Pool) || a.valid(Ring::Phys) != b.valid(Ring::Phys);
}

void FilterFeed::update(unsigned thread, const tima::ThreadState& state) {
  using Slot = VpFilter::Slot;
  const bool on = state.enabled;
  phys_valid_[thread] = on && state.valid(tima::Ring::Phys);
  filter_.set(core_, thread, Slot::Phys, phys_valid_[thread] ? hw_key(thread) : VpFilter::kNone);
  filter_.set(core_, thread, Slot::Pool,
              on ? cam_key(state.word2(tima::Ring::Pool)) : VpFilter::kNone);
  filter_.set(core_, thread, Slot::Os, on ? cam_key(state.word2(tima::Ring::Os)) : VpFilter::kNone);
}

void FilterFeed::configure(const tima::StaticInputs& inputs) {
  inputs_ = inputs;
  for (unsigned t = 0; t < params_.threads; ++t) {
    if (phys_valid_[t]) filter_.set(core_, t, VpFilter::Slot::Phys, hw_key(t));
  }
}

void FilterFeed::on_event(const tima::Event& event) {
  if (event.kind == tima::EventKind::Reset) {
    for (unsigned t = 0; t < params_.threads; ++t) {
      update(t, {});
      filter_.set(core_, t, VpFilter::Slot::Pending, VpFilter::kNone);
    }
  } else {
    if (differ(event.before, event.after)) update(event.thread, event.after);
    if (event.kind == tima::EventKind::Mmio) {
      filter_.set(core_, event.thread, VpFilter::Slot::Pending, VpFilter::kNone);
    }
  }
  if (next_ != nullptr) next_->on_event(event);
}

void FilterFeed::on_match(const tima::PresenterRequest& request,
                          const tima::PresenterResponse& response, tima::Cycle cycle) {
  if (next_ != nullptr) next_->on_match(request, response, cycle);
}

void FilterFeed::on_memory(const tima::MemoryRequest& request, tima::Cycle cycle) {
  // The pushed word is visible to MATCH from here on, before the operation commits (tima.md A4).
  if (request.op == tima::MemoryOp::NvtIpbFetchClr ||
      request.op == tima::MemoryOp::NvpIpbFetchClr || request.op == tima::MemoryOp::NvpCheckout) {
    filter_.set(core_, request.thread, VpFilter::Slot::Pending, vp_key(request.blk, request.idx));
  }
  if (next_ != nullptr) next_->on_memory(request, cycle);
}

void FilterFeed::on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) {
  if (next_ != nullptr) next_->on_memory_answer(response, cycle);
}

}  // namespace xive::ic
