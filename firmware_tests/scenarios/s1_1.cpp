// SPDX-License-Identifier: Apache-2.0
// S1.1: the OS line must fall when a context with a presented interrupt is pulled.
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;

constexpr unsigned kT0 = 0;

void body(Context& c) {
  MachineConfig config = p9();
  config.hops[machine::HopId::Line].latency = static_cast<Time>(c["line"]) * config.tima_period;
  Rig rig(c, config);
  rig.bring_up();
  const Rig::Vp vp = rig.make_vp();
  const unsigned pending = c.number("pending");
  std::vector<std::uint32_t> sources;
  for (unsigned n = 0; n < pending; ++n) sources.push_back(rig.make_source(vp, 6 - n, n));
  const std::uint32_t late = rig.make_source(vp, 6, 0x77);

  unsigned externals = 0;
  std::uint8_t expected = 0;
  for (unsigned n = 0; n < pending; ++n) expected |= static_cast<std::uint8_t>(0x02U << n);
  rig.program(kT0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu& c0, InterruptFrame&) {
      ++externals;
      c0.load16(DirectTables::tima(1, 0x830));
    });
    cpu.store64(DirectTables::tima(1, 0x10), 0x00ff0000ff000000);  // guest CPPR 0xff
    cpu.store32(DirectTables::tima(1, 0x18), vp.word2());
    for (const std::uint32_t source : sources) cpu.store64(rig.trigger_page(0, source), 0);
    while (rig.state(kT0).at(tima::Ring::Os, tima::reg::kIpb) != expected || !rig.os_line(kT0)) {
      cpu.delay(10 * platform::kNanosecond);
    }
    const auto ring = rig.state(kT0);
    c.expect(ring.at(tima::Ring::Os, tima::reg::kNsr) == 0x80, "NSR {:#x} before the pull",
             ring.at(tima::Ring::Os, tima::reg::kNsr));
    c.expect(ring.at(tima::Ring::Os, tima::reg::kPipr) == 7 - pending, "PIPR {:#x} before the pull",
             ring.at(tima::Ring::Os, tima::reg::kPipr));
    // One more trigger, so that it reaches the presenter around the pull. Its way takes a while.
    constexpr Time kWay = 330 * platform::kNanosecond;
    const Time pull = cpu.now() + kWay + 100 * rig.cycle();
    rig.trigger_at(static_cast<Time>(static_cast<std::int64_t>(pull - kWay) +
                                     c["arrival"] * static_cast<std::int64_t>(rig.cycle())),
                   0, late);
    cpu.delay(pull - cpu.now());
    c.stimulus();
    const std::uint64_t word = c["width"] == 4 ? cpu.load32(DirectTables::tima(1, 0x818))
                                               : cpu.load64(DirectTables::tima(1, 0x818)) >> 32U;
    c.expect(word == vp.word2(), "the pull returned {:#010x}, {:#010x} expected", word, vp.word2());
    const std::uint64_t w01 = cpu.load64(DirectTables::tima(1, 0x10));
    c.expect((w01 >> 40U & 0xffU) == expected, "IPB {:#04x} in the saved words",
             w01 >> 40U & 0xffU);
    cpu.set_ee(true);
    cpu.execute(1000);
    cpu.set_ee(false);
    const auto after = rig.state(kT0);
    c.expect((after.word2(tima::Ring::Os) >> 31U) == 0, "V is still set after the pull");
    c.expect(!rig.os_line(kT0), "the OS line is still high");
    c.expect(externals == 0, "{} External interrupts in host state", externals);
  });
  rig.run(platform::kMillisecond);
}

}  // namespace

Scenario s1_1() {
  Scenario s;
  s.id = "S1.1";
  s.title = "Pull with an interrupt presented, HEIC=0";
  s.reference = "scenarios.md 2 S1.1; tima.md 3.9, 5.3";
  s.axes = {{"width", {4, 8}},
            {"pending", {1, 2, 7}},
            {"line", {4, 0, 1}},
            {"arrival", {0, -50, -10, -2, -1, 1, 2, 10, 50}}};
  s.faulty = {{.name = "line-stays",
               .what = "the pull does not lower the OS line",
               .caught_by = {"CHK-LINE-OFF", "CHK-SPUR"},
               .tima_mutants = {1}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
