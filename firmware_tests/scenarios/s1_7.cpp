// SPDX-License-Identifier: Apache-2.0
// S1.7: a notification races with a pull or a push. Its bit must end in exactly one place: in the
// ring (and so in the words that software reads after the pull) or in memory.
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

enum Op { kPull = 0, kPush = 1 };

void body(Context& c) {
  MachineConfig config = p9();
  const Time cycle = config.tima_period;
  const Time router = c.number("router") * cycle, search = c.number("search") * cycle,
             commit = c.number("commit") * cycle;
  // All of the way is in three latencies, so that a step of one cycle meets every order.
  using machine::HopId;
  const auto set = [&config](std::initializer_list<HopId> hops, Time latency) {
    for (const HopId hop : hops) config.hops[hop].latency = latency;
  };
  set({HopId::Memory, HopId::Esb, HopId::Mmio, HopId::Xscom, HopId::Tima, HopId::Line}, cycle);
  set({HopId::Message, HopId::Forward}, router);
  set({HopId::Eas, HopId::End, HopId::EqWrite, HopId::Backlog, HopId::Escalation}, 0);
  set({HopId::Presenter}, search);
  set({HopId::VpMemory}, commit);
  Rig rig(c, config);
  rig.rules().conservation().require_records(true);
  rig.bring_up();
  const Rig::Vp vp = rig.make_vp();
  const std::uint32_t source = rig.make_source(vp, 6, 1);
  const bool pull = c["op"] == kPull;
  // MATCH and PRESENT take cycles of their own: begin a little earlier.
  const std::int64_t reach = 3 * (c["router"] + c["search"] + c["commit"]) + 12;

  rig.program(0, [&](Cpu& cpu) {
    std::uint64_t w01 = saved_words(0xff);
    const auto wait_until = [&](Time time) {
      if (time > cpu.now()) cpu.delay(time - cpu.now());
    };
    const auto push = [&] {
      cpu.store64(hv(0x10), w01);
      cpu.store32(hv(0x18), vp.word2());
    };
    c.stimulus();
    unsigned in_ring = 0, in_memory = 0, entry = 0;
    for (std::int64_t d = -reach; d <= reach; ++d) {
      if (pull) {
        push();
      } else {
        cpu.store64(hv(0x10), w01);
      }
      const Time base = cpu.now() + 200 * cycle;
      rig.trigger_at(base, 0, source);
      wait_until(static_cast<Time>(static_cast<std::int64_t>(base) +
                                   d * static_cast<std::int64_t>(cycle)));
      if (pull) {
        cpu.load32(hv(0x818));
        cpu.delay(c.number("read") * cycle);
        w01 = cpu.load64(hv(0x10));
      } else {
        cpu.store32(hv(0x18), vp.word2());
      }
      wait_until(base + 400 * cycle);
      if (pull) {
        const bool ring = ipb_of(w01) == ipb_bit(6);
        const bool memory = rig.tables().backlog(vp.blk, vp.idx) == ipb_bit(6);
        c.expect(ring != memory, "{} cycles: bit in the saved words {}, in memory {}", d, ring,
                 memory);
        ++(ring ? in_ring : in_memory);
        push();
        cpu.delay(2 * rig.bound());
      }
      c.expect(rig.os_line(0), "{} cycles: nothing is presented", d);
      const std::uint64_t ack = cpu.load16(os(0x810));
      c.expect(ack == 0x8006, "{} cycles: acknowledge {:#06x}", d, ack);
      cpu.store8(os(0x11), 0xff);
      cpu.delay(2 * rig.bound());
      c.expect(!rig.os_line(0), "{} cycles: presented a second time", d);
      cpu.load32(vp.queue(6) + 4ULL * entry++);
      cpu.load64(rig.management_page(0, source));  // EOI
      cpu.load32(hv(0x818));
      w01 = cpu.load64(hv(0x10));
    }
    if (pull) {
      c.expect(in_ring > 0 && in_memory > 0, "no race: {} in the ring, {} in memory", in_ring,
               in_memory);
    }
  });
  rig.run(10 * platform::kMillisecond);
}

}  // namespace

Scenario s1_7() {
  Scenario s;
  s.id = "S1.7";
  s.title = "Notification racing pull or push";
  s.reference = "scenarios.md 2 S1.7; tima.md A3, A4; xive-chip.md 10";
  s.axes = {{"op", {kPull, kPush}},
            {"router", {4, 0, 1, 8}},
            {"search", {4, 0, 1, 8}},
            {"commit", {0, 1, 8}},
            {"read", {0, 1, 5, 10}}};
  s.valid = [](const Point& p) { return p["op"] == kPull || p["read"] == 0; };
  s.faulty = {{.name = "dead-ring",
               .what = "what the search hit is written although the context is gone",
               .caught_by = {"CHK-CONS"},
               .tima_mutants = {67}},
              {.name = "dead-ring-late-read",
               .what = "the same, and software reads the words a little later",
               .caught_by = {"CHK-CONS"},
               .at = {{"read", 10}},
               .tima_mutants = {67}},
              {.name = "ring-and-memory",
               .what = "it is refused, so that memory gets it, and written into the ring as well",
               .caught_by = {"CHK-CONS"},
               .at = {{"read", 10}},
               .tima_mutants = {87}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
