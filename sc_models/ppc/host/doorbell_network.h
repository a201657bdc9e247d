// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "sc_models/platform/timing/hop.h"
#include "sc_models/ppc/host/executor.h"
#include "sc_models/ppc/host/memory_order.h"

namespace xive::ppc::host {

/// Doorbell messages pass a hop, then set the latches (scenarios.md 3.2 rule 1).
class DoorbellNetwork final : public MessagePort {
 public:
  DoorbellNetwork(Executor& executor, DoorbellFabric& fabric, platform::Hop& hop)
      : executor_(executor), fabric_(fabric), hop_(hop) {}

  void send(const DoorbellMessage& message, MsgsndForm form, std::uint32_t sender_pir,
            Time time) override {
    ++in_flight_;
    // The sender may be ahead of the others, never behind.
    const Time arrival = hop_.admit(std::max(time, executor_.now()), kMessageBytes);
    executor_.at(arrival, [this, message, form, sender_pir] {
      --in_flight_;
      if (fabric_.deliver(message, form, sender_pir) == 0) ++undeliverable_;
    });
  }
  std::uint64_t in_flight() const { return in_flight_; }
  /// Messages that named a PIR nobody has.
  std::uint64_t undeliverable() const { return undeliverable_; }

 private:
  static constexpr unsigned kMessageBytes = 8;

  Executor& executor_;
  DoorbellFabric& fabric_;
  platform::Hop& hop_;
  std::uint64_t in_flight_ = 0;
  std::uint64_t undeliverable_ = 0;
};

}  // namespace xive::ppc::host
