// SPDX-License-Identifier: Apache-2.0
/// An interrupt of a device changes hands between the host and a guest while the device goes on
/// (scenarios.md S5.8).
#pragma once

#include "firmware_tests/driver/guest.h"

namespace xive::driver {

/// Ways to get it wrong.
enum class PassthroughFault : std::uint8_t {
  None,
  NoSync,      ///< the target changes while an event is on its way to the old one
  SentAtOnce,  ///< the guest gets an event while its entry is still in a host queue
  NotSentOn,   ///< the entry in a host queue is forgotten
};

/// One interrupt that is mapped and started in the host.
class Passthrough {
 public:
  Passthrough(HostDriver& host, Guest& guest, Irq& irq,
              PassthroughFault fault = PassthroughFault::None)
      : host_(host), guest_(guest), irq_(irq), fault_(fault) {}

  /// Step (2): events go to (vCPU, prio) as `eisn` from now on. An entry that is still in a host
  /// queue is sent on when the host has popped it.
  void to_guest(Cpu& cpu, unsigned vcpu, unsigned prio, std::uint32_t eisn);
  /// Step (4): back to the host's target. An entry that the guest still has is its own to handle.
  void to_host(Cpu& cpu);
  /// End of interrupt of the guest for this source.
  void guest_eoi(Cpu& cpu);

  bool in_guest() const { return irq_.in_guest; }
  /// The host waits for the end of interrupt of an entry in one of its queues.
  bool host_waits() const { return irq_.saved_p; }
  /// The guest owes an end of interrupt after the interrupt went back.
  bool guest_owes() const { return guest_p_; }

 private:
  class Ownership;

  HostDriver& host_;
  Guest& guest_;
  Irq& irq_;
  PassthroughFault fault_;
  bool guest_p_ = false;
};

}  // namespace xive::driver
