// SPDX-License-Identifier: Apache-2.0
// S1.9: a host loop that runs a guest, leaves it, and enables interrupts for itself: the machine
// on which the line that stays high was found. With two levels the guest runs a guest of its own:
// the host takes its External and reflects it to the first level.
#include "firmware_tests/scenarios/guest_load.h"
#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "firmware_tests/scenarios/steps.h"
#include "sc_models/ppc/doorbell.h"

namespace xive::scenarios {
namespace {

namespace lpcr = ppc::lpcr;
namespace spr = ppc::spr;

enum Exit { kHdec = 0, kDoorbell = 1, kHvi = 2 };
enum Source : std::size_t { kTimer = 0, kDisk = 1, kIpi = 2 };
constexpr std::size_t kGuestSources = 3;

/// The host of thread 0 with its guest.
class Nested {
 public:
  Nested(Context& c, Rig& rig)
      : c_(c),
        rig_(rig),
        guest_(rig, {6, 4, 5}),
        random_(c.random()),
        host_source_(rig.make_host_source(0, 1)),
        exit_source_(rig.make_host_source(0, 2)),
        queue_(rig.host_queue(0), 16),
        iterations_(c.number("iterations")) {}

  void main(Cpu& cpu) {
    set_handlers(cpu);
    const bool reflected = c_["lpes0"] == 0;
    const std::uint64_t host_lpcr =
        lpcr::kHvice | lpcr::kHdice | (c_["heic"] != 0 ? lpcr::kHeic : 0);
    // With LPES0=0 External of the guest comes to the host, which reflects it.
    const std::uint64_t guest_lpcr = lpcr::kHvice | lpcr::kHdice | (reflected ? 0 : lpcr::kLpes0);
    c_.stimulus();
    rig_.rules().progress().begin_wait(0, "the next iteration of the host");
    for (done_ = 0; done_ < iterations_; ++done_) {
      // Devices: near the end of the stay with the chosen probability, else early or not at all.
      const Time stay = 2 * platform::kMicrosecond;
      const bool late = random_.below(1000) < c_.number("late_permille");
      const std::size_t source = random_.below(2);
      const Time when = late ? stay - random_.below(300) * platform::kNanosecond
                             : random_.below(600) * platform::kNanosecond;
      rig_.at(cpu.now() + when, [this, source] { guest_.trigger(source); });
      if (random_.chance(10)) {
        rig_.at(cpu.now() + random_.below(4000) * platform::kNanosecond, [this] { host_event(); });
      }
      leave_ = false;
      schedule_exit(cpu, stay);
      cpu.mtspr(spr::kLpcr, guest_lpcr);
      guest_.push(cpu);
      // The guest: one interrupt to itself, then it computes.
      cpu.mtmsr(with_ee(kGuestKernel));
      if (random_.chance(30)) guest_.trigger(cpu, kIpi);
      if (c_["levels"] == 2) {
        run_second_level(cpu, guest_lpcr);
      } else {
        while (!leave_) cpu.execute(100);
      }
      // Here the handler of the exit comes back; a guest that was in a handler of its own has
      // ended that first.
      cpu.mtmsr(kHostKernel);
      guest_.pull(cpu);
      cpu.mtspr(spr::kLpcr, host_lpcr);
      cpu.mtmsr(with_ee(kHostKernel));
      cpu.execute(200);
      cpu.mtmsr(with_ee(kHostUser));
      cpu.execute(500);
      cpu.mtmsr(kHostKernel);
      rig_.rules().progress().progress(0);
    }
    finish(cpu, guest_lpcr);
    rig_.rules().progress().end_wait(0);
  }

  void judge() {
    c_.expect(host_externals_ == 0, "{} External interrupts in the host after {} iterations",
              host_externals_, done_);
    c_.expect(guest_.sent() > 0 && guest_.sent() == guest_.done(), "{} triggers, {} completions",
              guest_.sent(), guest_.done());
    c_.expect(c_["levels"] == 1 || reflected_ > 0, "nothing was reflected to the first level");
    c_.expect(host_sent_ == host_done_, "{} events of the host, {} handled", host_sent_,
              host_done_);
  }

