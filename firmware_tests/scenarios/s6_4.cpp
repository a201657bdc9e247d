// SPDX-License-Identifier: Apache-2.0
// S6.4: a thread goes offline, sleeps, and comes back, while another one calls functions on it.
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/rules/chk_lostipi.h"
#include "firmware_tests/scenarios/scenarios.h"
#include "sc_models/ppc/spr.h"

namespace xive::scenarios {
namespace {

using platform::kMicrosecond;
using platform::kNanosecond;
using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;

constexpr unsigned kSleeper = 2;
constexpr std::uint64_t kDoorbell = 0x28000000;
/// Words that both threads use.
constexpr std::uint64_t kMessage = 0x00500000, kHostIpi = 0x00500100, kOnline = 0x00500200,
                        kSending = 0x00500300, kRestart = 0x00500400;
constexpr std::uint64_t kWakeDoorbell = 0x000c0000, kWakeVirtualization = 0x00240000;
constexpr Time kBound = 200 * kMicrosecond, kPoll = 100 * kNanosecond;

class Offline {
 public:
  Offline(Context& c, Rig& rig, FirmwareRig& firmware)
      : c_(c), rig_(rig), firmware_(firmware), lost_(rig.rules().context()) {
    firmware.host().on_ipi([this](Cpu& cpu) {
      if (cpu.pir() == pir()) look(cpu);
    });
  }

  /// The thread that goes and comes back.
  void sleeper(Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0xe80, [this](Cpu& inner, InterruptFrame&) { look(inner); });
    cpu.set_handler(VectorSpace::Host, 0x900,
                    [](Cpu& inner, InterruptFrame&) { inner.mtspr(ppc::spr::kDec, 0x7fffffff); });
    cpu.set_handler(VectorSpace::Host, 0x100,
                    [this](Cpu& inner, InterruptFrame& frame) { woken(inner, frame); });
    cpu.store8(kOnline, 1);
    ready_ = true;
    while (off_at_ == 0 || cpu.now() < off_at_) cpu.delay(50 * kNanosecond);
    go(cpu);
    sleep_loop(cpu);
    // Back: messages that came since the request are looked at.
    cpu.store8(kOnline, 1);
    cpu.sync();
    cpu.mtspr(ppc::spr::kLpcr, lpcr_);
    cpu.set_ee(true);
    look(cpu);
    back_ = true;
    while (!finished_) cpu.delay(kPoll);
  }

  void sender(Cpu& cpu) {
    while (!ready_) cpu.delay(kMicrosecond);
    constexpr Time kLead = 6 * kMicrosecond;
    const Time off = cpu.now() + kLead;
    off_at_ = off;
    const auto send_at = static_cast<Time>(static_cast<std::int64_t>(off) +
                                           c_["send"] * static_cast<std::int64_t>(kNanosecond));
    cpu.delay(send_at - cpu.now());
    c_.stimulus();
    send(cpu);
    // It sleeps by now, whatever came first.
    cpu.delay(off + 25 * kMicrosecond - cpu.now());
    judge(cpu, "asleep");
    c_.expect(cpu.load8(kOnline) == 0, "the thread is still online");
    c_.expect(cpu.load8(kHostIpi) == 0, "the flag of the sleeping thread is set");
    c_.expect(rig_.machine().hardware_thread(kSleeper).halted(), "the thread does not sleep");
    const unsigned before = seen_;
    c_.expect(!send(cpu), "a message went to a thread that is offline");
    // Wakes that mean nothing: it goes back to sleep.
    for (unsigned n = 0; n < c_.number("spurious"); ++n) {
      notify(cpu);
      cpu.delay(5 * kMicrosecond);
      c_.expect(rig_.machine().hardware_thread(kSleeper).halted(), "a wake ended the loop");
      c_.expect(cpu.load8(kHostIpi) == 0, "the flag was not cleared in this round");
    }
    c_.expect(seen_ == before, "an offline thread looked at messages");
    // Ask it to come back.
    constexpr unsigned kAgent = 2;
    rig_.rules().progress().begin_wait(kAgent, "a thread that was asked to come back");
    if (c_["hurry"] != 0) {
      // While it is just awake for something else.
      notify(cpu);
      cpu.delay(static_cast<Time>(c_["hurry"]) * kNanosecond);
    }
    cpu.store8(kRestart, 1);
    cpu.sync();
    notify(cpu);
    const Time limit = cpu.now() + 2 * kBound;
    while (!back_ && cpu.now() < limit) cpu.delay(kPoll);
    rig_.rules().progress().end_wait(kAgent);
    c_.expect(back_, "the thread never came back");
    if (back_) {
      const unsigned now = seen_;
      c_.expect(send(cpu), "the thread is back and gets no messages");
      cpu.delay(20 * kMicrosecond);
      judge(cpu, "back");
      c_.expect(seen_ == now + 1, "a message after the return was not seen");
    }
    c_.expect(wrong_wakes_ == 0, "{} wakes by something else, the last one {:#x}", wrong_wakes_,
              last_wake_);
    finished_ = true;
  }

