// SPDX-License-Identifier: Apache-2.0
// S5.12: a debugger dumps every interrupt and processor, at any time and from anywhere, and nothing
// changes by it.
#include "firmware_tests/driver/dump.h"
#include "firmware_tests/scenarios/bridge_sources.h"
#include "firmware_tests/scenarios/partition_calls.h"
#include "firmware_tests/scenarios/rules/event_ledger.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "sc_models/ppc/spr.h"

namespace xive::scenarios {
namespace {

using driver::DumpFault;
using driver::DumpReport;
using driver::Guest;
using platform::kMicrosecond;
using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;

constexpr unsigned kGuestThread = 1, kDeviceThread = 2, kGoneThread = 3, kPrio = 6;
constexpr std::uint64_t kPage = 0x05000000, kScratch = 0x00300000;
/// Management page of a source that nobody has touched: not there yet.
constexpr std::uint64_t kNotThere = 0x0000ffff10000000;
constexpr unsigned kMsi = 1, kGuestSources = 2;
enum Mode : std::int64_t { kThread, kAllStopped, kPartition };

class Dumps {
 public:
  Dumps(Context& c, Rig& rig, FirmwareRig& firmware)
      : c_(c),
        rig_(rig),
        firmware_(firmware),
        bridge_(firmware),
        ledger_(rig.rules().context(), EventLedger::kConservation),
        guest_(firmware.host(), {.vcpus = 1}),
        native_(driver::native_platform(firmware.opal(), kScratch)),
        partition_(firmware.opal(), rig.rules().context()) {
    firmware.firmware().observe(&partition_.rule());
    firmware.on_external([this](Cpu& cpu, InterruptFrame&) {
      vcpu_.receive(cpu, [this](Cpu& inner, std::uint32_t eisn) {
        inner.delay(200 * platform::kNanosecond);
        ledger_.handled(eisn);
        sources_.at(eisn)->irq.source_eoi(inner);
      });
    });
  }

  void main(Cpu& cpu);
  void guest_thread(Cpu& cpu);
  void device_thread(Cpu& cpu) {
    machine_check(cpu);
    stop_handler(cpu, kDeviceThread);
    while (!started_) cpu.delay(kMicrosecond);
    // One source stays pending: its entry is not looked at.
    cpu.set_ee(false);
    while (!release_) cpu.delay(kMicrosecond);
    cpu.set_ee(true);
  }
  void gone_thread(Cpu& cpu) {
    machine_check(cpu);
    stop_handler(cpu, kGoneThread);
    cpu.set_ee(false);
    firmware_.host().teardown_cpu(cpu);
    gone_ = true;
    while (!release_) cpu.delay(kMicrosecond);
  }

