// SPDX-License-Identifier: Apache-2.0
// S3.3: query-cpu-stopped-state tells a processor that sleeps from one that is stopped.
#include "firmware_tests/scenarios/rtas_cpus.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

constexpr std::uint64_t kEntry = 0x9000, kStack = 0x05000000, kCanary = 0xc0ffee;

void body(Context& c) {
  Rig rig(c);
  RtasCpus rtas(rig, c.faulty("from-halted") ? RtasFault::QueryFromHalted
                     : c.faulty("too-early") ? RtasFault::QueryTooEarly
                                             : RtasFault::None);
  const unsigned poll = c.number("poll");
  bool freed = false, over = false;
  unsigned rounds = 0, stopped_seen = 0;
  unsigned asked[3] = {};

  const auto cede = [&](Cpu& cpu) {
    // What the stack held before must be there afterwards: nobody may take the memory of a
    // processor that only sleeps.
    cpu.store64(kStack, kCanary);
    cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice | ppc::lpcr::kPecedh);
    cpu.mtspr(ppc::spr::kPsscr, ppc::psscr::kEc);
    rig.at(rig.now() + 400 * rig.cycle(), [&] {
      rig.machine().hardware_thread(1).set_doorbell(ppc::Cause::HypervisorDoorbell, true);
    });
    cpu.stop();
    cpu.msgclr(ppc::kDoorbellTypeField);
    const std::uint64_t stack = cpu.load64(kStack);
    c.expect(stack == kCanary, "the stack of a ceded processor holds {:#x}", stack);
  };
  const auto work = [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x100, [](Cpu&, InterruptFrame&) {});
    cede(cpu);
    rtas.stop_self(cpu, 1);
  };
  rig.machine().set_program(1, work);
  // start-cpu leaves hypervisor state; the processors of this machine sleep in it.
  rig.machine().programs()[kEntry] = [&](Cpu& cpu) {
    cpu.mtmsr(kHostKernel);
    if (++rounds < 4) work(cpu);
  };
  rig.program(0, [&](Cpu& cpu) {
    c.stimulus();
    while (!over) {
      const std::int64_t state = rtas.query(cpu, 1);
      ++asked[state];
      if (state == ChkRtas::kStopped) {
        if (!freed) cpu.store64(kStack, 0);  // the caller gives the stack to somebody else
        freed = true;
        ++stopped_seen;
        if (stopped_seen % 50 == 0) {
          freed = false;
          over = rounds == 3;
          if (!over) rtas.start(cpu, 1, kEntry, 0);
        }
      }
      cpu.execute(poll);
    }
    c.expect(asked[0] > 0 && asked[1] > 0 && asked[2] > 0, "states seen: {} {} {}", asked[0],
             asked[1], asked[2]);
  });
  rig.run(platform::kMillisecond);
}

}  // namespace

Scenario s3_3() {
  Scenario s;
  s.id = "S3.3";
  s.title = "query-cpu-stopped-state tells ceded from stopped";
  s.reference = "scenarios.md 2 S3.3, 4.3";
  s.axes = {{"poll", {1, 2, 3, 5, 7, 11}}};
  s.faulty = {{.name = "from-halted",
               .what = "the answer is taken from \"halted\": a ceded processor counts as stopped",
               .caught_by = {"CHK-RC", "SCN-STEP"}},
              {.name = "too-early",
               .what = "stopped is reported before the flag is set",
               .caught_by = {"CHK-RC"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