 private:
  void set_handlers(Cpu& cpu) {
    const auto leave = [this](InterruptFrame& frame) {
      // Out of the guest: the interrupt returns into the host. A handler of the guest ends first.
      if ((frame.srr1 & ppc::msr::kHv) == 0 && !in_handler_) frame.srr1 = kHostKernel;
      leave_ = true;
    };
    cpu.set_handler(VectorSpace::Host, 0x980, [this, leave](Cpu& h, InterruptFrame& frame) {
      h.mtspr(spr::kHdec, 0x7fffffff);
      leave(frame);
    });
    cpu.set_handler(VectorSpace::Host, 0xe80,
                    [leave](Cpu&, InterruptFrame& frame) { leave(frame); });
    cpu.set_handler(VectorSpace::Host, 0xea0, [this, leave](Cpu& h, InterruptFrame& frame) {
      if (host_interrupt(h)) leave(frame);
    });
    cpu.set_handler(VectorSpace::Host, 0x500, [this](Cpu& h, InterruptFrame& frame) {
      if ((frame.srr1 & ppc::msr::kHv) == 0) {
        if (second_level_) {
          // The line stays high until the first level takes it.
          reflect_ = true;
          ++reflected_;
          frame.srr1 = kHostKernel;
        } else {
          guest_.serve(h);
        }
        return;
      }
      ++host_externals_;
      h.load16(hv(0x830));
    });
    cpu.set_handler(VectorSpace::Guest, 0x500, [this](Cpu& g, InterruptFrame& frame) {
      in_handler_ = true;
      guest_.serve(g);
      in_handler_ = false;
      if (leave_) frame.srr1 = kHostKernel;
    });
  }
  /// The first level asks the host to run the second one, until something arrives for it or the
  /// host leaves. External goes to the host meanwhile.
  void run_second_level(Cpu& cpu, std::uint64_t first_level_lpcr) {
    while (!leave_) {
      cpu.execute(50);
      cpu.mtmsr(kHostKernel);
      cpu.mtspr(spr::kLpcr, first_level_lpcr & ~lpcr::kLpes0);
      reflect_ = false;
      second_level_ = true;
      cpu.mtmsr(with_ee(kGuestKernel));
      while (!leave_ && !reflect_) cpu.execute(100);
      cpu.mtmsr(kHostKernel);
      second_level_ = false;
      cpu.mtspr(spr::kLpcr, first_level_lpcr);
      if (!leave_) cpu.mtmsr(with_ee(kGuestKernel));
    }
  }
  void schedule_exit(Cpu& cpu, Time stay) {
    switch (c_["exit"]) {
      case kHdec:
        cpu.mtspr(spr::kHdec, stay * 512 / platform::kMicrosecond);
        return;
      case kDoorbell:
        rig_.at(cpu.now() + stay, [this] {
          rig_.machine().hardware_thread(0).set_doorbell(ppc::Cause::HypervisorDoorbell, true);
        });
        return;
      default:
        rig_.trigger_at(cpu.now() + stay, 0, exit_source_);
    }
  }
  /// True: it asks the host to leave the guest.
  bool host_interrupt(Cpu& cpu) {
    bool exit = false;
    const std::uint64_t ack = cpu.load16(hv(0x830));
    if ((ack >> 14U) == 0) return false;
    while (const auto entry = queue_.pop(cpu)) {
      const bool own = *entry == 1;
      if (own) ++host_done_;
      exit = exit || !own;
      cpu.load64(rig_.management_page(0, own ? host_source_ : exit_source_));
    }
    cpu.store8(hv(0x31), 0xff);
    return exit;
  }
  void host_event() {
    if (host_sent_ != host_done_) return;
    ++host_sent_;
    rig_.trigger_at(rig_.now(), 0, host_source_);
  }
  /// A last stay for what is left, with nothing that ends it early.
  void finish(Cpu& cpu, std::uint64_t guest_lpcr) {
    leave_ = false;
    cpu.mtspr(spr::kLpcr, guest_lpcr);
    guest_.push(cpu);
    cpu.mtmsr(with_ee(kGuestKernel));
    cpu.delay(20 * platform::kMicrosecond);
    cpu.mtmsr(kHostKernel);
    guest_.pull(cpu);
  }

  Context& c_;
  Rig& rig_;
  GuestLoad guest_;
  Random random_;
  std::uint32_t host_source_, exit_source_;
  driver::EventQueue queue_;
  unsigned iterations_, done_ = 0;
  bool leave_ = false, in_handler_ = false;
  bool second_level_ = false, reflect_ = false;
  std::uint64_t reflected_ = 0;
  std::uint64_t host_externals_ = 0, host_sent_ = 0, host_done_ = 0;
};

void body(Context& c) {
  Rig rig(c);
  rig.rules().context().progress_bound = 100 * platform::kMicrosecond;
  rig.bring_up();
  Nested nested(c, rig);
  rig.program(0, [&](Cpu& cpu) { nested.main(cpu); });
  rig.run((20 + 10ULL * c.number("iterations")) * platform::kMicrosecond);
  if (!c.caught()) nested.judge();
}

}  // namespace

Scenario s1_9() {
  Scenario s;
  s.id = "S1.9";
  s.title = "Guest under an emulated powernv host: the reproducer";
  s.reference = "scenarios.md 2 S1.9";
  s.axes = {{"iterations", {10'000, 200}},
            {"late_permille", {100, 1, 10, 500, 900}},
            {"heic", {0, 1}},
            {"exit", {kHdec, kDoorbell, kHvi}},
            {"lpes0", {1, 0}},
            {"levels", {1, 2}}};
  // The long run at the base values only; a first level takes its External itself.
  s.valid = [](const Point& p) {
    return p["iterations"] == 200 && (p["levels"] == 1 || p["lpes0"] == 1);
  };
  s.faulty = {{.name = "line-stays",
               .what = "the pull does not lower the line: the host wedges",
               .caught_by = {"CHK-SPUR"},
               .tima_mutants = {1}},
              {.name = "line-stays-heic",
               .what = "the same with HEIC: host user state wedges",
               .caught_by = {"CHK-SPUR"},
               .at = {{"heic", 1}},
               .tima_mutants = {1}},
              {.name = "line-stays-rare",
               .what = "the same when an interrupt is seldom pending at the exit",
               .caught_by = {"CHK-SPUR"},
               .at = {{"late_permille", 1}},
               .tima_mutants = {1}},
              {.name = "line-stays-nested",
               .what = "the same below a guest that runs a guest",
               .caught_by = {"CHK-SPUR"},
               .at = {{"levels", 2}},
               .tima_mutants = {1}},
              {.name = "wedged",
               .what = "the same, watched by the progress of the host",
               .caught_by = {"CHK-PROG"},
               .at = {{"iterations", 200}},
               .tima_mutants = {1}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
