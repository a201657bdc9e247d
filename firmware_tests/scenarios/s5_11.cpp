// SPDX-License-Identifier: Apache-2.0
// S5.11: a guest is saved on one chip and restored on another while its devices go on.
#include "firmware_tests/driver/migration.h"
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/rules/chk_mig.h"
#include "firmware_tests/scenarios/rules/event_ledger.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::Guest;
using driver::MigrationFault;
using platform::kMicrosecond;
using platform::kNanosecond;

constexpr unsigned kVcpus = 4, kSources = 16, kPrio = 6, kThreadsPerChip = 8;
constexpr std::uint64_t kOldPages = 0x05000000, kNewPages = 0x45000000;
constexpr std::uint32_t kEisn = 0x100;
enum State : std::int64_t { kRunning, kCeded, kUnacknowledged };

class Migration {
 public:
  Migration(Context& c, Rig& rig, FirmwareRig& firmware)
      : c_(c),
        rig_(rig),
        firmware_(firmware),
        rule_(rig.rules().context()),
        ledger_(rig.rules().context(), EventLedger::kMigration),
        old_(firmware.host(), {.vcpus = kVcpus, .chip = 0}),
        new_(firmware.host(), {.vcpus = kVcpus, .chip = 1, .escalation_lirq = 0x2000}) {
    firmware.on_external([this](Cpu& cpu, ppc::host::InterruptFrame&) {
      const unsigned vcpu = vcpu_of(cpu);
      os_.at(vcpu).receive(cpu, [this](Cpu& inner, std::uint32_t eisn) {
        ledger_.handled(eisn);
        for (const auto& source : current().sources()) {
          if (source->eisn == eisn) source->irq.source_eoi(inner);
        }
      });
    });
  }

  void main(Cpu& cpu);
  /// A thread that runs vCPU `vcpu` of the old or of the new guest.
  void vcpu_thread(Cpu& cpu, unsigned vcpu, bool fresh) {
    while (!(fresh ? run_new_ : run_old_)) cpu.delay(kMicrosecond);
    Guest& guest = fresh ? new_ : old_;
    cpu.set_ee(false);
    guest.enter(cpu, vcpu);
    if (!fresh) os_.at(vcpu).set_cppr(cpu, 0xff);
    const bool ceded = !fresh && vcpu < 2 && c_["vcpu"] == kCeded;
    const bool silent = !fresh && vcpu < 2 && c_["vcpu"] == kUnacknowledged;
    if (ceded) guest.cede(cpu, vcpu);
    if (!silent) cpu.set_ee(true);
    ++running_;
    while (!(fresh ? finished_ : stop_)) cpu.delay(200 * kNanosecond);
    cpu.set_ee(false);
    guest.exit(cpu, vcpu);
    cpu.set_ee(true);
    --running_;
  }

 private:
  Guest& current() { return run_new_ ? new_ : old_; }
  static unsigned vcpu_of(Cpu& cpu) { return (cpu.pir() & 0xffU) - 1U; }
  MigrationFault fault() const {
    if (c_.faulty("no-sync")) return MigrationFault::NoSync;
    if (c_.faulty("no-generation")) return MigrationFault::NoGeneration;
    if (c_.faulty("no-vp-state")) return MigrationFault::NoVpState;
    if (c_.faulty("routes-first")) return MigrationFault::RoutesFirst;
    if (c_.faulty("mask-with-off")) return MigrationFault::MaskedWithOff;
    return MigrationFault::None;
  }
  std::uint64_t page(unsigned vcpu, bool fresh) const {
    return (fresh ? kNewPages : kOldPages) + (std::uint64_t{vcpu} << order());
  }
  unsigned order() const { return c_.number("order"); }
  void fire(unsigned n) {
    ledger_.event(kEisn + n);
    rig_.machine().poke(triggers_.at(n), 8, 0);
  }
  /// The events of step `n`: one source of each vCPU state, one that has fired before.
  void step(unsigned n) {
    if (n != c_.number("step")) return;
    const Time at = rig_.now() + static_cast<Time>(c_["delay"]) * kNanosecond;
    for (const unsigned source : {0U, 3U, 5U}) {
      rig_.at(at, [this, source] { fire(source); });
    }
  }
  std::vector<driver::EventQueue> readers() const {
    std::vector<driver::EventQueue> queues;
    for (const auto& consumer : os_) queues.push_back(consumer.queues[kPrio]);
    return queues;
  }
  void make(Cpu& cpu);

  Context& c_;
  Rig& rig_;
  FirmwareRig& firmware_;
  ChkMig rule_;
  EventLedger ledger_;
  Guest old_, new_;
  std::array<driver::Consumer, kVcpus> os_{};
  std::vector<std::uint64_t> triggers_;
  bool run_old_ = false, run_new_ = false, stop_ = false, finished_ = false;
  unsigned running_ = 0;
};

void Migration::make(Cpu& cpu) {
  auto& opal = firmware_.opal();
  old_.create(cpu);
  const std::uint32_t index =
      c_.number("index") == 0 ? 0 : (1U << (order() - 2U)) - c_.number("index");
  for (unsigned v = 0; v < kVcpus; ++v) {
    // As if the queue had been used up to there: what lies behind was read.
    for (std::uint32_t n = 0; n + 1 < index; n += 2) {
      cpu.store64(page(v, false) + 4ULL * n, 0x800000ff800000ff);
    }
    if (index % 2 != 0) cpu.store32(page(v, false) + 4ULL * (index - 1), 0x800000ff);
    old_.set_queue(cpu, v, kPrio, page(v, false), order());
    opal.must(cpu, driver::Token::XiveSetQueueState, {old_.vcpu(v).vp, kPrio, 1, index});
    os_.at(v).window = driver::RingWindow::guest(firmware_.host().options().tima);
    os_.at(v).queues[kPrio] = driver::EventQueue(page(v, false), order());
    os_.at(v).queues[kPrio].seek(index, 0);
  }
  for (unsigned n = 0; n < kSources; ++n) {
    const auto& source =
        old_.add_source(cpu, n % kVcpus, kPrio, kEisn + n, rig_.machine().chip_id(0));
    triggers_.push_back(source.irq.info.trigger);
  }
}

