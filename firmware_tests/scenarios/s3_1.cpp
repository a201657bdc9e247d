// SPDX-License-Identifier: Apache-2.0
// S3.1: decrementers of stopped processors expire while the boot processor needs the lock that all
// run loops of the monitor share.
#include <deque>
#include <memory>

#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/rules/chk_livelock.h"
#include "firmware_tests/scenarios/rules/chk_stop.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {
namespace {

namespace lpcr = ppc::lpcr;
using Agent = ppc::host::Executor::AgentId;

/// The global lock of the monitor, in simulated time.
class Lock {
 public:
  Lock(Rig& rig, bool fair) : rig_(rig), fair_(fair), random_(rig.context().random(7)) {}

  void take(Agent self) {
    if (!held_) {
      held_ = true;
      return;
    }
    waiting_.push_back(self);
    rig_.executor().sleep(self, platform::kNever);  // handed over by release()
  }
  void release() {
    if (waiting_.empty()) {
      held_ = false;
      return;
    }
    const auto next = static_cast<std::ptrdiff_t>(fair_ ? 0 : random_.below(waiting_.size()));
    const Agent agent = waiting_[static_cast<std::size_t>(next)];
    waiting_.erase(waiting_.begin() + next);
    rig_.executor().wake(agent);
  }
  unsigned waiters() const { return static_cast<unsigned>(waiting_.size()); }

 private:
  Rig& rig_;
  bool fair_;
  Random random_;
  bool held_ = false;
  std::deque<Agent> waiting_;
};

/// Wakes the run loop of a processor that is kicked.
class Kick final : public ppc::ThreadObserver {
 public:
  Kick(Rig& rig, std::vector<Agent>& agents) : rig_(rig), agents_(agents) {}
  void on_kick(const ppc::HardwareThread& thread) override {
    rig_.executor().wake(agents_[rig_.machine().thread_of_pir(thread.config().pir)]);
  }

 private:
  Rig& rig_;
  std::vector<Agent>& agents_;
};

class Partition {
 public:
  Partition(Context& c, Rig& rig)
      : c_(c),
        rig_(rig),
        lock_(rig, c["fair"] != 0),
        livelock_(rig.rules().context(), 100),
        stops_(rig.rules().context()),
        kick_(rig, agents_),
        secondaries_(c.number("secondaries")) {
    rig.machine().observe_threads(stops_);
    rig.machine().observe_threads(kick_);
    agents_.resize(rig.machine().threads());
    ppc::ArchState boot;
    boot.msr = kGuestKernel;
    boot.lpcr = lpcr::kHvice | lpcr::kLpes0;
    thread(0).reset(boot, false, false);
    for (unsigned n = 1; n <= secondaries_; ++n) {
      boot.psscr = ppc::psscr::kEc;
      thread(n).reset(boot, true, true);
      stops_.stopped(thread(n));
      const std::uint64_t msr = thread(n).msr();
      thread(n).set_msr(msr | ppc::msr::kHv);
      thread(n).mtspr(ppc::spr::kDec, c.number("dec") + n);
      thread(n).set_msr(msr);
      agents_[n] = rig.executor().spawn(fmt::format("loop {}", n), [this, n] { loop(n); });
      arm_timer(n);
    }
    agents_[0] = rig.executor().spawn("boot", [this] { boot_loop(); });
    rig.at(sync_period(), [this] { synchronise(); });
  }
  bool ended() const { return started_ok_; }

 private:
  ppc::HardwareThread& thread(unsigned n) { return rig_.machine().hardware_thread(n); }
  Time sync_period() const { return c_.number("sync_us") * platform::kMicrosecond; }

  void arm_timer(unsigned n) {
    const Time edge = thread(n).next_timer_edge();
    if (edge == platform::kNever || over_) return;
    rig_.at(std::max(edge, rig_.now()), [this, n] {
      thread(n).update_time();
      arm_timer(n);
    });
  }
  /// The monitor takes the registers over from the hypervisor, which knows nothing of cleared wake
  /// bits.
  void synchronise() {
    for (unsigned n = 1; n <= secondaries_ && !over_; ++n) {
      if (thread(n).quiesced()) thread(n).set_lpcr(thread(n).lpcr() | wake_bits());
    }
    if (!over_) rig_.at(rig_.now() + sync_period(), [this] { synchronise(); });
  }
  std::uint64_t wake_bits() const { return c_["pece"] != 0 ? lpcr::kWakeMask : lpcr::kDee; }

