// SPDX-License-Identifier: Apache-2.0
// S1.4: what comes for a virtual processor that runs nowhere waits in memory and is merged at the
// next push.
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

void body(Context& c) {
  Rig rig(c);
  rig.rules().conservation().require_records(true);
  rig.bring_up();
  if (c.faulty("memory-not-cleared")) {
    rig.machine().chip(0).set_defect(ic::Defect::B24PushKeepsBacklog);
  }
  const Rig::Vp vp = rig.make_vp();
  DirectTables& tables = rig.tables();
  if (c.faulty("no-backlog")) {
    namespace w0 = ic::gen1::end_w0;
    for (unsigned prio = 0; prio < 7; ++prio) {
      tables.set_end(vp.blk, vp.end(prio),
                     {.flags = w0::kValid | w0::kEnqueue | w0::kUcondNotify,
                      .qsize = 4,
                      .queue = vp.queue(prio),
                      .vp_blk = vp.blk,
                      .vp = vp.idx,
                      .prio = prio});
    }
  }
  const std::uint32_t first = rig.make_source(vp, 4, 1), second = rig.make_source(vp, 4, 2),
                      third = rig.make_source(vp, 1, 3);
  const auto saved = static_cast<std::uint8_t>(c["saved_ipb"]);
  const auto push_at = c["push_after"];  // number of triggers before the push
  bool first_pushed = false, over = false;

  rig.program(1, [&](Cpu& cpu) {
    const Time settle = 2 * platform::kMicrosecond;
    const auto trigger = [&](std::uint32_t source) {
      cpu.store64(rig.trigger_page(0, source), 0);
      cpu.delay(settle);
    };
    const auto entries = [&](unsigned prio) {
      unsigned count = 0;
      while (count < 8 && cpu.load32(vp.queue(prio) + 4ULL * count) != 0) ++count;
      return count;
    };
    const auto push = [&] {
      cpu.store64(hv(0x10), saved_words(0xff, saved));
      c.stimulus();
      cpu.store32(hv(0x18), vp.word2());
      cpu.delay(rig.bound());
      first_pushed = true;
    };
    std::uint8_t backlog = 0;
    const auto step = [&](unsigned number, std::uint32_t source, std::uint8_t bit) {
      if (push_at == number) push();
      trigger(source);
      if (!first_pushed) backlog |= bit;
      c.expect(tables.backlog(vp.blk, vp.idx) == backlog, "memory holds {:#04x}, {:#04x} expected",
               tables.backlog(vp.blk, vp.idx), backlog);
      if (first_pushed) backlog = 0;
    };
    step(0, first, ipb_bit(4));
    c.expect(entries(4) == 1, "{} entries of priority 4 after one trigger", entries(4));
    if (push_at == 1) backlog = 0;
    step(1, second, ipb_bit(4));
    if (push_at == 2) backlog = 0;
    step(2, third, ipb_bit(1));
    c.expect(entries(4) == 2 && entries(1) == 1, "{} and {} entries of priorities 4 and 1",
             entries(4), entries(1));
    if (push_at == 3) push();
    const auto all = static_cast<std::uint8_t>(ipb_bit(4) | ipb_bit(1) | saved);
    const auto ring = rig.state(1);
    c.expect(ring.at(Ring::Os, tima::reg::kIpb) == all, "IPB {:#04x}, {:#04x} expected",
             ring.at(Ring::Os, tima::reg::kIpb), all);
    c.expect(ring.at(Ring::Os, tima::reg::kPipr) == most_favoured(all), "PIPR {:#x}",
             ring.at(Ring::Os, tima::reg::kPipr));
    c.expect(rig.os_line(1), "the OS line is low");
    c.expect(tables.backlog(vp.blk, vp.idx) == 0, "memory still holds {:#04x}",
             tables.backlog(vp.blk, vp.idx));
    std::uint8_t left = all;
    while (left != 0) {
      const unsigned prio = most_favoured(left);
      const std::uint64_t ack = cpu.load16(os(0x810));
      c.expect(ack == (0x8000U | prio), "acknowledge {:#06x}, {:#06x} expected", ack,
               0x8000U | prio);
      left &= static_cast<std::uint8_t>(~ipb_bit(prio));
      cpu.store8(os(0x11), 0xff);
      cpu.delay(rig.bound());
      c.expect(rig.os_line(1) == (left != 0), "the OS line is {} with {:#04x} pending",
               rig.os_line(1) ? "high" : "low", left);
    }
    // Once more: nothing may come back from memory.
    cpu.load32(hv(0x818));
    cpu.store64(hv(0x10), saved_words(0xff));
    cpu.store32(hv(0x18), vp.word2());
    cpu.delay(rig.bound());
    c.expect(!rig.os_line(1), "the second push presents something again");
    over = true;
  });
  if (c.faulty("two-pushes")) {
    rig.program(2, [&](Cpu& cpu) {
      while (!first_pushed) cpu.delay(5 * platform::kNanosecond);
      cpu.store64(hv(0x10), saved_words(0xff));
      cpu.store32(hv(0x18), vp.word2());
      while (!over) cpu.delay(platform::kMicrosecond);
    });
  }
  rig.run(200 * platform::kMicrosecond);
}

}  // namespace

Scenario s1_4() {
  Scenario s;
  s.id = "S1.4";
  s.title = "Interrupt to a vCPU that is not dispatched: backlog in memory and merge";
  s.reference = "scenarios.md 2 S1.4; tima.md 5.2";
  s.axes = {{"push_after", {3, 2, 1, 0}}, {"saved_ipb", {0, 0x02, 0x20, 0x82}}};
  s.valid = [](const Point& p) { return p["saved_ipb"] != 0x82 || p["push_after"] == 3; };
  s.faulty = {{.name = "memory-not-cleared",
               .what = "the merge leaves the bits in memory: they come twice",
               .caught_by = {"CHK-CONS"}},
              {.name = "merge-overwrites",
               .what = "the bits from memory replace those in the ring",
               .caught_by = {"CHK-CONS"},
               .at = {{"saved_ipb", 0x02}},
               .tima_mutants = {68}},
              {.name = "no-backlog",
               .what = "firmware set the queues up without backlog: notifications are dropped",
               .caught_by = {"CHK-CONS"}},
              {.name = "two-pushes",
               .what = "two threads run the same virtual processor",
               .caught_by = {"CHK-CONS"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
