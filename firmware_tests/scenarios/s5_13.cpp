// SPDX-License-Identifier: Apache-2.0
// S5.13: an interrupt is freed while its host bridge freezes: its ESB page gives all ones.
#include "firmware_tests/scenarios/bridge_sources.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::DriverFault;
using platform::kMicrosecond;

constexpr unsigned kTarget = 3, kSource = 2;
constexpr Time kBound = 200 * kMicrosecond, kLead = 2 * kMicrosecond;

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  Rig rig(c, config);
  FirmwareRig::Options options;
  if (c.faulty("ones-are-pending")) options.driver_fault = DriverFault::AllOnesIsPending;
  if (c.faulty("ones-are-saved")) options.driver_fault = DriverFault::AllOnesIsSavedP;
  FirmwareRig firmware(rig, options);
  BridgeSources bridge(firmware);
  auto& host = firmware.host();
  rig.rules().context().progress_bound = kBound;

  const auto ns = [&](const char* name) {
    return c[name] * static_cast<std::int64_t>(platform::kNanosecond);
  };
  bool masked = false;
  Time open_at = 0;
  firmware.on_thread(kTarget, [&](Cpu& cpu) {
    cpu.set_ee(false);
    masked = true;
    while (open_at == 0 || cpu.now() < open_at) cpu.delay(kMicrosecond / 4);
    cpu.set_ee(true);
  });
  unsigned ipis = 0;
  host.on_ipi([&](Cpu&) { ++ipis; });
  firmware.main([&](Cpu& cpu) {
    bridge.set_up(cpu);
    while (!masked) cpu.delay(kMicrosecond);
    auto& irq = host.map(cpu, bridge.number(kSource), 0x40);
    host.startup(cpu, irq, rig.machine().pir(kTarget));
    rig.cppr_rule().on_targeted(rig.machine().pir(kTarget), true, cpu.now());
    const Time event = cpu.now() + kLead;
    const auto after = [&](std::int64_t offset) {
      return static_cast<Time>(static_cast<std::int64_t>(event) + offset);
    };
    open_at = after(ns("masked"));
    rig.at(event, [&] { bridge.raise(kSource); });
    rig.at(after(ns("freeze")), [&] { bridge.freeze(); });
    if (c["thaw"] != 0) rig.at(after(ns("freeze") + ns("thaw")), [&] { bridge.thaw(); });
    c.stimulus();
    cpu.delay(after(ns("free")) - cpu.now());
    constexpr unsigned kAgent = 1;
    auto& progress = rig.rules().progress();
    progress.begin_wait(kAgent, "the end of an interrupt that is given up");
    const bool quiet = host.shutdown(cpu, irq, 2 * kBound);
    progress.end_wait(kAgent);
    c.expect(quiet, "the interrupt stays active for ever");
    // Nobody knows whether the page told the truth: the queue does.
    if (irq.gone) {
      const bool drained = host.drain(cpu, irq, 2 * kBound);
      c.expect(drained, "the target never looked at its queue");
    }
    host.unmap(irq);
    bridge.thaw();
    cpu.delay(20 * kMicrosecond);
    // The target takes interrupts as before.
    const unsigned before = ipis;
    host.send_ipi(cpu, rig.machine().pir(kTarget));
    cpu.delay(20 * kMicrosecond);
    c.expect(ipis == before + 1, "an IPI to the target was not taken");
    const auto cppr = rig.state(kTarget).at(tima::Ring::Phys, tima::reg::kCppr);
    c.expect(cppr == 0xff, "CPPR of the target is {:#x}", cppr);
  });
  firmware.run(10 * platform::kMillisecond);
}

}  // namespace

Scenario s5_13() {
  Scenario s;
  s.id = "S5.13";
  s.title = "PHB frozen while its interrupt is being freed";
  s.reference = "scenarios.md 2 S5.13, S5.5";
  // Nanoseconds after the event of the device.
  s.axes = {{"freeze", {500,  -500, 0,    100,  200,  300,  400,  750,  1000, 1500, 2000,
                        2500, 3000, 3500, 4000, 4500, 5000, 6000, 7000, 8000, 9000, 10000}},
            {"thaw", {0, 1000, 4000}},
            {"free", {1000, 0, 300, 6000}},
            {"masked", {5000, 0, 20000}}};
  s.faulty = {{.name = "ones-are-pending",
               .what = "all ones are taken as P=1 when asking whether the interrupt is active",
               .caught_by = {"CHK-PROG"}},
              {.name = "ones-are-saved",
               .what = "all ones are taken as P=1 when the source is masked",
               .caught_by = {"CHK-PROG"},
               .at = {{"freeze", -500}, {"thaw", 1000}, {"free", 300}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
