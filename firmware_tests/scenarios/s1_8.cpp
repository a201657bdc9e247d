// SPDX-License-Identifier: Apache-2.0
// S1.8: a virtual processor moves from thread to thread while interrupts come for it.
#include "firmware_tests/scenarios/guest_load.h"
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

enum Reach { kSameCore = 0, kOtherCore = 1, kOtherChip = 2, kAnywhere = 3 };
constexpr unsigned kMoves = 100;

void body(Context& c) {
  MachineConfig config = p9();
  if (c["reach"] == kOtherChip) {
    config.chips = 2;
    config.cores = 1;
  }
  Rig rig(c, config);
  rig.bring_up();
  GuestLoad guest(rig, {2, 6, 4, 1});
  Random random = c.random();
  const Time period = c.number("period") * rig.cycle();
  const Time gap = c.number("gap") * rig.cycle();
  const unsigned count = rig.machine().threads();

  unsigned where = 0, moves = 0;
  bool over = false;
  unsigned host_externals = 0;
  const auto next_thread = [&]() -> unsigned {
    const auto next = static_cast<unsigned>(random.below(4));
    switch (c["reach"]) {
      case kSameCore:
        return next;
      case kAnywhere:
        return static_cast<unsigned>(random.below(count));
      default:
        return where < 4 ? 4 + next : next;
    }
  };
  std::function<void()> device = [&] {
    if (moves >= kMoves) return;
    guest.trigger(random.below(guest.sources()));
    rig.at(rig.now() + 1 + random.below(2 * gap), device);
  };
  rig.at(0, device);
  for (unsigned t = 0; t < count; ++t) {
    rig.program(t, [&, t](Cpu& cpu) {
      cpu.set_handler(VectorSpace::Guest, 0x500, [&](Cpu& g, InterruptFrame&) { guest.serve(g); });
      cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu& h, InterruptFrame& frame) {
        h.load16(hv(0x830));
        if (++host_externals > 20) frame.srr1 &= ~ppc::msr::kEe;
      });
      cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice | ppc::lpcr::kLpes0);
      cpu.mtmsr(with_ee(kHostKernel));
      while (!over) {
        if (where != t) {
          cpu.delay(100 * rig.cycle());
          continue;
        }
        cpu.mtmsr(kHostKernel);
        if (moves == 1) c.stimulus();
        guest.push(cpu);
        // Some stays are too short for the handler: the bits move with the words.
        if (moves >= kMoves || random.chance(50)) {
          cpu.mtmsr(with_ee(kGuestKernel));
          cpu.delay(period);
          if (moves >= kMoves) {
            const Time end = cpu.now() + 100 * platform::kMicrosecond;
            while (guest.sent() != guest.done() && cpu.now() < end) cpu.delay(period);
          }
          cpu.mtmsr(kHostKernel);
        } else {
          cpu.delay(period);
        }
        guest.pull(cpu);
        over = ++moves > kMoves;
        where = next_thread();
        cpu.delay(2 * rig.bound());
        rig.check();
        cpu.mtmsr(with_ee(kHostKernel));
        cpu.delay(rig.bound());
      }
      cpu.mtmsr(kHostKernel);
    });
  }
  rig.run(platform::kMillisecond);
  c.expect(guest.sent() > 0 && guest.sent() == guest.done(), "{} triggers, {} completions",
           guest.sent(), guest.done());
  c.expect(host_externals == 0, "{} External interrupts in the host", host_externals);
}

}  // namespace

Scenario s1_8() {
  Scenario s;
  s.id = "S1.8";
  s.title = "vCPU moves to another thread";
  s.reference = "scenarios.md 2 S1.8; tima.md 3.9";
  s.axes = {{"reach", {kAnywhere, kSameCore, kOtherCore, kOtherChip}},
            {"period", {500, 50, 5000}},
            {"gap", {4000, 2500, 20000}}};
  s.faulty = {{.name = "line-stays",
               .what = "the pull does not lower the line: the old thread hears it",
               .caught_by = {"CHK-LINE-OFF", "CHK-SPUR"},
               .tima_mutants = {1}},
              {.name = "silent-push",
               .what = "the push presents nothing: silence on the new thread",
               .caught_by = {"CHK-LINE-ON"},
               .tima_mutants = {2}},
              {.name = "both",
               .what = "one core keeps the line, the other is silent after a push",
               .caught_by = {"CHK-LINE-OFF", "CHK-LINE-ON"},
               .at = {{"reach", kOtherCore}},
               .tima_mutants = {1, 2}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
