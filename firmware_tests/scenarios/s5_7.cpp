// SPDX-License-Identifier: Apache-2.0
// S5.7: the escalation interrupt of a guest that goes away is freed while it fires. Its flags lie
// in memory, where the threads race for them.
#include "firmware_tests/scenarios/explorer.h"
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::Guest;
using driver::Token;
using platform::kMicrosecond;
using platform::kNanosecond;
using ppc::host::StoreBuffer;

/// Cleanup; handler of the escalation; the thread that armed it.
enum Thread : unsigned { kCleanup, kHandler, kArmer };
constexpr std::uint64_t kEscOn = 0x00600000, kStale = 0x00600100, kPending = 0x00600200;
constexpr std::uint64_t kPage = 0x05000000;
constexpr unsigned kPrio = 5;
constexpr std::uint32_t kLirq = 0x50;
constexpr Time kBound = 100 * kMicrosecond;
enum State : std::int64_t { kNeverFired, kHandled, kQueued, kInFlight };

class EscalationRace {
 public:
  EscalationRace(Context& c, Rig& rig, FirmwareRig& firmware)
      : c_(c),
        rig_(rig),
        host_(firmware.host()),
        opal_(firmware.opal()),
        guest_(firmware.host(), {.vcpus = 1}) {
    for (unsigned n = 0; n < 3; ++n) {
      buffers_.push_back(
          std::make_unique<StoreBuffer>(rig.machine().cpu(n).order(), rig.executor()));
      rig.machine().cpu(n).set_order(*buffers_.back());
      order_.push_back(buffers_.back().get());
    }
    explorer_.emplace(order_);
    rig.rules().context().progress_bound = kBound;
  }

  void cleanup_thread(Cpu& cpu);
  void handler_thread(Cpu& cpu);
  void armer_thread(Cpu& cpu);
  std::uint64_t executions() const { return explorer_->executions(); }

 private:
  void turn(unsigned n, Cpu& cpu, std::function<bool()> ready = {}) {
    if (exploring_) explorer_->step(n, cpu, std::move(ready));
  }
  void lock(unsigned n, Cpu& cpu) {
    turn(n, cpu, [this] { return !x_->locked; });
    while (x_->locked) cpu.delay(50 * kNanosecond);
    x_->locked = true;
  }
  void unlock(Cpu& cpu) {
    cpu.sync();  // release, and everything before it
    x_->locked = false;
  }

  void make(Cpu& cpu);
  void map(Cpu& cpu);
  void arm(Cpu& cpu);
  void handle(Cpu& cpu);
  bool shutdown(Cpu& cpu);
  void release(Cpu& cpu);
  void fire() { rig_.machine().poke(source_->irq.info.trigger, 8, 0); }
  void tidy(Cpu& cpu);
  void timed(Cpu& cpu);
  void explore(Cpu& cpu);

  Context& c_;
  Rig& rig_;
  driver::HostDriver& host_;
  driver::OpalClient& opal_;
  Guest guest_;
  driver::EventQueue queue_{kPage, 12};
  std::vector<std::unique_ptr<StoreBuffer>> buffers_;
  std::vector<StoreBuffer*> order_;
  std::optional<Explorer> explorer_;
  Guest::Source* source_ = nullptr;
  std::uint32_t number_ = 0;
  driver::Irq* x_ = nullptr;
  bool exploring_ = false;
  bool arm_ = false, armed_ = false, race_ = false, open_ = true, finished_ = false;
  bool freed_ = false, in_handler_ = false;
  unsigned handled_ = 0;
};

void EscalationRace::make(Cpu& cpu) {
  guest_.create(cpu);
  const std::uint64_t vp = guest_.vcpu(0).vp;
  number_ = opal_.queue_info(cpu, vp, kPrio).escalation;
  opal_.must(cpu, Token::XiveSetQueueInfo, {vp, kPrio, kPage, 12, Guest::kQueueFlags});
  source_ = &guest_.add_source(cpu, 0, kPrio, 1);
  const Time never = platform::kNever;
  const bool exhaustive = c_["exhaustive"] != 0;
  const auto delay = [&](const char* name) {
    return exhaustive ? never : static_cast<Time>(c_[name]) * kNanosecond;
  };
  for (StoreBuffer* buffer : order_) {
    buffer->hold(kEscOn, 1, delay("delay-on"));
    buffer->hold(kStale, 1, delay("delay-stale"));
  }
}

/// The host's side of the escalation.
void EscalationRace::map(Cpu& cpu) {
  x_ = &host_.map(cpu, number_, kLirq, [this](Cpu& inner, driver::Irq&) { handle(inner); });
  x_->no_eoi = true;
  x_->vp = rig_.machine().pir(kHandler);
  opal_.set_irq(cpu, number_, x_->vp, x_->prio, kLirq);
  x_->started = true;
  x_->disabled = false;
  freed_ = false;
}

