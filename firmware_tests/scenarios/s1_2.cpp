// SPDX-License-Identifier: Apache-2.0
// S1.2: who notices an OS line that is high in the host: HEIC, PR, EE and LPES0 decide. The table
// of verdicts is tried with a line that is rightly high; then the context is pulled, and nothing
// may come any more.
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

namespace lpcr = ppc::lpcr;

/// scenarios.md 5.4: External with H=1.
bool delivered(bool heic, bool pr, bool ee, bool lpes0) {
  if (heic && !pr) return false;
  return lpes0 ? ee : ee || pr;
}

void body(Context& c) {
  const bool heic = c["heic"] != 0, pr = c["pr"] != 0, ee = c["ee"] != 0, lpes0 = c["lpes0"] != 0;
  MachineConfig config = p9();
  config.thread.knobs.no_heic = c.faulty("no-heic");
  config.thread.knobs.heic_ignores_pr = c.faulty("heic-ignores-pr");
  Rig rig(c, config);
  rig.bring_up();
  const Rig::Vp vp = rig.make_vp();
  const std::uint32_t source = rig.make_source(vp, 6, 1);

  unsigned externals = 0, wakes = 0;
  std::uint64_t wake_reason = 0;
  bool once = true;
  const std::uint64_t state = (pr ? kHostUser : kHostKernel) | (ee ? ppc::msr::kEe : 0);
  const std::uint64_t lpcr_value = lpcr::kHvice | lpcr::kPecedh | (heic ? lpcr::kHeic : 0) |
                                   (lpes0 ? lpcr::kLpes0 : 0) | lpcr::kEee;
  rig.program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu& c0, InterruptFrame& frame) {
      ++externals;
      // With a line that is rightly high nothing is acknowledged: it is the guest's.
      if (!once) c0.load16(hv(0x830));
      if (once || externals > 20) {
        frame.srr1 = kHostKernel;
        c0.thread().set_lpcr(lpcr_value | lpcr::kHeic);
      }
    });
    cpu.set_handler(VectorSpace::Host, 0x100, [&](Cpu&, InterruptFrame& frame) {
      ++wakes;
      wake_reason = frame.srr1 & ppc::srr1::kWakeMask;
    });
    const auto run_in_state = [&](const char* when, bool expected) {
      externals = 0;
      cpu.mtspr(ppc::spr::kLpcr, lpcr_value);
      cpu.mtmsr(state);
      cpu.execute(500);
      cpu.mtmsr(kHostKernel);
      c.expect((externals > 0) == expected, "{}: {} External interrupts, {} expected", when,
               externals, expected ? "one" : "none");
    };
    const auto sleep = [&](const char* when, bool expected) {
      wakes = 0;
      cpu.mtspr(ppc::spr::kLpcr, lpcr_value);
      cpu.mtspr(ppc::spr::kPsscr, ppc::psscr::kEc);
      const Time until = cpu.now() + platform::kMicrosecond;
      rig.at(until, [&] {
        rig.machine().hardware_thread(0).set_doorbell(ppc::Cause::HypervisorDoorbell, true);
      });
      cpu.stop();
      cpu.msgclr(std::uint64_t{5} << 27U);
      const bool external = wake_reason == 0x00200000;
      c.expect(wakes == 1 && external == expected, "{}: woken {} times, reason {:#x}", when, wakes,
               wake_reason);
      cpu.delay(until > cpu.now() ? until - cpu.now() + platform::kMicrosecond : 1);
      cpu.msgclr(std::uint64_t{5} << 27U);
    };

    cpu.store64(hv(0x10), saved_words(0xff));
    cpu.store32(hv(0x18), vp.word2());
    cpu.store64(rig.trigger_page(0, source), 0);
    while (!rig.os_line(0)) cpu.delay(10 * platform::kNanosecond);
    run_in_state("line high", delivered(heic, pr, ee, lpes0));
    // Asleep in hypervisor kernel state.
    sleep("asleep, line high", !heic);

    c.stimulus();
    cpu.load32(hv(0x818));
    cpu.load64(hv(0x10));
    once = false;
    run_in_state("pulled", false);
    sleep("asleep, pulled", false);
    c.expect(!rig.os_line(0), "the OS line is still high");
  });
  rig.run(200 * platform::kMicrosecond);
}

}  // namespace

Scenario s1_2() {
  Scenario s;
  s.id = "S1.2";
  s.title = "Pull with HEIC=1: the shielded and the unshielded half";
  s.reference = "scenarios.md 2 S1.2, 5.4";
  s.axes = {{"heic", {1, 0}}, {"pr", {0, 1}}, {"ee", {1, 0}}, {"lpes0", {0, 1}}};
  s.faulty = {{.name = "line-stays-kernel",
               .what = "the pull leaves the line high; HEIC shields the host kernel",
               .caught_by = {"CHK-LINE-OFF"},
               .tima_mutants = {1},
               .silent = {"CHK-SPUR"}},
              {.name = "line-stays-user",
               .what = "the pull leaves the line high; host user state is not shielded",
               .caught_by = {"CHK-LINE-OFF", "CHK-SPUR"},
               .at = {{"pr", 1}},
               .tima_mutants = {1}},
              {.name = "line-stays-no-ee",
               .what = "the same in user state with EE=0: LPES0=0 delivers all the same",
               .caught_by = {"CHK-LINE-OFF", "CHK-SPUR"},
               .at = {{"pr", 1}, {"ee", 0}},
               .tima_mutants = {1}},
              {.name = "no-heic",
               .what = "HEIC is not implemented: the kernel is not shielded",
               .caught_by = {"SCN-STEP"}},
              {.name = "heic-ignores-pr",
               .what = "HEIC blocks host user state too",
               .caught_by = {"SCN-STEP"},
               .at = {{"pr", 1}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
