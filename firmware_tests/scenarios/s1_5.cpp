// SPDX-License-Identifier: Apache-2.0
// S1.5: pending bits from memory and from the saved words together, gated by CPPR.
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

#include <array>

namespace xive::scenarios {
namespace {

constexpr std::array<std::uint8_t, 10> kCpprs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0xff};

void steps(Context& c, Rig& rig, const Rig::Vp& vp, Cpu& cpu) {
  std::uint8_t pending = ipb_bit(6) | ipb_bit(1);
  auto cppr = static_cast<std::uint8_t>(c["cppr"]);
  const auto check = [&](const char* when) {
    cpu.delay(rig.bound());
    const bool due = most_favoured(pending) < cppr;
    c.expect(rig.os_line(0) == due, "{}: line {} with CPPR {:#x} and {:#04x} pending", when,
             rig.os_line(0) ? "high" : "low", cppr, pending);
  };
  cpu.store64(hv(0x10), saved_words(cppr, ipb_bit(6)));
  c.stimulus();
  cpu.store32(hv(0x18), vp.word2());
  check("push");
  for (const std::uint8_t next : std::initializer_list<std::uint8_t>{1, 2, 6, 7, 0xff}) {
    if (next < cppr) continue;
    cpu.store8(os(0x11), next);
    cppr = next;
    check("raised");
  }
  // And down again, below what is presented: it must be taken back.
  for (const std::uint8_t next : std::initializer_list<std::uint8_t>{6, 1, 0}) {
    cpu.store8(os(0x11), next);
    cppr = next;
    check("lowered");
  }
  cpu.store8(os(0x11), cppr = 2);
  check("priority 1 alone");
  std::uint64_t ack = cpu.load16(os(0x810));
  c.expect(ack == 0x8001, "acknowledge {:#06x}, 0x8001 expected", ack);
  pending = ipb_bit(6);
  cppr = 1;
  check("acknowledged");
  for (const std::uint8_t next : std::initializer_list<std::uint8_t>{6, 7}) {
    cpu.store8(os(0x11), next);
    cppr = next;
    check("priority 6 left");
  }
  ack = cpu.load16(os(0x810));
  c.expect(ack == 0x8006, "acknowledge {:#06x}, 0x8006 expected", ack);
  pending = 0;
  cppr = 6;
  check("all acknowledged");
}

/// Every IPB with every CPPR, as saved words and through a CPPR store.
void all_values(Context& c, Rig& rig, Cpu& cpu) {
  c.stimulus();
  std::uint32_t vp = 0x300;
  for (unsigned ipb = 0; ipb < 256; ++ipb) {
    for (const std::uint8_t cppr : kCpprs) {
      // 8 and more are all the same to a CPPR operation, not to a raw store.
      const bool due = most_favoured(static_cast<std::uint8_t>(ipb)) < cppr;
      // Each push invents its pending bits, so each has a VP without a history.
      rig.tables().set_vp(0, ++vp);
      cpu.store64(hv(0x10), saved_words(cppr, static_cast<std::uint8_t>(ipb)));
      cpu.store32(hv(0x18), DirectTables::os_word2(0, vp));
      cpu.delay(2 * rig.bound());
      rig.check();
      c.expect(rig.os_line(0) == due, "push of IPB {:#04x}, CPPR {:#x}: line {}", ipb, cppr,
               rig.os_line(0) ? "high" : "low");
      cpu.store8(os(0x11), 0xff);
      cpu.delay(rig.bound());
      c.expect(rig.os_line(0) == (ipb != 0), "IPB {:#04x}, CPPR 0xff: line {}", ipb,
               rig.os_line(0) ? "high" : "low");
      cpu.store8(os(0x11), cppr);
      cpu.delay(rig.bound());
      c.expect(rig.os_line(0) == due, "IPB {:#04x}, CPPR store {:#x}: line {}", ipb, cppr,
               rig.os_line(0) ? "high" : "low");
      cpu.load32(hv(0x818));
      cpu.delay(rig.bound());
    }
  }
}

void body(Context& c) {
  Rig rig(c);
  rig.bring_up();
  const Rig::Vp vp = rig.make_vp();
  const std::uint32_t source = rig.make_source(vp, 1, 1);
  rig.program(0, [&](Cpu& cpu) {
    if (c["all_values"] != 0) {
      all_values(c, rig, cpu);
      return;
    }
    cpu.store64(rig.trigger_page(0, source), 0);
    while (rig.tables().backlog(vp.blk, vp.idx) == 0) cpu.delay(10 * platform::kNanosecond);
    cpu.delay(platform::kMicrosecond);
    steps(c, rig, vp, cpu);
  });
  rig.run(10 * platform::kMillisecond);
}

}  // namespace

Scenario s1_5() {
  Scenario s;
  s.id = "S1.5";
  s.title = "Both sources of pending bits plus CPPR gating";
  s.reference = "scenarios.md 2 S1.5; tima.md 3.2 to 3.4";
  s.axes = {{"cppr", {0xff, 0, 1, 2, 6, 7}}, {"all_values", {0, 1}}};
  s.valid = [](const Point& p) { return p["all_values"] == 0 || p["cppr"] == 0xff; };
  s.faulty = {{.name = "older-masking",
               .what = "CPPR below the presented priority leaves NSR and the line",
               .caught_by = {"CHK-NSR"},
               .tima_mutants = {10}},
              {.name = "equal-presents",
               .what = "a priority equal to CPPR is presented",
               .caught_by = {"CHK-NSR"},
               .tima_mutants = {64}},
              {.name = "merge-overwrites",
               .what = "the push keeps only the bits from memory",
               .caught_by = {"CHK-CONS"},
               .tima_mutants = {68}},
              {.name = "silent-push",
               .what = "a push re-evaluates only if memory held pending bits",
               .caught_by = {"CHK-LINE-ON"},
               .at = {{"all_values", 1}},
               .tima_mutants = {2}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
