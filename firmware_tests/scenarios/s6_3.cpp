// SPDX-License-Identifier: Apache-2.0
// S6.3: an IPI of the older presenter, made of MFRR and one native source: the request must not
// fall between the sender's look at CPPR and the target's look at MFRR.
#include "firmware_tests/driver/xics_on_xive.h"
#include "firmware_tests/scenarios/explorer.h"
#include "firmware_tests/scenarios/firmware_rig.h"
#include "firmware_tests/scenarios/rules/chk_lostipi.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using driver::Guest;
using driver::XicsFault;
using driver::XicsOnXive;
using platform::kMicrosecond;

constexpr unsigned kTarget = 1, kSender = 0, kDevicePrio = 5;

class Race {
 public:
  Race(Context& c, Rig& rig, FirmwareRig& firmware)
      : c_(c),
        rig_(rig),
        firmware_(firmware),
        lost_(rig.rules().context()),
        guest_(firmware.host(), {.vcpus = 1}),
        xics_(firmware.host(), guest_, options(c)),
        sender_(rig.machine().cpu(kSender).order(), rig.executor()),
        target_(rig.machine().cpu(kTarget).order(), rig.executor()),
        explorer_({&sender_, &target_}) {
    rig.machine().cpu(kSender).set_order(sender_);
    rig.machine().cpu(kTarget).set_order(target_);
    xics_.before_shared = [this](Cpu& cpu) {
      if (racing_)
        explorer_.step(cpu.pir() == rig_.machine().pir(kSender) ? kSender : kTarget, cpu);
    };
  }

  void sender(Cpu& cpu) {
    guest_.create(cpu);
    xics_.create(cpu, kDevicePrio);
    sender_.hold(xics_.mfrr_cell(0), 1, platform::kNever);
    target_.hold(xics_.cppr_cell(0), 1, platform::kNever);
    created_ = true;
    while (!entered_) cpu.delay(kMicrosecond);
    const std::uint8_t mfrr = static_cast<std::uint8_t>(c_.number("mfrr"));
    c_.stimulus();
    while (!c_.caught() && explorer_.next()) {
      phase_ = Phase::Prepare;
      while (phase_ == Phase::Prepare) cpu.delay(kPoll);
      racing_ = true;
      phase_ = Phase::Race;
      explorer_.enter(kSender, cpu);
      xics_.h_ipi(cpu, 0, mfrr);
      explorer_.leave(kSender);
      while (!explorer_.over()) cpu.delay(kPoll);
      racing_ = false;
      settle(cpu);
      judge(mfrr);
      phase_ = Phase::Consume;
      while (phase_ == Phase::Consume) cpu.delay(kPoll);
    }
    phase_ = Phase::End;
  }

  void target(Cpu& cpu) {
    while (!created_) cpu.delay(kMicrosecond);
    cpu.set_ee(false);
    guest_.enter(cpu, 0);
    entered_ = true;
    const auto low = static_cast<std::uint8_t>(c_.number("cppr"));
    while (phase_ != Phase::End) {
      switch (phase_) {
        case Phase::Prepare: {
          xics_.h_cppr(cpu, 0, low);
          cpu.store8(xics_.mfrr_cell(0), 0xff);
          cpu.sync();
          phase_ = Phase::Ready;
          break;
        }
        case Phase::Race:
          explorer_.enter(kTarget, cpu);
          if (c_["eoi"] != 0) {
            xics_.h_eoi(cpu, 0, 0xff000000);
          } else {
            xics_.h_cppr(cpu, 0, 0xff);
          }
          explorer_.leave(kTarget);
          phase_ = Phase::Raced;
          break;
        case Phase::Consume:
          consume(cpu);
          phase_ = Phase::Consumed;
          break;
        default:
          cpu.delay(kPoll);
      }
    }
    guest_.exit(cpu, 0);
  }
  std::uint64_t executions() const { return explorer_.executions(); }

 private:
  static constexpr Time kPoll = 20 * platform::kNanosecond;
  enum class Phase : std::uint8_t { Idle, Prepare, Ready, Race, Raced, Consume, Consumed, End };

  static XicsOnXive::Options options(const Context& c) {
    XicsOnXive::Options options;
    if (c.faulty("no-sender-barrier")) options.fault = XicsFault::NoSenderBarrier;
    if (c.faulty("no-target-barrier")) options.fault = XicsFault::NoTargetBarrier;
    return options;
  }
  void settle(Cpu& cpu) {
    do {
      cpu.delay(kMicrosecond / 2);
    } while (!rig_.machine().quiet());
  }
  /// The target has its priority lowered: what MFRR asks for must be on its line.
  void judge(std::uint8_t mfrr) {
    const std::uint64_t cppr = rig_.machine().peek(xics_.cppr_cell(0), 1);
    const std::uint64_t asked = rig_.machine().peek(xics_.mfrr_cell(0), 1);
    c_.expect(asked == mfrr, "MFRR is {:#x}, {:#x} was written", asked, mfrr);
    lost_.judge(asked < cppr, rig_.os_line(kTarget), [&] {
      return fmt::format(
          "MFRR {} < CPPR {:#x}, the line is low and nothing is in flight (order {})", asked, cppr,
          explorer_.text());
    });
  }
  /// H_XIRR must give the IPI; then everything is taken down for the next round.
  void consume(Cpu& cpu) {
    if (!rig_.os_line(kTarget)) return;
    const std::uint32_t xirr = xics_.h_xirr(cpu, 0);
    c_.expect((xirr & 0xffffffU) == XicsOnXive::kIpi, "H_XIRR gave {:#x}", xirr);
    cpu.store8(xics_.mfrr_cell(0), 0xff);
    cpu.sync();
    xics_.h_eoi(cpu, 0, xirr);
    // A signal that came although H_CPPR had seen the request finds nothing any more.
    for (unsigned n = 0; n < 4 && rig_.os_line(kTarget); ++n) {
      const std::uint32_t again = xics_.h_xirr(cpu, 0);
      c_.expect((again & 0xffffffU) == 0, "H_XIRR gave {:#x} once more", again);
    }
  }

  Context& c_;
  Rig& rig_;
  FirmwareRig& firmware_;
  ChkLostIpi lost_;
  Guest guest_;
  XicsOnXive xics_;
  ppc::host::StoreBuffer sender_, target_;
  Explorer explorer_;
  Phase phase_ = Phase::Idle;
  bool created_ = false, entered_ = false, racing_ = false;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.cores = 1;
  config.threads = 2;
  Rig rig(c, config);
  FirmwareRig firmware(rig, {});
  Race race(c, rig, firmware);
  firmware.on_thread(kTarget, [&](Cpu& cpu) { race.target(cpu); });
  firmware.main([&](Cpu& cpu) { race.sender(cpu); });
  firmware.run(2000 * platform::kMillisecond);
  if (!c.caught()) c.expect(race.executions() > 20, "{} orders only", race.executions());
}

}  // namespace

Scenario s6_3() {
  Scenario s;
  s.id = "S6.3";
  s.title = "XICS-on-XIVE IPI with MFRR";
  s.reference = "scenarios.md 2 S6.3, 4.2";
  s.axes = {{"mfrr", {4, 0, 6}}, {"cppr", {0, 1, 4}}, {"eoi", {0, 1}}};
  s.faulty = {{.name = "no-sender-barrier",
               .what = "no full barrier between the store of MFRR and the load of CPPR",
               .caught_by = {"CHK-LOSTIPI"}},
              {.name = "no-target-barrier",
               .what = "no full barrier between the store of CPPR and the load of MFRR",
               .caught_by = {"CHK-LOSTIPI"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