 private:
  std::uint32_t pir() const { return rig_.machine().pir(kSleeper); }
  void notify(Cpu& cpu) {
    if (c_["xive"] != 0) {
      firmware_.host().send_ipi(cpu, pir());
      return;
    }
    cpu.store8(kHostIpi, 1);
    cpu.sync();
    cpu.msgsnd(kDoorbell | pir());
  }
  /// A function call: only to a thread that is online, which the sender holds up meanwhile.
  bool send(Cpu& cpu) {
    cpu.store8(kSending, 1);
    cpu.sync();
    const bool online = cpu.load8(kOnline) != 0;
    if (online) {
      cpu.delay(300 * kNanosecond);
      cpu.store8(kMessage, 1);
      cpu.sync();
      notify(cpu);
    }
    cpu.lwsync();
    cpu.store8(kSending, 0);
    return online;
  }
  /// Handler of every kind of IPI while online.
  void look(Cpu& cpu) {
    if (cpu.load8(kOnline) == 0) return;
    cpu.store8(kHostIpi, 0);
    cpu.sync();
    drain(cpu);
  }
  void drain(Cpu& cpu) {
    if (cpu.load8(kMessage) == 0) return;
    cpu.store8(kMessage, 0);
    cpu.sync();
    ++seen_;
  }

  void go(Cpu& cpu) {
    cpu.set_ee(false);
    cpu.store8(kOnline, 0);
    cpu.sync();
    // Whoever saw the thread online has sent by the end of this.
    if (!c_.faulty("no-wait")) {
      while (cpu.load8(kSending) != 0) cpu.delay(kPoll);
    }
    firmware_.host().offline_cpu(cpu);
    if (!c_.faulty("no-drain")) drain(cpu);
    lpcr_ = cpu.mfspr(ppc::spr::kLpcr);
    cpu.mtspr(ppc::spr::kLpcr, (lpcr_ & ~ppc::lpcr::kDee) | ppc::lpcr::kPecedh | ppc::lpcr::kHvee |
                                   ppc::lpcr::kHvice);
    // It expires while the thread sleeps, and must not matter.
    cpu.mtspr(ppc::spr::kDec, 512);
    cpu.mtspr(ppc::spr::kPsscr, ppc::psscr::kEc | ppc::psscr::kEsl | 1U);
  }
  void sleep_loop(Cpu& cpu) {
    while (cpu.load8(kRestart) == 0) {
      cpu.store8(kHostIpi, 0);
      cpu.sync();
      cpu.delay(300 * kNanosecond);  // state that the sleep would lose
      // Late: the doorbell may be that of a request which the test above did not see.
      if (c_.faulty("late-clear")) cpu.msgclr(kDoorbell);
      cpu.stop();
    }
    cpu.store8(kRestart, 0);
  }
  void woken(Cpu& cpu, const InterruptFrame& frame) {
    const std::uint64_t reason = frame.srr1 & ppc::srr1::kWakeMask;
    last_wake_ = reason;
    if (reason == kWakeDoorbell) {
      cpu.msgclr(kDoorbell);
    } else if (reason == kWakeVirtualization) {
      firmware_.host().receive(cpu);
    } else {
      ++wrong_wakes_;
    }
    cpu.sync();
  }
  /// Nothing is in flight: no doorbell, no line, no handler.
  void judge(Cpu& cpu, std::string_view where) {
    const bool waits = cpu.load8(kMessage) != 0;
    lost_.judge(waits, false, [&] {
      return fmt::format("thread {:#x} ({}) has a message, and nothing will make it look", pir(),
                         where);
    });
  }

  Context& c_;
  Rig& rig_;
  FirmwareRig& firmware_;
  ChkLostIpi lost_;
  Time off_at_ = 0;
  bool ready_ = false, back_ = false, finished_ = false;
  unsigned seen_ = 0, wrong_wakes_ = 0;
  std::uint64_t last_wake_ = 0, lpcr_ = 0;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  Rig rig(c, config);
  rig.rules().context().progress_bound = kBound;
  FirmwareRig firmware(rig, {});
  Offline offline(c, rig, firmware);
  firmware.on_thread(kSleeper, [&](Cpu& cpu) { offline.sleeper(cpu); });
  firmware.main([&](Cpu& cpu) { offline.sender(cpu); });
  firmware.run(10 * platform::kMillisecond);
}

/// Every 50 ns around the moment at which the thread goes.
std::vector<std::int64_t> offsets() {
  std::vector<std::int64_t> result = {-300};
  for (std::int64_t n = -2000; n <= 6000; n += 50) {
    if (n != result.front()) result.push_back(n);
  }
  return result;
}

}  // namespace

Scenario s6_4() {
  Scenario s;
  s.id = "S6.4";
  s.title = "CPU offline loop";
  s.reference = "scenarios.md 2 S6.4, 5.4, 5.5, 6.6";
  // Nanoseconds from "go offline" to the message; IPI through XIVE or doorbell; wakes without a
  // request; nanoseconds between such a wake and the request.
  s.axes = {{"send", offsets()},
            {"xive", {0, 1}},
            {"spurious", {1, 0, 3}},
            {"hurry", {0, 50, 100, 150, 200, 250, 300, 400, 500}}};
  s.valid = [](const Point& p) {
    return p["hurry"] == 0 || (p["send"] == -300 && p["spurious"] == 1);
  };
  s.faulty = {{.name = "no-drain",
               .what = "messages that wait when the thread goes offline are not looked at",
               .caught_by = {"CHK-LOSTIPI"}},
              {.name = "no-wait",
               .what = "a sender that saw the thread online may send after it has looked",
               .caught_by = {"CHK-LOSTIPI"},
               .at = {{"send", -200}}},
              {.name = "late-clear",
               .what = "the doorbell is cleared between the test for a restart and the sleep",
               .caught_by = {"CHK-PROG"},
               .at = {{"hurry", 200}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
