// SPDX-License-Identifier: Apache-2.0
// S1.3: bits that are pending only in the words that software saved must be presented by a push.
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

enum Order { kWordsFirst = 0, kReversed = 1 };

void body(Context& c) {
  MachineConfig config = p9();
  const bool reversed = c["order"] == kReversed;
  // Generation 1 owns an OS ring only if the pool ring is valid too.
  config.knobs.g1_pool_push = reversed;
  Rig rig(c, config);
  rig.bring_up();
  const Rig::Vp vp = rig.make_vp();
  const std::uint32_t source = rig.make_source(vp, 6, 1);
  const auto cppr = static_cast<std::uint8_t>(c["cppr"]);
  const auto nsr = static_cast<std::uint8_t>(c["nsr"]);
  const unsigned second = c["idle_thread"] != 0 ? 1 : 0;
  std::uint64_t w01 = 0;
  bool pulled = false;
  unsigned taken = 0;
  std::uint64_t ack = 0;

  const auto push_again = [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Guest, 0x500, [&](Cpu& g, InterruptFrame& frame) {
      ++taken;
      ack = g.load16(os(0x810));
      if (taken > 5) frame.srr1 &= ~ppc::msr::kEe;
    });
    cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice | ppc::lpcr::kLpes0);
    const std::uint64_t words =
        (w01 & ~0xffff000000000000ULL) | std::uint64_t{nsr} << 56U | std::uint64_t{cppr} << 48U;
    const auto store_words = [&] {
      if (c["split"] != 0) {
        cpu.store32(hv(0x10), static_cast<std::uint32_t>(words >> 32U));
        cpu.store32(hv(0x14), static_cast<std::uint32_t>(words));
      } else {
        cpu.store64(hv(0x10), words);
      }
    };
    if (!reversed) store_words();
    c.stimulus();
    cpu.store32(hv(0x18), vp.word2());
    cpu.delay(2 * rig.bound());
    rig.check();
    if (reversed) {
      // The ring still holds what the pull left in it: CPPR 0xff, IPB 0x02.
      const bool line = rig.os_line(second);
      const std::uint64_t errors = rig.machine().tima_errors().total();
      store_words();
      cpu.delay(rig.bound());
      const std::uint64_t stores = c["split"] != 0 ? 2 : 1;
      c.expect(rig.machine().tima_errors().total() == errors + stores,
               "{} errors for {} raw stores to an owned ring",
               rig.machine().tima_errors().total() - errors, stores);
      c.expect(line && rig.os_line(second), "a raw store to an owned ring moved the line");
      cpu.store8(hv(0x11), cppr);  // evaluates, although the value is the old one
      cpu.delay(2 * rig.bound());
      rig.check();
    }
    const bool due = cppr > 6;
    const auto ring = rig.state(second);
    c.expect(ring.at(Ring::Os, tima::reg::kPipr) == 6, "PIPR {:#x} after the push",
             ring.at(Ring::Os, tima::reg::kPipr));
    c.expect(rig.os_line(second) == due, "the OS line is {}, CPPR is {:#x}",
             rig.os_line(second) ? "high" : "low", cppr);
    cpu.mtmsr(with_ee(kGuestKernel));
    cpu.execute(100);
    c.expect(taken == (due ? 1U : 0U), "{} External interrupts with CPPR {:#x}", taken, cppr);
    if (!due || c.faulty("silent-push-polled")) {
      if (!due) cpu.store8(os(0x11), 0xff);
      cpu.execute(100);
      if (taken == 0) ack = cpu.load16(os(0x810));  // a guest that polls
    }
    c.expect(ack == 0x8006, "acknowledge {:#06x}", ack);
    cpu.execute(100);
    cpu.mtmsr(kHostKernel);
    const auto after = rig.state(second);
    c.expect(after.at(Ring::Os, tima::reg::kIpb) == 0, "IPB {:#x} after the acknowledge",
             after.at(Ring::Os, tima::reg::kIpb));
    c.expect(!rig.os_line(second), "the OS line is high after the acknowledge");
  };

  rig.program(0, [&](Cpu& cpu) {
    cpu.store64(hv(0x10), saved_words(0xff));
    cpu.store32(hv(0x18), vp.word2());
    cpu.store64(rig.trigger_page(0, source), 0);
    while (!rig.os_line(0)) cpu.delay(10 * platform::kNanosecond);
    cpu.load32(hv(0x818));
    w01 = cpu.load64(hv(0x10));
    pulled = true;
    if (second == 0) push_again(cpu);
  });
  if (second != 0) {
    rig.program(second, [&](Cpu& cpu) {
      while (!pulled) cpu.delay(10 * platform::kNanosecond);
      push_again(cpu);
    });
  }
  rig.run(200 * platform::kMicrosecond);
}

}  // namespace

Scenario s1_3() {
  Scenario s;
  s.id = "S1.3";
  s.title = "Re-push with pending bits only in the saved words";
  s.reference = "scenarios.md 2 S1.3; tima.md 5.2";
  s.axes = {{"cppr", {0xff, 0, 5, 6, 7}},
            {"nsr", {0x80, 0}},
            {"order", {kWordsFirst, kReversed}},
            {"split", {0, 1}},
            {"idle_thread", {0, 1}}};
  // Words that come late to a thread that has run nothing would be lost until then.
  s.valid = [](const Point& p) { return p["order"] == kWordsFirst || p["idle_thread"] == 0; };
  s.faulty = {{.name = "silent-push",
               .what = "a push re-evaluates only if memory held pending bits",
               .caught_by = {"CHK-LINE-ON"},
               .at = {{"idle_thread", 1}},
               .tima_mutants = {2}},
              {.name = "silent-push-same",
               .what = "the same on the thread where the context ran before",
               .caught_by = {"CHK-LINE-ON"},
               .tima_mutants = {2}},
              {.name = "silent-push-polled",
               .what = "the same, and the guest polls: NSR lies",
               .caught_by = {"CHK-LINE-ON", "CHK-NSR"},
               .at = {{"idle_thread", 1}},
               .tima_mutants = {2}},
              {.name = "same-cppr-ignored",
               .what = "a CPPR store of the value that is there does not evaluate",
               .caught_by = {"CHK-NSR"},
               .at = {{"order", kReversed}, {"cppr", 6}},
               .tima_mutants = {86}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