void Migration::main(Cpu& cpu) {
  make(cpu);
  run_old_ = true;
  while (running_ < kVcpus) cpu.delay(kMicrosecond);
  // Load until the guest stops, and a little beyond.
  Random random = c_.random();
  const Time start = cpu.now();
  constexpr Time kLoad = 8 * kMicrosecond;
  for (unsigned n = 0; n < 2 * kSources; ++n) {
    const auto source = static_cast<unsigned>(random.below(kSources));
    rig_.at(start + random.below(kLoad + kMicrosecond), [this, source] { fire(source); });
  }
  cpu.delay(kLoad);
  c_.stimulus();
  step(1);
  stop_ = true;
  while (running_ > 0) cpu.delay(200 * kNanosecond);
  // Events that are on their way now belong to the time of the save.
  GuestView before;
  driver::MigrationHooks hooks;
  hooks.before_step = [&](unsigned n) {
    if (n == 2) before = view_of(rig_.machine(), firmware_.firmware(), old_, readers());
    step(n);
  };
  const auto state = driver::save_guest(cpu, firmware_.host(), old_, fault(), hooks);
  for (unsigned v = 0; v < kVcpus; ++v) {
    rig_.rules().queues().moved(page(v, false), page(v, true), std::uint64_t{1} << order());
  }
  new_.create(cpu);
  const std::int64_t result = driver::restore_guest(
      cpu, firmware_.host(), new_, state,
      [this](unsigned vcpu, unsigned) { return page(vcpu, true); },
      [](const driver::GuestState::Source& source) { return source.number; }, fault(), hooks);
  rule_.refused(result);
  if (c_.caught()) return;
  for (unsigned v = 0; v < kVcpus; ++v) os_.at(v).queues[kPrio].move_to(page(v, true));
  rule_.compare(before, view_of(rig_.machine(), firmware_.firmware(), new_, readers()));
  step(9);
  run_new_ = true;
  const Time limit = cpu.now() + 500 * kMicrosecond;
  while (running_ < kVcpus) cpu.delay(kMicrosecond);
  // Until everything is handled and nothing comes any more.
  for (unsigned quiet = 0; quiet < 5 && cpu.now() < limit;) {
    cpu.delay(2 * kMicrosecond);
    quiet = rig_.machine().quiet() && ledger_.settled() ? quiet + 1 : 0;
  }
  ledger_.finish();
  for (const auto& source : new_.sources()) {
    const std::uint64_t pq = source->irq.load(cpu, driver::esb::kGet);
    c_.expect(pq == 0, "source {:#x} is left with PQ {}", source->eisn, pq);
  }
  finished_ = true;
  while (running_ > 0) cpu.delay(kMicrosecond);
}

void body(Context& c) {
  MachineConfig config = p9();
  config.chips = 2;
  config.hops[machine::HopId::Eas].latency = static_cast<Time>(c["router"]) * kNanosecond;
  Rig rig(c, config);
  FirmwareRig firmware(rig, {});
  Migration migration(c, rig, firmware);
  for (unsigned v = 0; v < kVcpus; ++v) {
    firmware.on_thread(1 + v, [&, v](Cpu& cpu) { migration.vcpu_thread(cpu, v, false); });
    firmware.on_thread(kThreadsPerChip + 1 + v,
                       [&, v](Cpu& cpu) { migration.vcpu_thread(cpu, v, true); });
  }
  firmware.main([&](Cpu& cpu) { migration.main(cpu); });
  firmware.run(100 * platform::kMillisecond);
}

}  // namespace

Scenario s5_11() {
  Scenario s;
  s.id = "S5.11";
  s.title = "Save and restore under load";
  s.reference = "scenarios.md 2 S5.11, 6.10";
  // Event before step; nanoseconds later; entries to the wrap of the queue; latency of the router.
  s.axes = {{"step", {2, 1, 3, 4, 5, 6, 7, 8, 9}},
            {"delay", {0, 100, 1000}},
            {"index", {4, 0, 1, 512}},
            {"vcpu", {kRunning, kCeded, kUnacknowledged}},
            {"router", {20, 3000}},
            {"order", {12, 16}}};
  s.valid = [](const Point& p) {
    // The large queue takes long to copy: a few points.
    return p["order"] == 12 ||
           (p["delay"] == 0 && p["index"] == 4 && p["router"] == 20 && p["vcpu"] == kRunning);
  };
  s.faulty = {{.name = "no-sync",
               .what = "queues are copied while events are on their way",
               .caught_by = {"CHK-MIG"},
               .at = {{"router", 3000}}},
              {.name = "no-generation",
               .what = "generation and index of the queues are not restored",
               .caught_by = {"CHK-MIG"}},
              {.name = "no-vp-state",
               .what = "pending bits of a vCPU that did not run are lost",
               .caught_by = {"CHK-MIG"},
               .at = {{"vcpu", kCeded}}},
              {.name = "routes-first",
               .what = "routes are restored before the queues that they lead to",
               .caught_by = {"CHK-MIG"}},
              {.name = "mask-with-off",
               .what = "sources are stopped with PQ=01, which forgets late events",
               .caught_by = {"CHK-MIG"},
               .at = {{"step", 4}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