 private:
  DumpFault fault() const {
    if (c_.faulty("eoi-offset")) return DumpFault::EoiOffset;
    if (c_.faulty("reset-offset")) return DumpFault::ResetOffset;
    if (c_.faulty("no-ipi-check")) return DumpFault::NoIpiCheck;
    if (c_.faulty("no-recovery")) return DumpFault::NoRecovery;
    return DumpFault::None;
  }
  void machine_check(Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x200, [this](Cpu& inner, InterruptFrame&) {
      rig_.rules().observation().unrecovered(inner.thread().regs().dar);
    });
  }
  void stop_handler(Cpu& cpu, unsigned thread) {
    cpu.set_handler(VectorSpace::Host, 0x100, [this, thread](Cpu& inner, InterruptFrame&) {
      ++stopped_;
      if (thread == c_.number("dumper")) {
        while (stopped_ < rig_.machine().threads()) inner.delay(100 * platform::kNanosecond);
        native_dump(inner, thread);
        dumped_ = true;
      }
      while (!dumped_) inner.delay(100 * platform::kNanosecond);
    });
  }
  std::vector<const driver::Irq*> everything() {
    std::vector<const driver::Irq*> all;
    firmware_.host().for_each_irq([&](driver::Irq& irq) { all.push_back(&irq); });
    for (const auto& source : guest_.sources()) all.push_back(&source->irq);
    all.push_back(&untouched_);
    return all;
  }
  void native_dump(Cpu& cpu, unsigned thread) {
    auto& observation = rig_.rules().observation();
    const std::size_t sources = everything().size();
    observation.begin(thread, cpu.pir());
    const DumpReport report = driver::dump(cpu, firmware_.host(), everything(), native_, fault());
    observation.end(thread, cpu.pir());
    const unsigned threads = rig_.machine().threads();
    c_.expect(report.lines.size() == sources + threads, "{} lines for {} sources and {} threads",
              report.lines.size(), sources, threads);
    c_.expect(report.skipped == 1, "{} processors without an IPI", report.skipped);
    c_.expect(report.faults == 1, "{} pages that are not there", report.faults);
    c_.expect((report.frozen > 0) == (c_["frozen"] != 0), "{} frozen pages", report.frozen);
  }
  /// From inside the guest, about the guest's own sources.
  void partition_dump(Cpu& cpu) {
    auto& observation = rig_.rules().observation();
    cpu.set_ee(false);
    const std::uint64_t msr = cpu.mfmsr(), lpcr = cpu.mfspr(ppc::spr::kLpcr);
    // External interrupts are the partition's own, and off.
    cpu.mtspr(ppc::spr::kLpcr, lpcr | ppc::lpcr::kLpes0);
    cpu.mtmsr(msr & ~ppc::msr::kHv);
    observation.begin(kGuestThread, cpu.pir());
    std::vector<const driver::Irq*> sources;
    for (const auto& source : guest_.sources()) sources.push_back(&source->irq);
    driver::HostDriver nobody(firmware_.opal());
    const auto report = driver::dump(
        cpu, nobody, sources, c_.faulty("opal-in-partition") ? native_ : partition_.platform());
    observation.end(kGuestThread, cpu.pir());
    // sc 1: the only way back.
    cpu.thread().set_msr(msr);
    cpu.mtspr(ppc::spr::kLpcr, lpcr);
    c_.expect(report.sources == sources.size(), "{} of {} sources", report.sources, sources.size());
    cpu.set_ee(true);
    dumped_ = true;
  }

