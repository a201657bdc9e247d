// SPDX-License-Identifier: Apache-2.0
/// A rig whose machine boots the OPAL-style firmware with the Linux-like driver on top.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "firmware_tests/driver/guest.h"
#include "firmware_tests/driver/host_driver.h"
#include "firmware_tests/opal/machine_config.h"
#include "firmware_tests/opal/machine_watch.h"
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/rules/chk_free.h"

namespace xive::scenarios {

class FirmwareRig {
 public:
  struct Options {
    opal::Fault firmware_fault = opal::Fault::None;
    driver::DriverFault driver_fault = driver::DriverFault::None;
    unsigned irq_order = 12;
    std::uint32_t allocatable_irqs = 0;    ///< per chip; 0: all
    std::vector<opal::Token> absent = {};  ///< calls that the firmware does not have
    unsigned queue_order = 12;             ///< of the host queues
  };
  /// `rig` is not owned and has not run; no thread has a program yet.
  FirmwareRig(Rig& rig, const Options& options);

  opal::Firmware& firmware() { return firmware_; }
  driver::OpalClient& opal() { return opal_; }
  driver::HostDriver& host() { return host_; }
  Rig& rig() { return rig_; }
  ChkFree& free_rule() { return free_; }

  /// What thread 0 does once every thread is in service. Its end is the end of the scenario.
  void main(std::function<void(Cpu&)> body) { main_ = std::move(body); }
  /// What another thread does, interrupts enabled, before it only serves interrupts.
  void on_thread(unsigned thread, std::function<void(Cpu&)> body) {
    bodies_.at(thread) = std::move(body);
  }
  /// Handler of External (0x500) in the host; without one it acknowledges the OS ring.
  void on_external(ppc::host::Cpu::Handler handler) { external_ = std::move(handler); }
  /// The main program has come to its end.
  bool done() const { return stage_ >= 3; }
  void run(Time limit);

 private:
  opal::Config firmware_config(const Options& options) const;
  static driver::HostDriver::Options host_options(const Options& options);
  void serve(Cpu& cpu);
  void start(Cpu& cpu);
  void secondary(unsigned thread, Cpu& cpu);

  Rig& rig_;
  opal::Firmware firmware_;
  driver::OpalClient opal_;
  driver::HostDriver host_;
  opal::MachineWatch watch_;
  ChkFree free_;
  std::function<void(Cpu&)> main_;
  std::vector<std::function<void(Cpu&)>> bodies_;
  ppc::host::Cpu::Handler external_;
  unsigned stage_ = 0;  ///< 1 booted, 2 in service, 3 done
  unsigned called_in_ = 0, serving_ = 0;
};

}  // namespace xive::scenarios
