// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/scenarios/firmware_rig.h"

namespace xive::scenarios {

using platform::kMicrosecond;
using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;

FirmwareRig::FirmwareRig(Rig& rig, const Options& options)
    : rig_(rig),
      firmware_(firmware_config(options)),
      opal_(firmware_),
      host_(opal_, host_options(options)),
      watch_(rig.machine(), firmware_, rig.context().book()),
      free_(rig.rules().context()),
      bodies_(rig.machine().threads()) {
  free_.watch(rig.machine(), host_);
}

opal::Config FirmwareRig::firmware_config(const Options& options) const {
  opal::Config config = opal::config_for(rig_.machine());
  config.irq_order = options.irq_order;
  config.allocatable_irqs = options.allocatable_irqs;
  config.absent = options.absent;
  config.fault = options.firmware_fault;
  return config;
}

driver::HostDriver::Options FirmwareRig::host_options(const Options& options) {
  driver::HostDriver::Options host;
  host.queue_order = options.queue_order;
  host.fault = options.driver_fault;
  return host;
}

void FirmwareRig::serve(Cpu& cpu) {
  cpu.set_handler(VectorSpace::Host, 0xea0, [this](Cpu& c, InterruptFrame&) { host_.receive(c); });
  cpu.set_handler(VectorSpace::Host, 0x500, [this](Cpu& c, InterruptFrame& frame) {
    if (external_) {
      external_(c, frame);
    } else {
      c.load16(host_.options().tima + 0x20810);
    }
  });
  host_.finish_cpu(cpu);
  cpu.set_ee(true);
  ++serving_;
}

void FirmwareRig::start(Cpu& cpu) {
  const Machine& machine = rig_.machine();
  firmware_.boot(cpu);
  stage_ = 1;
  while (called_in_ + 1 < machine.threads()) cpu.delay(kMicrosecond);
  std::vector<std::uint32_t> pirs;
  for (unsigned n = 0; n < machine.threads(); ++n) pirs.push_back(machine.pir(n));
  host_.start(cpu, pirs);
  for (const std::uint32_t pir : pirs) host_.prepare_cpu(cpu, pir);
  stage_ = 2;
  serve(cpu);
  while (serving_ < machine.threads()) cpu.delay(kMicrosecond);
  if (main_) main_(cpu);
  stage_ = 3;
}

void FirmwareRig::secondary(unsigned thread, Cpu& cpu) {
  while (stage_ < 1) cpu.delay(kMicrosecond);
  firmware_.callin(cpu);
  ++called_in_;
  while (stage_ < 2) cpu.delay(kMicrosecond);
  serve(cpu);
  if (bodies_[thread]) bodies_[thread](cpu);
  while (stage_ < 3) cpu.delay(5 * kMicrosecond);
}

void FirmwareRig::run(Time limit) {
  rig_.program(0, [this](Cpu& cpu) { start(cpu); });
  for (unsigned n = 1; n < rig_.machine().threads(); ++n) {
    rig_.program(n, [this, n](Cpu& cpu) { secondary(n, cpu); });
  }
  rig_.run(limit);
}

}  // namespace xive::scenarios
