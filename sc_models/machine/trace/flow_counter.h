// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "sc_models/machine/machine.h"

namespace xive::machine {

/// Counts what becomes of events on their way, and how fast they go through.
class FlowCounter final : private ic::Observer, private ic::HopObserver {
 public:
  /// Observes `machine`, which is not owned.
  explicit FlowCounter(Machine& machine) : machine_(machine) {
    machine.observe_chips(*this);
    for (unsigned n = 0; n < machine.chips(); ++n) machine.observe_hops(n, *this);
  }

  /// Triggers that a pending source or END swallowed.
  std::uint64_t coalesced_at_source() const { return coalesced_at_source_; }
  std::uint64_t coalesced_at_end() const { return coalesced_at_end_; }
  std::uint64_t backlogged() const { return backlogged_; }
  std::uint64_t escalated() const { return escalated_; }
  /// Deliveries that a TIMA refused, because it had changed since the search.
  std::uint64_t delivery_retries() const { return presented_ - delivered_; }
  /// Entries written to event queues per simulated second, from the first trigger to the last: at
  /// saturation what the machine can do, else what is asked of it.
  double per_second() const {
    if (last_ <= first_) return 0;
    return static_cast<double>(written_until_last_) * 1e12 / static_cast<double>(last_ - first_);
  }

 private:
  void on_trigger(const ic::TriggerEvent&) override {
    first_ = std::min(first_, machine_.stamp());
    last_ = machine_.stamp();
    written_until_last_ = written_;
  }
  void on_pq(const ic::PqEvent& event) override {
    const bool source = event.place == ic::PqPlace::Source || event.place == ic::PqPlace::Unit;
    const bool trigger = event.op == ic::PqOp::Trigger || event.op == ic::PqOp::Assert;
    if (source && trigger && !event.forwarded && event.before != ic::Pq::Off) {
      ++coalesced_at_source_;
    }
  }
  void on_end(const ic::EndEvent& event) override {
    if (event.eq_written) ++written_;
    if (event.next == ic::EndEvent::Next::Coalesced) ++coalesced_at_end_;
  }
  void on_nvt(const ic::NvtEvent& event) override {
    if (!event.fetch) ++backlogged_;
  }
  void on_escalation(const ic::EscalationEvent& event) override {
    if (event.escalated) ++escalated_;
  }
  void on_hop(const ic::HopRecord& hop) override {
    if (hop.hop == ic::Hop::Present) ++presented_;
  }
  void on_present(const ic::PresentEvent& event) override {
    const bool sent = !event.match.format || machine_.config().knobs.user_ring;
    if (event.delivered && sent) ++delivered_;
  }

  Machine& machine_;
  Time first_ = platform::kNever, last_ = 0;
  std::uint64_t written_ = 0, written_until_last_ = 0;
  std::uint64_t coalesced_at_source_ = 0, coalesced_at_end_ = 0;
  std::uint64_t backlogged_ = 0, escalated_ = 0;
  std::uint64_t presented_ = 0, delivered_ = 0;
};

}  // namespace xive::machine
