// SPDX-License-Identifier: Apache-2.0
// S3.6: sreset and clear-maint end a stop by direct control; the reset comes before all else.
#include "firmware_tests/scenarios/direct_control.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

#include <vector>

namespace xive::scenarios {
namespace {

enum State { kRunning = 0, kAsleepEc1 = 1, kAsleepEc0 = 2 };
constexpr unsigned kTarget = 4;  // thread 0 of the other core

void body(Context& c) {
  MachineConfig config = p9();
  config.thread.faults.sreset_keeps_quiesced = c.faulty("flag-kept");
  config.thread.faults.sreset_last = c.faulty("reset-last");
  Rig rig(c, config);
  rig.rules().context().progress_bound = 50 * platform::kMicrosecond;
  DirectControl control(rig);
  ppc::HardwareThread& target = rig.machine().hardware_thread(kTarget);
  std::vector<std::pair<ppc::Cause, std::uint64_t>> taken;
  bool over = false;
  const State state = static_cast<State>(c["state"]);

  rig.program(kTarget, [&](Cpu& cpu) {
    for (const unsigned vector : {0x100, 0xea0, 0xe80}) {
      cpu.set_handler(VectorSpace::Host, vector, [&](Cpu& h, InterruptFrame& frame) {
        taken.emplace_back(*frame.cause, frame.srr1);
        if (frame.vector == 0xea0) h.thread().set_hypervisor_virtualization(false);
      });
    }
    cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice);
    cpu.mtspr(ppc::spr::kPsscr, state == kAsleepEc1 ? ppc::psscr::kEc : 0);
    while (!over) {
      if (state != kRunning && taken.empty()) {
        cpu.set_ee(false);
        cpu.stop();
      }
      cpu.set_ee(true);
      cpu.execute(20);
    }
  });
  rig.program(0, [&](Cpu& cpu) {
    cpu.delay(platform::kMicrosecond);
    c.expect(control.stop(cpu, kTarget) == 0, "the thread could not be stopped");
    c.stimulus();
    const bool before = c["causes_first"] != 0;
    const auto raise = [&] {
      target.set_hypervisor_virtualization(true);
      target.set_doorbell(ppc::Cause::HypervisorDoorbell, true);
    };
    if (before) raise();
    cpu.delay(platform::kMicrosecond);
    c.expect(taken.empty(), "{} interrupts taken while stopped", taken.size());
    const std::uint64_t retired = target.retired();
    auto& progress = rig.rules().progress();
    progress.begin_wait(1, "the thread after its reset");
    const bool reset = c["clear_maint"] == 0;
    if (reset) {
      control.sreset(cpu, kTarget);
    } else {
      control.clear_maint(cpu, kTarget);
    }
    if (!before) raise();
    const Time end = cpu.now() + 100 * platform::kMicrosecond;
    while ((target.quiesced() || taken.size() < (reset ? 3U : 2U)) && cpu.now() < end) {
      cpu.delay(platform::kMicrosecond);
    }
    progress.end_wait(1);
    c.expect(!target.quiesced(), "the thread is still stopped");
    c.expect(target.retired() > retired, "the thread does not run");
    if (reset && !taken.empty()) {
      c.expect(taken[0].first == ppc::Cause::SystemReset, "{} was taken before the reset",
               ppc::info(taken[0].first).name);
      const std::uint64_t reason = taken[0].second & ppc::srr1::kWakeMask;
      c.expect(reason == (state == kRunning ? 0U : 0x00100000U), "SRR1 has reason {:#x}", reason);
    }
    const std::size_t all = reset ? 3 : 2;
    // A wake with EC=1 is an entry of its own; without EC the cause itself follows.
    c.expect(taken.size() >= all, "{} interrupts taken, {} expected", taken.size(), all);
    over = true;
    target.set_doorbell(ppc::Cause::HypervisorDoorbell, true);
  });
  rig.run(platform::kMillisecond);
}

}  // namespace

Scenario s3_6() {
  Scenario s;
  s.id = "S3.6";
  s.title = "sreset and clear-maint from the quiesced state";
  s.reference = "scenarios.md 2 S3.6, 5.5, 5.6";
  s.axes = {{"clear_maint", {0, 1}},
            {"state", {kRunning, kAsleepEc1, kAsleepEc0}},
            {"causes_first", {1, 0}}};
  // Started again, a thread asleep with EC=1 and no wake bit sleeps on.
  s.valid = [](const Point& p) { return p["clear_maint"] == 0 || p["state"] != kAsleepEc1; };
  s.faulty = {{.name = "flag-kept",
               .what = "sreset does not clear the quiesced flag: the exception is lost",
               .caught_by = {"CHK-PROG"}},
              {.name = "reset-last",
               .what = "other causes are taken before the reset",
               .caught_by = {"SCN-STEP"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
