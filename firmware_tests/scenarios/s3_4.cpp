// SPDX-License-Identifier: Apache-2.0
// S3.4: start-cpu of a target that is not stopped is refused and changes nothing.
#include "firmware_tests/scenarios/rtas_cpus.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

constexpr std::uint64_t kEntry = 0x9000;
enum Target { kCeded = 0, kRunning = 1, kUnknown = 2, kTwoCallers = 3 };

class Scene {
 public:
  Scene(Context& c, Rig& rig)
      : c_(c),
        rig_(rig),
        rtas_(rig, c.faulty("starts-ceded") ? RtasFault::StartsCeded
                   : c.faulty("not-atomic") ? RtasFault::StartNotAtomic
                                            : RtasFault::None) {
    const bool two = c["target"] == kTwoCallers;
    rig.program(0, [this, two](Cpu& cpu) { two ? race(cpu, 0) : calls(cpu); });
    if (two) rig.program(2, [this](Cpu& cpu) { race(cpu, 1); });
    rig.machine().set_program(1, [this, two](Cpu& cpu) {
      if (two) {
        rtas_.stop_self(cpu, 1);
      } else {
        sleeper(cpu);
      }
    });
    rig.machine().programs()[kEntry] = [this](Cpu& cpu) {
      ++starts_;
      if (c_["target"] == kTwoCallers && !over_) rtas_.stop_self(cpu, 1);
    };
  }

 private:
  /// Cedes and is woken, again and again.
  void sleeper(Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0x100, [](Cpu&, InterruptFrame&) {});
    cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice | ppc::lpcr::kPecedh);
    cpu.mtspr(ppc::spr::kPsscr, ppc::psscr::kEc);
    for (std::uint64_t n = 0; !over_; ++n) {
      cpu.set_gpr(14, n);
      cpu.set_gpr(3, ~n);
      if (c_["target"] == kCeded) {
        rig_.at(rig_.now() + 30 * rig_.cycle(), [this] {
          rig_.machine().hardware_thread(1).set_doorbell(ppc::Cause::HypervisorDoorbell, true);
        });
        cpu.stop();
        cpu.msgclr(ppc::kDoorbellTypeField);
      } else {
        cpu.execute(30);
      }
      c_.expect(cpu.gpr(14) == n && cpu.gpr(3) == ~n, "registers of the target have changed");
    }
  }
  /// At every cycle of the window.
  void calls(Cpu& cpu) {
    cpu.delay(1000 * rig_.cycle());
    c_.stimulus();
    const unsigned id = c_["target"] == kUnknown ? 1000 : 1;
    const std::int64_t expected =
        c_["target"] == kUnknown ? ChkRtas::kParameter : ChkRtas::kHardware;
    for (unsigned n = 0; n < 200; ++n) {
      const std::int64_t result = rtas_.start(cpu, id, kEntry, 0x1234);
      c_.expect(result == expected, "start-cpu gave {}, {} expected", result, expected);
      cpu.delay((1 + n % 7) * rig_.cycle());
    }
    over_ = true;
  }
  /// Two callers, one target: exactly one of them starts it.
  void race(Cpu& cpu, unsigned who) {
    ppc::HardwareThread& target = rig_.machine().hardware_thread(1);
    for (unsigned round = 0; round < 40; ++round) {
      while (!target.quiesced()) cpu.delay(10 * rig_.cycle());
      ready_[who] = round + 1;
      while (ready_[1 - who] < round + 1) cpu.delay(rig_.cycle());
      if (who == 0) c_.stimulus();
      cpu.delay((who == 0 ? 20 : round) * rig_.cycle());
      const unsigned before = starts_;
      won_[round] += rtas_.start(cpu, 1, kEntry, who) == 0 ? 1 : 0;
      cpu.delay(200 * rig_.cycle());
      (void)before;
      done_[who] = round + 1;
      while (done_[1 - who] < round + 1) cpu.delay(rig_.cycle());
      c_.expect(won_[round] >= 1, "round {}: nobody could start the processor", round);
    }
    if (who == 0) over_ = true;
  }

  Context& c_;
  Rig& rig_;
  RtasCpus rtas_;
  unsigned starts_ = 0;
  bool over_ = false;
  unsigned ready_[2] = {}, done_[2] = {};
  std::map<unsigned, unsigned> won_;
};

void body(Context& c) {
  Rig rig(c);
  Scene scene(c, rig);
  rig.run(platform::kMillisecond);
}

}  // namespace

Scenario s3_4() {
  Scenario s;
  s.id = "S3.4";
  s.title = "start-cpu on the wrong target";
  s.reference = "scenarios.md 2 S3.4, 4.3";
  s.axes = {{"target", {kCeded, kRunning, kUnknown, kTwoCallers}}};
  s.faulty = {{.name = "starts-ceded",
               .what = "a sleeping processor is taken for a stopped one",
               .caught_by = {"CHK-RC", "CHK-RST"}},
              {.name = "not-atomic",
               .what = "two callers see the target stopped, both start it",
               .caught_by = {"CHK-RC"},
               .at = {{"target", kTwoCallers}}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
