// SPDX-License-Identifier: Apache-2.0
// S3.5: a thread is stopped by direct control, looked at, and started again.
#include "firmware_tests/scenarios/direct_control.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

#include <vector>

namespace xive::scenarios {
namespace {

enum State { kHost = 0, kAsleep = 1, kGuest = 2 };
constexpr unsigned kTarget = 4;  // thread 0 of the other core

void body(Context& c) {
  MachineConfig config = p9();
  config.thread.faults.flag_after_pause = c.faulty("flag-late") || c.faulty("flag-late-guest");
  config.thread.faults.no_recompute = c.faulty("not-recomputed");
  Rig rig(c, config);
  DirectControl control(rig);
  ppc::HardwareThread& target = rig.machine().hardware_thread(kTarget);
  std::vector<ppc::Cause> taken;
  std::uint64_t counter = 0;
  bool over = false;
  const auto state = static_cast<State>(c["state"]);

  rig.program(kTarget, [&](Cpu& cpu) {
    for (const unsigned vector : {0xea0, 0xe80, 0x900}) {
      for (const VectorSpace space : {VectorSpace::Host, VectorSpace::Guest}) {
        cpu.set_handler(space, vector, [&](Cpu& h, InterruptFrame& frame) {
          taken.push_back(*frame.cause);
          if (frame.vector == 0xea0) h.thread().set_hypervisor_virtualization(false);
          if (frame.vector == 0x900) h.mtspr(ppc::spr::kDec, 0x7fffffff);
        });
      }
    }
    cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice | ppc::lpcr::kLpes0);
    while (!over) {
      ++counter;
      if (state == kAsleep) {
        // EC=0: any cause ends it, and is then taken.
        cpu.set_ee(false);
        cpu.stop();
        cpu.set_ee(true);
        continue;
      }
      cpu.mtmsr(with_ee(state == kGuest ? kGuestKernel : kHostKernel));
      cpu.execute(5);
    }
    cpu.mtmsr(kHostKernel);
  });
  rig.program(0, [&](Cpu& cpu) {
    cpu.delay(platform::kMicrosecond);
    c.stimulus();
    const bool at_start = c["around_start"] != 0;
    // How long the control store takes to reach the core.
    const Time way = config.hops[machine::HopId::Xscom].latency;
    for (int d = -20; d <= 20; ++d) {
      taken.clear();
      const auto offset = [&](Time base) {
        return static_cast<Time>(static_cast<std::int64_t>(base) +
                                 d * static_cast<std::int64_t>(rig.cycle()));
      };
      const auto raise = [&] {
        target.set_hypervisor_virtualization(true);
        target.set_doorbell(ppc::Cause::HypervisorDoorbell, true);
      };
      // The read of the status comes first, then the store acts at once.
      if (!at_start) rig.at(offset(cpu.now() + way + rig.cycle()), raise);
      const std::int64_t stopped = control.stop(cpu, kTarget);
      c.expect(stopped == 0, "stop gave {}", stopped);
      c.expect(control.stop(cpu, kTarget) == DirectControl::kBusy, "a second stop is not busy");
      const std::uint64_t count = counter, retired = target.retired();
      const std::size_t already = taken.size();
      cpu.delay(5 * platform::kMicrosecond);
      c.expect(counter == count && target.retired() == retired && taken.size() == already,
               "{} cycles: the stopped thread did something", d);
      if (at_start) rig.at(offset(cpu.now() + way + rig.cycle()), raise);
      c.expect(control.start(cpu, kTarget) == 0, "start failed");
      c.expect(control.start(cpu, kTarget) == DirectControl::kBusy, "a second start is not busy");
      cpu.delay(5 * platform::kMicrosecond);
      c.expect(!control.quiesced(cpu, kTarget), "still quiesced");
      c.expect(taken.size() == 2, "{} cycles: {} of 2 interrupts taken", d, taken.size());
      c.expect(taken.size() != 2 || taken[0] == ppc::Cause::HypervisorVirtualization,
               "{} cycles: {} was taken first", d, ppc::info(taken[0]).name);
    }
    over = true;
    target.set_doorbell(ppc::Cause::HypervisorDoorbell, true);
  });
  rig.run(100 * platform::kMillisecond);
}

}  // namespace

Scenario s3_5() {
  Scenario s;
  s.id = "S3.5";
  s.title = "PC direct control: stop, inspect, start";
  s.reference = "scenarios.md 2 S3.5, 5.6";
  s.axes = {{"state", {kHost, kAsleep, kGuest}}, {"around_start", {0, 1}}};
  s.faulty = {{.name = "flag-late",
               .what = "the flag is set after the pause: an interrupt sneaks in",
               .caught_by = {"CHK-QUIESCE"}},
              {.name = "not-recomputed",
               .what = "the request is not recomputed when the flag changes",
               .caught_by = {"CORE-REQ"}},
              {.name = "flag-late-guest",
               .what = "the flag is set late, the thread runs a guest",
               .caught_by = {"CHK-QUIESCE"},
               .at = {{"state", kGuest}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
