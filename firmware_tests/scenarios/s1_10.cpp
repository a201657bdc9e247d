// SPDX-License-Identifier: Apache-2.0
// S1.10: a vCPU that has ceded is woken by its escalation interrupt, exactly once.
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/rules/chk_lost_wake.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

using platform::kMicrosecond;
using platform::kNanosecond;

constexpr std::uint64_t kQueue = 0x05000000;
constexpr Time kStep = 50 * kNanosecond;

class Scene {
 public:
  Scene(Context& c, Rig& rig)
      : c_(c),
        rig_(rig),
        fw_(rig, {}),
        guest_(fw_.host(), options(c)),
        lost_(rig.rules().context()) {
    rig.machine().observe_chips(lost_);
    consumer_.window = driver::RingWindow::guest(DirectTables::kTm);
    consumer_.queues[5] = driver::EventQueue(kQueue, 12);
    fw_.main([this](Cpu& cpu) { main(cpu); });
    // A second thread takes the escalations; sometimes it is busy.
    fw_.on_thread(1, [this](Cpu& cpu) {
      while (!fw_.done()) {
        if (busy_until_ > cpu.now()) {
          cpu.set_ee(false);
          cpu.delay(busy_until_ - cpu.now());
          cpu.set_ee(true);
        }
        cpu.delay(100 * kNanosecond);
      }
    });
    guest_.on_kick = [this](Cpu&, unsigned) {
      ++kicks_;
      lost_.set_asleep(false);
    };
  }
  void run() { fw_.run(100 * platform::kMillisecond); }

 private:
  static driver::Guest::Options options(Context& c) {
    driver::Guest::Options made{.vcpus = 1};
    if (c.faulty("arms-twice")) made.fault = driver::GuestFault::ArmsTwice;
    if (c.faulty("never-arms")) made.fault = driver::GuestFault::NeverArms;
    return made;
  }

  void main(Cpu& cpu) {
    guest_.create(cpu);
    guest_.set_queue(cpu, 0, 5, kQueue, 12);
    driver::Irq& escalation = *guest_.vcpu(0).escalation;
    fw_.host().set_affinity(cpu, escalation, rig_.machine().pir(1));
    source_ = &guest_.add_source(cpu, 0, 5, 0x55);
    lost_.watch(guest_.vcpu(0).cam);
    cpu.set_ee(false);  // External is the guest's now
    guest_.enter(cpu, 0);
    cpu.store8(os(0x11), 0xff);
    c_.stimulus();
    // The trigger comes at every step from before the arming to long after the pull.
    for (int step = -10; step <= 40; ++step) round(cpu, step);
    if (c_["recede"] != 0) {
      for (unsigned n = 0; n < 10; ++n) round(cpu, 0);
    }
    guest_.exit(cpu, 0);
  }

  void round(Cpu& cpu, int step) {
    const unsigned kicks = kicks_;
    trigger_at(cpu.now() + static_cast<Time>(step + 10) * kStep);
    cpu.delay(10 * kStep);
    const Time busy = c_.number("busy_us") * kMicrosecond;
    if (busy > 0) busy_until_ = cpu.now() + busy;
    handled_ = false;
    if (guest_.cede(cpu, 0)) {
      sleep(cpu, kicks, busy);
      guest_.enter(cpu, 0);
      cpu.delay(rig_.bound());
    }
    guest_runs(cpu);
    c_.expect(handled_, "step {}: the guest got nothing", step);
    if (busy == 0) {
      c_.expect(kicks_ <= kicks + 1, "step {}: woken {} times", step, kicks_ - kicks);
    }
    if (c_["recede"] == 0) cpu.delay(5 * kMicrosecond);
  }
  /// Until the escalation wakes the vCPU, or, when its thread is busy, until the host runs it for
  /// another reason.
  void sleep(Cpu& cpu, unsigned kicks, Time busy) {
    lost_.set_asleep(true);
    const Time patience = cpu.now() + (busy > 0 ? busy / 4 : 100 * kMicrosecond);
    while (kicks_ == kicks && cpu.now() < patience) {
      cpu.delay(200 * kNanosecond);
      lost_.check();
    }
    lost_.set_asleep(false);
  }
  /// The guest takes what is presented.
  void guest_runs(Cpu& cpu) {
    const Time end = cpu.now() + 10 * kMicrosecond;
    while (!handled_ && cpu.now() < end) {
      if (!rig_.os_line(0)) {
        cpu.delay(100 * kNanosecond);
        continue;
      }
      consumer_.receive(cpu, [this](Cpu& g, std::uint32_t eisn) {
        c_.expect(eisn == 0x55, "entry {:#x}", eisn);
        handled_ = true;
        source_->irq.source_eoi(g);
      });
    }
  }
  void trigger_at(Time time) { rig_.machine().device_store(time, 0, source_->irq.info.trigger, 0); }

  Context& c_;
  Rig& rig_;
  FirmwareRig fw_;
  driver::Guest guest_;
  ChkLostWake lost_;
  driver::Consumer consumer_;
  driver::Guest::Source* source_ = nullptr;
  Time busy_until_ = 0;
  unsigned kicks_ = 0;
  bool handled_ = false;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.hops[machine::HopId::Escalation].latency *= c.number("delay");
  Rig rig(c, config);
  Scene(c, rig).run();
}

}  // namespace

Scenario s1_10() {
  Scenario s;
  s.id = "S1.10";
  s.title = "Escalation wake of a ceded vCPU";
  s.reference = "scenarios.md 2 S1.10, 6.7, 6.8";
  s.axes = {{"delay", {1, 10}}, {"recede", {0, 1}}, {"busy_us", {0, 20}}};
  s.faulty = {{.name = "arms-twice",
               .what = "the escalation is armed although an entry of it is still queued",
               .caught_by = {"CHK-QDUP"},
               .at = {{"recede", 1}, {"busy_us", 20}}},
              {.name = "never-arms",
               .what = "cede forgets to arm the escalation",
               .caught_by = {"CHK-LOSTIPI"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
