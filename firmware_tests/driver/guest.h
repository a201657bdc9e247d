// SPDX-License-Identifier: Apache-2.0
/// A native guest as its hypervisor runs it (scenarios.md 6.7 to 6.9): VPs, queues, escalations,
/// entry, exit and cede of vCPUs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "firmware_tests/driver/host_driver.h"

namespace xive::driver {

/// Ways to get it wrong, for faulty variants of scenarios.
enum class GuestFault : std::uint8_t {
  None,
  ArmsTwice,  ///< cede arms the escalation although one has fired and is not handled (S1.10)
  NeverArms,  ///< cede forgets to arm it (S1.10)
};

class Guest {
 public:
  struct Options {
    std::string name = "guest";
    unsigned vcpus = 1;
    unsigned chip = 0;  ///< block that the VPs are taken from
    bool single_escalation = true;
    std::uint32_t escalation_lirq = 0x1000;  ///< of vCPU 0, priority 0; 8 for each vCPU
    GuestFault fault = GuestFault::None;
  };
  struct Queue {
    std::uint64_t page = 0;
    unsigned order = 0;  ///< 0: not in use
    std::uint64_t flags = 0;
  };
  struct Vcpu {
    std::uint64_t vp = 0;
    std::uint32_t cam = 0;    ///< word to push; 0: removed
    std::uint64_t saved = 0;  ///< words 0 and 1 of the OS ring while not on a thread
    std::array<Queue, 8> queues{};
    Irq* escalation = nullptr;  ///< single escalation: one for all queues
    bool pushed = false;
    bool ceded = false;
    bool irq_pending = false;
    bool esc_on = false;  ///< the escalation is armed, or fired and not yet handled
    std::uint64_t entries = 0, kicks = 0;
  };
  struct Source {
    Irq irq{};
    unsigned vcpu = 0;
    unsigned prio = 6;
    std::uint32_t eisn = 0;
    bool routed = false;
  };

  /// Words 0 and 1 of a vCPU that has never run: CPPR 0, acknowledge byte all ones.
  static constexpr std::uint64_t kFreshContext = 0x00000000ff000000;

  Guest(HostDriver& host, const Options& options) : host_(host), options_(options) {}

  const Options& options() const { return options_; }
  std::vector<Vcpu>& vcpus() { return vcpus_; }
  Vcpu& vcpu(unsigned n) { return vcpus_.at(n); }
  std::vector<std::unique_ptr<Source>>& sources() { return sources_; }
  std::uint64_t block() const { return block_; }

  /// VPs of all vCPUs, enabled.
  void create(Cpu& cpu);
  /// Queue of (vCPU n, prio) of 2^order bytes at `page`, zeroed by the guest; its escalation
  /// becomes an interrupt of the host on the calling thread.
  void set_queue(Cpu& cpu, unsigned n, unsigned prio, std::uint64_t page, unsigned order,
                 std::uint64_t flags = kQueueFlags);
  /// A source of the guest: an allocated number, routed and armed.
  Source& add_source(Cpu& cpu, unsigned vcpu, unsigned prio, std::uint32_t eisn,
                     std::uint64_t chip = opal::kAnyChip);
  /// Same for a number that exists (migration, pass-through); nothing is armed.
  Source& attach_source(Cpu& cpu, std::uint32_t number, unsigned vcpu, unsigned prio,
                        std::uint32_t eisn);
  void route(Cpu& cpu, Source& source);
  void unroute(Cpu& cpu, Source& source);

  void enter(Cpu& cpu, unsigned n);
  void exit(Cpu& cpu, unsigned n);
  /// The guest has nothing to do. False: an event is there, run it again.
  bool cede(Cpu& cpu, unsigned n);
  /// Priority `prio` becomes pending in the OS ring of the calling thread, by software (used after
  /// a change of CPPR when entries were left in a queue).
  void set_pending(Cpu& cpu, unsigned prio) const {
    cpu.store8(host_.options().tima + 0x20812, static_cast<std::uint8_t>(prio));
  }
  /// Called when the escalation of a ceded vCPU came in: bring it onto a thread.
  std::function<void(Cpu&, unsigned vcpu)> on_kick;

  /// Sources away, escalations freed, VPs disabled, block freed. False: an escalation stays active.
  bool destroy(Cpu& cpu);

  static constexpr std::uint64_t kQueueFlags =
      opal::queue_flag::kEnabled | opal::queue_flag::kAlwaysNotify | opal::queue_flag::kEscalate;

 private:
  void escalated(Cpu& cpu, unsigned n);
  std::uint64_t os_ring() const { return host_.options().tima + 0x10010; }

  HostDriver& host_;
  Options options_;
  std::uint64_t block_ = 0;
  std::vector<Vcpu> vcpus_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::uint32_t> owned_;  ///< numbers allocated here
};

}  // namespace xive::driver
