// SPDX-License-Identifier: Apache-2.0
/// Firmware that stops and starts other threads through the direct controls of their core, with
/// XSCOM accesses (scenarios.md S3.5).
#pragma once

#include <cstdint>

#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/rules/chk_stop.h"
#include "sc_models/platform/xscom.h"
#include "sc_models/ppc/direct_controls.h"

namespace xive::scenarios {

class DirectControl {
 public:
  static constexpr std::int64_t kSuccess = 0, kBusy = -2, kTimeout = -22;

  explicit DirectControl(Rig& rig) : rig_(rig), stops_(rig.rules().context()) {
    rig.machine().observe_threads(stops_);
  }
  ChkStop& stops() { return stops_; }

  bool quiesced(Cpu& cpu, unsigned thread) {
    const std::uint64_t value = read(cpu, thread, registers().ras_status);
    const std::uint64_t both = bit(thread, 0) | bit(thread, 1);
    return (value & both) == both;
  }
  /// kBusy: it is stopped already.
  std::int64_t stop(Cpu& cpu, unsigned thread) {
    if (quiesced(cpu, thread)) return kBusy;
    write(cpu, thread, bit(thread, 7));
    const Time end = cpu.now() + 100 * platform::kMillisecond;
    while (!quiesced(cpu, thread)) {
      if (cpu.now() >= end) return kTimeout;
      cpu.delay(100 * platform::kMicrosecond);
    }
    stops_.stopped(rig_.machine().hardware_thread(thread));
    return kSuccess;
  }
  /// kBusy: it is not stopped.
  std::int64_t start(Cpu& cpu, unsigned thread) {
    if (!quiesced(cpu, thread)) return kBusy;
    control(cpu, thread, 6);
    return kSuccess;
  }
  void sreset(Cpu& cpu, unsigned thread) { control(cpu, thread, 4); }
  void clear_maint(Cpu& cpu, unsigned thread) { control(cpu, thread, 3); }

 private:
  static ppc::DirectControls::Registers registers() {
    return ppc::DirectControls::registers(ppc::CoreGeneration::P9);
  }
  /// Bit `n` of the byte of a thread.
  std::uint64_t bit(unsigned thread, unsigned n) {
    return ppc::ibm_bit(8 * (thread % rig_.machine().config().threads) + n);
  }
  void control(Cpu& cpu, unsigned thread, unsigned n) {
    stops_.started(rig_.machine().hardware_thread(thread));
    write(cpu, thread, bit(thread, n));
  }
  std::uint64_t address(unsigned thread, std::uint32_t offset) {
    Machine& machine = rig_.machine();
    const unsigned core = machine.core_of_thread(thread);
    const unsigned chip = machine.chip_of_core(core);
    const std::uint32_t pcb =
        ppc::DirectControls::base(ppc::CoreGeneration::P9, core % machine.config().cores) + offset;
    return machine.chip_address(chip, platform::XscomWindow::kP9Base) + 8ULL * pcb;
  }
  std::uint64_t read(Cpu& cpu, unsigned thread, std::uint32_t offset) {
    return cpu.load64(address(thread, offset));
  }
  void write(Cpu& cpu, unsigned thread, std::uint64_t value) {
    cpu.store64(address(thread, registers().direct_controls), value);
  }

  Rig& rig_;
  ChkStop stops_;
};

}  // namespace xive::scenarios