/// What a thread does before its vCPU sleeps.
void EscalationRace::arm(Cpu& cpu) {
  cpu.store8(kEscOn, 1);
  if (!c_.faulty("no-arming-barrier")) cpu.sync();
  x_->load(cpu, driver::esb::kSet00);
}

void EscalationRace::handle(Cpu& cpu) {
  in_handler_ = true;
  turn(kHandler, cpu);
  ++handled_;
  cpu.store8(kPending, 1);
  cpu.sync();
  turn(kHandler, cpu);
  cpu.store8(kEscOn, 0);
  if (!c_.faulty("no-handler-barrier")) cpu.lwsync();
  // End of interrupt: no EOI at the source.
  lock(kHandler, cpu);
  cpu.store8(kStale, 1);
  x_->saved_p = false;
  turn(kHandler, cpu);
  unlock(cpu);
  in_handler_ = false;
}

/// The vCPU is gone. False: the interrupt stays active.
bool EscalationRace::shutdown(Cpu& cpu) {
  turn(kCleanup, cpu);
  cpu.store8(kStale, 0);
  if (!c_.faulty("no-cleanup-barrier")) {
    turn(kCleanup, cpu);
    cpu.sync();
  }
  turn(kCleanup, cpu);
  const bool on = cpu.load8(kEscOn) != 0;
  if ((!on && !c_.faulty("no-repair")) || c_.faulty("always-stale")) {
    turn(kCleanup, cpu);
    cpu.store8(kStale, 1);
  }
  // Freed as any other interrupt.
  lock(kCleanup, cpu);
  x_->stale_p = cpu.load8(kStale) != 0;
  x_->mask(cpu);
  cpu.store8(kStale, 0);
  unlock(cpu);
  opal_.set_irq(cpu, number_, x_->vp, opal::kPrioMasked, driver::kBadLirq);
  const Time limit = cpu.now() + 2 * kBound;
  for (;;) {
    // A handler that runs is waited for, whatever the flags say.
    turn(kCleanup, cpu, [this] { return !in_handler_; });
    while (in_handler_) cpu.delay(50 * kNanosecond);
    x_->stale_p = cpu.load8(kStale) != 0;
    if (!x_->active(cpu)) return true;
    // Only the handler can change that.
    turn(kCleanup, cpu, [this] {
      return explorer_->out(kHandler) &&
             order_[kHandler]->pending() + order_[kArmer]->pending() == 0;
    });
    if (exploring_) {
      x_->stale_p = cpu.load8(kStale) != 0;
      if (!x_->active(cpu)) return true;
      cpu.delay(2 * kBound);
      return false;
    }
    if (cpu.now() >= limit) return false;
    cpu.delay(kMicrosecond / 2);
  }
}

void EscalationRace::release(Cpu& cpu) {
  constexpr unsigned kAgent = 1;
  auto& progress = rig_.rules().progress();
  progress.begin_wait(kAgent, "the end of an escalation that is given up");
  const bool quiet = shutdown(cpu);
  progress.end_wait(kAgent);
  c_.expect(quiet, "the escalation stays active for ever");
  c_.expect(!freed_, "it was freed twice");
  freed_ = true;
  host_.unmap(*x_);
}

/// The guest's own queue and source, for the next time.
void EscalationRace::tidy(Cpu& cpu) {
  while (queue_.pop(cpu)) {
  }
  source_->irq.load(cpu, driver::esb::kSet00);
  for (StoreBuffer* buffer : order_) buffer->drain_all();
}

void EscalationRace::timed(Cpu& cpu) {
  const auto state = c_["state"];
  map(cpu);
  arm_ = true;
  while (!armed_) cpu.delay(100 * kNanosecond);
  open_ = state != kQueued;
  cpu.delay(kMicrosecond);
  if (state == kHandled) {
    fire();
    cpu.delay(20 * kMicrosecond);
    c_.expect(handled_ == 1, "the escalation was not handled");
  }
  const Time begin = cpu.now() + 3 * kMicrosecond;
  if (state == kQueued || state == kInFlight) {
    rig_.at(static_cast<Time>(static_cast<std::int64_t>(begin) -
                              c_["lead"] * static_cast<std::int64_t>(kNanosecond)),
            [this] { fire(); });
  }
  if (state == kQueued) {
    rig_.at(begin + 5 * kMicrosecond, [this] { open_ = true; });
  }
  cpu.delay(begin - cpu.now());
  c_.stimulus();
  release(cpu);
  cpu.delay(20 * kMicrosecond);
}