  /// The run loop of a secondary. It holds the lock except when it sleeps or executes.
  void loop(unsigned n) {
    lock_.take(agents_[n]);
    while (!over_) {
      // Idle: asleep and without work. What "work" is, the request says.
      while (thread(n).halted() && !thread(n).interrupt_request() && !over_) {
        livelock_.useful(n);
        lock_.release();
        rig_.executor().sleep(agents_[n], rig_.now() + 10 * platform::kMicrosecond);
        lock_.take(agents_[n]);
      }
      if (over_) break;
      rig_.executor().wait_until(rig_.now() + 20 * rig_.cycle());
      livelock_.round(n, lock_.waiters());
      if (!thread(n).can_run()) {
        // Asked to run, it sees "halted" and comes back at once.
        if (c_["yields"] != 0) {
          lock_.release();
          rig_.executor().wait_until(rig_.now() + rig_.cycle());
          lock_.take(agents_[n]);
        }
        continue;
      }
      lock_.release();
      execute(n);
      lock_.take(agents_[n]);
    }
    lock_.release();
  }
  void execute(unsigned n) {
    rig_.executor().wait_until(rig_.now() + 100 * rig_.cycle());
    if (const auto taken = thread(n).take_exception()) {
      if (taken->cause == ppc::Cause::Decrementer) ++decrementers_;
      thread(n).mtspr(ppc::spr::kDec, 0x7fffffff);
      thread(n).return_from_interrupt(taken->state.hsrr);
    }
    thread(n).begin_instruction();
    thread(n).end_instruction(100);
    livelock_.useful(n);
  }

  /// Firmware of the boot processor: an exit that needs the lock after every 100 cycles.
  void boot_loop() {
    machine::ProgressRule& progress = rig_.rules().progress();
    c_.stimulus();
    for (unsigned round = 0; round < 400; ++round) {
      rig_.executor().wait_until(rig_.now() + 100 * rig_.cycle());
      thread(0).begin_instruction();
      thread(0).end_instruction(100);
      progress.begin_wait(0, "the lock of the monitor");
      lock_.take(agents_[0]);
      progress.end_wait(0);
      rig_.executor().wait_until(rig_.now() + 10 * rig_.cycle());
      lock_.release();
    }
    start_secondary();
    over_ = true;
    for (unsigned n = 1; n <= secondaries_; ++n) rig_.executor().wake(agents_[n]);
    started_ok_ = true;
  }
  /// After start-cpu the expired decrementer is taken once EE is on, not before.
  void start_secondary() {
    // Until every decrementer has expired, whatever its start value.
    rig_.executor().wait_until(rig_.now() + 30 * platform::kMicrosecond);
    lock_.take(agents_[0]);
    stops_.started(thread(1));
    const bool ok = thread(1).start_cpu(0x9000, 7, lpcr::kHvice | lpcr::kLpes0 | wake_bits(), 0);
    c_.expect(ok, "start-cpu of a stopped processor was refused");
    rig_.executor().wake(agents_[1]);
    lock_.release();
    rig_.executor().wait_until(rig_.now() + 20 * platform::kMicrosecond);
    c_.expect(decrementers_ == 0, "a decrementer was taken with EE=0");
    c_.expect(thread(1).pending().has(ppc::Cause::Decrementer), "the decrementer is not pending");
    thread(1).set_msr(with_ee(kGuestKernel));
    rig_.executor().wait_until(rig_.now() + 20 * platform::kMicrosecond);
    c_.expect(decrementers_ == 1, "{} decrementers taken with EE=1", decrementers_);
  }

  Context& c_;
  Rig& rig_;
  Lock lock_;
  ChkLivelock livelock_;
  ChkStop stops_;
  std::vector<Agent> agents_;
  Kick kick_;
  unsigned secondaries_;
  unsigned decrementers_ = 0;
  bool over_ = false, started_ok_ = false;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 8;
  config.execution = machine::Execution::None;
  config.thread.faults.request_ignores_quiesced =
      c.faulty("spins") || c.faulty("starves") || c.faulty("kicked");
  Rig rig(c, config);
  rig.rules().context().progress_bound = 100 * platform::kMicrosecond;
  Partition partition(c, rig);
  rig.run(2 * platform::kMillisecond);
  if (!c.caught()) c.ended(partition.ended(), "the boot processor");
}

}  // namespace

Scenario s3_1() {
  Scenario s;
  s.id = "S3.1";
  s.title = "Decrementer expires on a stopped secondary during boot";
  s.reference = "scenarios.md 2 S3.1, 5.6";
  s.axes = {{"secondaries", {31, 1, 7}},
            {"dec", {500, 0, 10'000}},
            {"sync_us", {5, 1}},
            {"fair", {1, 0}},
            {"pece", {1, 0}},
            {"yields", {0, 1}}};
  s.faulty = {{.name = "kicked",
               .what = "a stopped processor whose decrementer expires is kicked",
               .caught_by = {"CHK-QUIESCE"}},
              {.name = "spins",
               .what = "the same: its run loop goes round with the lock",
               .caught_by = {"CHK-QUIESCE", "CHK-LIVELOCK"},
               .at = {{"yields", 1}}},
              {.name = "starves",
               .what = "the same, and the boot processor never gets the lock",
               .caught_by = {"CHK-LIVELOCK", "CHK-PROG"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
