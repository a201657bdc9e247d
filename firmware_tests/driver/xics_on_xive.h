// SPDX-License-Identifier: Apache-2.0
/// The older interrupt presenter for a guest, made by its hypervisor out of the native one: CPPR,
/// MFRR and XIRR of each virtual processor (scenarios.md S6.3, 4.2).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "firmware_tests/driver/event_queue.h"
#include "firmware_tests/driver/guest.h"

namespace xive::driver {

/// Ways to get it wrong.
enum class XicsFault : std::uint8_t {
  None,
  NoSenderBarrier,  ///< H_IPI reads CPPR before its MFRR store is visible
  NoTargetBarrier,  ///< H_CPPR and H_EOI read MFRR before their CPPR store is visible
};

/// CPPR and MFRR lie in memory, where sender and target race for them; what only the thread that
/// runs the vCPU uses is here. Priorities: the own IPI source of a vCPU uses 0, which every CPPR
/// but 0 lets in; devices use 1 to 6.
class XicsOnXive {
 public:
  static constexpr std::uint32_t kIpi = 2;  ///< source number of an IPI
  static constexpr unsigned kIpiPrio = 0;

  struct Options {
    std::uint64_t cells = 0x00400000;   ///< 256 bytes for each vCPU
    std::uint64_t queues = 0x06000000;  ///< one page of 2^queue_order for each vCPU and priority
    unsigned queue_order = 12;
    XicsFault fault = XicsFault::None;
  };
  XicsOnXive(HostDriver& host, Guest& guest, const Options& options)
      : host_(host), guest_(guest), options_(options) {}

  /// Queues and IPI source of every vCPU; CPPR 0, MFRR 0xff. `device_prio` gets a queue too.
  void create(Cpu& cpu, unsigned device_prio);

  // --- hypercalls: `vcpu` is the caller, which runs on `cpu` ---
  /// Any thread of the hypervisor may make this one.
  void h_ipi(Cpu& cpu, unsigned server, std::uint8_t mfrr);
  void h_cppr(Cpu& cpu, unsigned vcpu, std::uint8_t cppr);
  /// Old CPPR in the top byte, source below; 0: nothing.
  std::uint32_t h_xirr(Cpu& cpu, unsigned vcpu);
  /// `eoi` ends the interrupt of a device source.
  void h_eoi(Cpu& cpu, unsigned vcpu, std::uint32_t xirr,
             const std::function<void(std::uint32_t source)>& eoi = {});

  std::uint64_t cppr_cell(unsigned vcpu) const { return options_.cells + 256ULL * vcpu; }
  std::uint64_t mfrr_cell(unsigned vcpu) const { return cppr_cell(vcpu) + 128; }
  const Irq& ipi(unsigned vcpu) const { return vcpus_.at(vcpu).ipi->irq; }
  std::uint8_t pending(unsigned vcpu) const { return vcpus_.at(vcpu).pending; }

  /// Called before each access that another thread can see: the place to let another one run.
  std::function<void(Cpu&)> before_shared;

 private:
  struct Vcpu {
    Guest::Source* ipi = nullptr;
    std::array<EventQueue, 8> queues{};
    std::uint8_t pending = 0;      ///< priorities with something in their queue
    std::uint8_t hardware = 0xff;  ///< CPPR that the ring has
  };
  void shared(Cpu& cpu) const {
    if (before_shared) before_shared(cpu);
  }
  void set_cppr(Cpu& cpu, unsigned vcpu, std::uint8_t cppr);
  void set_hardware_cppr(Cpu& cpu, Vcpu& self, std::uint8_t cppr);
  void rearm(Cpu& cpu, unsigned vcpu);

  HostDriver& host_;
  Guest& guest_;
  Options options_;
  std::vector<Vcpu> vcpus_;
};

}  // namespace xive::driver