  Context& c_;
  Rig& rig_;
  FirmwareRig& firmware_;
  BridgeSources bridge_;
  EventLedger ledger_;
  Guest guest_;
  driver::Consumer vcpu_;
  driver::DumpPlatform native_;
  PartitionCalls partition_;
  std::vector<Guest::Source*> sources_;
  driver::Irq untouched_;
  bool started_ = false, gone_ = false, created_ = false, entered_ = false, release_ = false;
  bool dumped_ = false, ask_ = false, left_ = false, finished_ = false;
  unsigned stopped_ = 0;
};

void Dumps::guest_thread(Cpu& cpu) {
  machine_check(cpu);
  stop_handler(cpu, kGuestThread);
  while (!created_) cpu.delay(kMicrosecond);
  cpu.set_ee(false);
  guest_.enter(cpu, 0);
  vcpu_.set_cppr(cpu, 0xff);
  cpu.set_ee(true);
  entered_ = true;
  while (!finished_) {
    cpu.delay(100 * platform::kNanosecond);
    if (ask_ && !dumped_) partition_dump(cpu);
  }
  cpu.set_ee(false);
  guest_.exit(cpu, 0);
  cpu.set_ee(true);
  left_ = true;
}

void Dumps::main(Cpu& cpu) {
  auto& host = firmware_.host();
  Machine& machine = rig_.machine();
  machine_check(cpu);
  stop_handler(cpu, 0);
  bridge_.set_up(cpu);
  guest_.create(cpu);
  guest_.set_queue(cpu, 0, kPrio, kPage, 12);
  vcpu_.window = driver::RingWindow::guest(host.options().tima);
  vcpu_.queues[kPrio] = driver::EventQueue(kPage, 12);
  for (unsigned n = 0; n < kGuestSources; ++n) {
    sources_.push_back(&guest_.add_source(cpu, 0, kPrio, n));
    partition_.add(sources_.back()->irq, n == 1);
  }
  untouched_.number = firmware_.opal().allocate_irq(cpu, 0);
  untouched_.info.eoi = kNotThere;
  created_ = true;
  const auto device = [&](std::uint32_t number, std::uint32_t lirq) -> driver::Irq& {
    driver::Irq& irq = host.map(cpu, number, lirq, [this, lirq](Cpu&, driver::Irq&) {
      if (lirq == 0x42) bridge_.set_level(bridge_.first_lsi(), false);
      ledger_.handled(lirq);
    });
    host.startup(cpu, irq, machine.pir(kDeviceThread));
    return irq;
  };
  const driver::Irq& edge = device(firmware_.opal().allocate_irq(cpu, 0), 0x40);
  device(bridge_.number(kMsi), 0x41);
  device(bridge_.number(bridge_.first_lsi()), 0x42);
  started_ = true;
  while (!gone_ || !entered_) cpu.delay(kMicrosecond);
  cpu.delay(5 * kMicrosecond);

  // Load: the guest's sources again and again, a pending MSI and LSI for the silent thread.
  const Time start = cpu.now();
  for (unsigned n = 0; n < 10; ++n) {
    rig_.at(start + (1 + n) * 700 * platform::kNanosecond, [this, n] {
      const unsigned eisn = n % kGuestSources;
      ledger_.event(eisn);
      rig_.machine().poke(sources_[eisn]->irq.info.trigger, 8, 0);
    });
  }
  ledger_.event(0x40);
  machine.poke(edge.info.trigger, 8, 0);
  ledger_.event(0x41);
  bridge_.raise(kMsi);
  ledger_.event(0x42);
  bridge_.set_level(bridge_.first_lsi(), true);
  c_.stimulus();
  const Time at = start + static_cast<Time>(c_["time"]) * platform::kNanosecond;
  cpu.delay(at - cpu.now());
  if (c_["frozen"] != 0) bridge_.freeze();
  if (c_["mode"] == kThread) {
    cpu.set_ee(false);
    native_dump(cpu, 0);
    cpu.set_ee(true);
  } else if (c_["mode"] == kAllStopped) {
    for (unsigned n = 0; n < machine.threads(); ++n)
      machine.hardware_thread(n).raise_system_reset();
    while (!dumped_) cpu.delay(100 * platform::kNanosecond);
  } else {
    ask_ = true;
    while (!dumped_) cpu.delay(100 * platform::kNanosecond);
  }
  bridge_.thaw();
  cpu.delay(10 * kMicrosecond);
  release_ = true;
  cpu.delay(20 * kMicrosecond);
  finished_ = true;
  while (!left_) cpu.delay(kMicrosecond);
  ledger_.finish();
}

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  Rig rig(c, config);
  FirmwareRig firmware(rig, {});
  Dumps dumps(c, rig, firmware);
  firmware.on_thread(kGuestThread, [&](Cpu& cpu) { dumps.guest_thread(cpu); });
  firmware.on_thread(kDeviceThread, [&](Cpu& cpu) { dumps.device_thread(cpu); });
  firmware.on_thread(kGoneThread, [&](Cpu& cpu) { dumps.gone_thread(cpu); });
  firmware.main([&](Cpu& cpu) { dumps.main(cpu); });
  firmware.run(20 * platform::kMillisecond);
}

/// Every 100 cycles of the TIMA clock.
std::vector<std::int64_t> times() {
  std::vector<std::int64_t> result = {2000};
  for (std::int64_t n = 0; n <= 7500; n += 50) {
    if (n != result.front()) result.push_back(n);
  }
  return result;
}

}  // namespace

Scenario s5_12() {
  Scenario s;
  s.id = "S5.12";
  s.title = "Debug dumps are pure observers";
  s.reference = "scenarios.md 2 S5.12";
  s.axes = {{"time", times()},
            {"mode", {kThread, kAllStopped, kPartition}},
            {"dumper", {0, 1, 2, 3}},
            {"frozen", {0, 1}}};
  s.valid = [](const Point& p) {
    if (p["mode"] == kAllStopped) return true;
    return p["dumper"] == 0 && (p["mode"] == kThread || p["frozen"] == 0);
  };
  s.faulty = {{.name = "eoi-offset",
               .what = "PQ is read through the end-of-interrupt offset",
               .caught_by = {"CHK-OBS"}},
              {.name = "reset-offset",
               .what = "PQ is read through the offset that sets 00",
               .caught_by = {"CHK-OBS"}},
              {.name = "no-ipi-check",
               .what = "the IPI record of a processor that has none is followed",
               .caught_by = {"CHK-OBS"}},
              {.name = "no-recovery",
               .what = "a page that is not there is loaded from without being ready for it",
               .caught_by = {"CHK-OBS"}},
              {.name = "opal-in-partition",
               .what = "routing is asked from OPAL inside of a partition",
               .caught_by = {"CHK-PLAT"},
               .at = {{"mode", kPartition}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
