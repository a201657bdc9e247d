// SPDX-License-Identifier: Apache-2.0
// S5.8: an interrupt of a device goes to a guest and back while the device goes on.
#include "firmware_tests/driver/passthrough.h"
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/rules/event_ledger.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::Guest;
using driver::Passthrough;
using driver::PassthroughFault;
using platform::kMicrosecond;

constexpr unsigned kHostThread = 1, kGuestThread = 2, kPrio = 6;
constexpr std::uint32_t kLirq = 0x40, kEisn = 0x77;
constexpr std::uint64_t kPage = 0x05000000;
constexpr Time kBound = 200 * kMicrosecond;

PassthroughFault fault(const Context& c) {
  if (c.faulty("no-sync")) return PassthroughFault::NoSync;
  if (c.faulty("sent-at-once")) return PassthroughFault::SentAtOnce;
  if (c.faulty("not-sent-on")) return PassthroughFault::NotSentOn;
  return PassthroughFault::None;
}

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  config.hops[machine::HopId::Eas].latency = static_cast<Time>(c["router"]) * platform::kNanosecond;
  config.hops[machine::HopId::Message].latency =
      static_cast<Time>(c["router"]) * platform::kNanosecond;
  Rig rig(c, config);
  FirmwareRig firmware(rig, {});
  auto& host = firmware.host();
  rig.rules().context().progress_bound = kBound;
  EventLedger ledger(rig.rules().context(), EventLedger::kConservation);
  Guest guest(host, {.vcpus = 1});
  driver::Consumer vcpu;
  std::optional<Passthrough> hand;
  unsigned by_host = 0, by_guest = 0;
  bool running = false, stop = false, stopped = false;
  Time host_open = 0;

  // The host's thread has interrupts off for a while: its end of interrupt comes late.
  bool masked = false;
  firmware.on_thread(kHostThread, [&](Cpu& cpu) {
    cpu.set_ee(false);
    masked = true;
    while (host_open == 0 || cpu.now() < host_open) cpu.delay(kMicrosecond / 4);
    cpu.set_ee(true);
  });
  // The thread that runs the guest.
  firmware.on_external([&](Cpu& cpu, ppc::host::InterruptFrame&) {
    vcpu.receive(cpu, [&](Cpu& inner, std::uint32_t eisn) {
      c.expect(eisn == kEisn, "the guest found {:#x} in its queue", eisn);
      ++by_guest;
      ledger.handled(kLirq);
      hand->guest_eoi(inner);
    });
  });
  bool created = false;
  firmware.on_thread(kGuestThread, [&](Cpu& cpu) {
    while (!created) cpu.delay(kMicrosecond);
    cpu.set_ee(false);
    guest.enter(cpu, 0);
    vcpu.set_cppr(cpu, 0xff);
    cpu.set_ee(true);
    running = true;
    while (!stop) cpu.delay(kMicrosecond);
    cpu.set_ee(false);
    guest.exit(cpu, 0);
    cpu.set_ee(true);
    stopped = true;
  });

  firmware.main([&](Cpu& cpu) {
    guest.create(cpu);
    guest.set_queue(cpu, 0, kPrio, kPage, 12);
    vcpu.window = driver::RingWindow::guest(host.options().tima);
    vcpu.queues[kPrio] = driver::EventQueue(kPage, 12);
    created = true;
    auto& irq =
        host.map(cpu, firmware.opal().allocate_irq(cpu, 0), kLirq, [&](Cpu&, driver::Irq& self) {
          if (self.in_guest) return;  // sent on by its end of interrupt
          ++by_host;
          ledger.handled(kLirq);
        });
    host.startup(cpu, irq, rig.machine().pir(kHostThread));
    hand.emplace(host, guest, irq, fault(c));
    while (!running || !masked) cpu.delay(kMicrosecond);
    const auto event = [&] {
      ledger.event(kLirq);
      rig.machine().poke(irq.info.trigger, 8, 0);
    };
    constexpr unsigned kHost = 1;
    auto& progress = rig.rules().progress();
    const auto begin = [&](Time lead) { return cpu.now() + lead; };
    const Time first = begin(kMicrosecond * 2);
    const auto offset = [&](Time from, const char* name) {
      return static_cast<Time>(static_cast<std::int64_t>(from) +
                               c[name] * static_cast<std::int64_t>(platform::kNanosecond));
    };
    host_open = offset(first, "host-eoi");
    rig.at(offset(first, "event"), event);
    c.stimulus();
    cpu.delay(first - cpu.now());
    const auto resent = [&] {
      if (hand->host_waits()) ledger.resent(kLirq);
    };
    hand->to_guest(cpu, 0, kPrio, kEisn);
    resent();
    if (hand->host_waits()) progress.begin_wait(kHost, "the end of the entry in a host queue");
    cpu.delay(3 * kMicrosecond);
    // Once more, in the guest's time.
    const Time second = begin(4 * kMicrosecond);
    rig.at(offset(second, "event"), event);
    cpu.delay(second - cpu.now());
    resent();
    hand->to_host(cpu);
    // And after its return.
    cpu.delay(5 * kMicrosecond);
    event();
    const Time limit = cpu.now() + 2 * kBound;
    while ((hand->host_waits() || !ledger.settled()) && cpu.now() < limit) {
      cpu.delay(kMicrosecond);
    }
    progress.end_wait(kHost);
    cpu.delay(20 * kMicrosecond);
    ledger.finish();
    c.expect(irq.load(cpu, driver::esb::kGet) == 0, "the source is not ready for its next event");
    c.expect(by_host > 0, "the host handled nothing after the return");
    stop = true;
    while (!stopped) cpu.delay(kMicrosecond);
  });
  firmware.run(20 * platform::kMillisecond);
}

}  // namespace

Scenario s5_8() {
  Scenario s;
  s.id = "S5.8";
  s.title = "Pass-through hand-over host <-> guest";
  s.reference = "scenarios.md 2 S5.8";
  // Nanoseconds from the start of each hand-over; latency of the router; when the host looks.
  s.axes = {{"event", {-1000, -1500, -600, -400, -200, -100, 0,    50,   100,  150, 200,
                       300,   400,   600,  800,  1000, 1500, 2000, 2500, 3000, 4000}},
            {"router", {20, 100, 500, 2000}},
            {"host-eoi", {0, 2000, 6000, 15000}}};
  s.faulty = {{.name = "no-sync",
               .what = "the target changes without a sync of the source",
               .caught_by = {"CHK-PROG"},
               .at = {{"event", -100}, {"router", 5000}}},
              {.name = "sent-at-once",
               .what = "the guest gets the event while its entry is still in a host queue",
               .caught_by = {"CHK-QDUP"},
               .at = {{"host-eoi", 6000}}},
              {.name = "not-sent-on",
               .what = "the host drops the entry and nobody tells the guest",
               .caught_by = {"CHK-CONS"},
               .at = {{"host-eoi", 2000}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