/// The escalation has its entry in the queue; from there every order.
void EscalationRace::explore(Cpu& cpu) {
  open_ = false;
  cpu.delay(2 * kMicrosecond);
  c_.stimulus();
  while (!c_.caught() && explorer_->next()) {
    map(cpu);
    armed_ = false;
    arm_ = true;
    while (!armed_) cpu.delay(100 * kNanosecond);
    fire();
    while (!rig_.hv_line(kHandler)) cpu.delay(100 * kNanosecond);
    exploring_ = true;
    race_ = true;
    explorer_->leave(kArmer);
    explorer_->enter(kCleanup, cpu);
    release(cpu);
    explorer_->leave(kCleanup);
    while (!explorer_->over() || race_) cpu.delay(100 * kNanosecond);
    exploring_ = false;
    cpu.delay(kMicrosecond);
    tidy(cpu);
  }
}

void EscalationRace::cleanup_thread(Cpu& cpu) {
  make(cpu);
  if (c_["exhaustive"] != 0) {
    explore(cpu);
  } else {
    timed(cpu);
  }
  finished_ = true;
}

void EscalationRace::handler_thread(Cpu& cpu) {
  bool on = true;
  while (!finished_) {
    if (on != open_) {
      on = open_;
      cpu.set_ee(on);
    }
    if (race_) {
      explorer_->enter(kHandler, cpu);
      cpu.set_ee(true);
      cpu.execute(1);
      cpu.set_ee(false);
      race_ = false;
      explorer_->leave(kHandler);
    }
    cpu.delay(50 * kNanosecond);
  }
  cpu.set_ee(true);
}

void EscalationRace::armer_thread(Cpu& cpu) {
  while (!finished_) {
    if (arm_) {
      arm_ = false;
      arm(cpu);
      armed_ = true;
    }
    cpu.delay(50 * kNanosecond);
  }
}

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  config.threads = 4;
  Rig rig(c, config);
  FirmwareRig firmware(rig, {});
  EscalationRace race(c, rig, firmware);
  firmware.on_thread(kHandler, [&](Cpu& cpu) { race.handler_thread(cpu); });
  firmware.on_thread(kArmer, [&](Cpu& cpu) { race.armer_thread(cpu); });
  firmware.main([&](Cpu& cpu) { race.cleanup_thread(cpu); });
  firmware.run(60000 * platform::kMillisecond);
  if (c["exhaustive"] != 0 && !c.caught()) {
    c.expect(race.executions() > 100, "{} orders only", race.executions());
  }
}

}  // namespace

Scenario s5_7() {
  Scenario s;
  s.id = "S5.7";
  s.title = "Freeing an escalation interrupt while it fires";
  s.reference = "scenarios.md 2 S5.7, 6.8, 6.9";
  // Every order of two threads and of their stores, or: nanoseconds by which the escalation fires
  // before the cleanup, and how long stores to the flags take.
  s.axes = {{"exhaustive", {1, 0}},
            {"state", {kQueued, kNeverFired, kHandled, kInFlight}},
            {"lead", {1000, 2000, 800,  600,  500,  400,  300,  200,  100,   50,   0,
                      -50,  -100, -200, -300, -400, -500, -600, -800, -1000, -2000}},
            {"delay-on", {0, 100, 500, 2000}},
            {"delay-stale", {0, 100, 500, 2000}}};
  s.valid = [](const Point& p) {
    if (p["exhaustive"] != 0)
      return p["state"] == kQueued && p["lead"] == 1000 && p["delay-on"] == 0 &&
             p["delay-stale"] == 0;
    return p["state"] == kQueued || p["state"] == kInFlight || p["lead"] == 1000;
  };
  s.faulty = {{.name = "no-repair",
               .what = "the cleanup does not look whether the escalation was handled",
               .caught_by = {"CHK-PROG"},
               .at = {{"exhaustive", 0}, {"state", kHandled}}},
              {.name = "always-stale",
               .what = "the cleanup takes P for stale in any case",
               .caught_by = {"CHK-FREE"},
               .at = {{"exhaustive", 0}, {"state", kQueued}}},
              {.name = "no-cleanup-barrier",
               .what = "no barrier between clearing stale_p and looking at esc_on",
               .caught_by = {"CHK-PROG"}},
              {.name = "no-handler-barrier",
               .what = "esc_on and stale_p of the handler become visible in the wrong order",
               .caught_by = {"CHK-PROG"}},
              {.name = "no-arming-barrier",
               .what = "the escalation is armed before esc_on says so",
               .caught_by = {"CHK-FREE"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
