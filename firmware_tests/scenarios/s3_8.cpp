// SPDX-License-Identifier: Apache-2.0
// S3.8: a debugger pauses and resumes the machine while processors are stopped in several ways.
#include "firmware_tests/scenarios/direct_control.h"
#include "firmware_tests/scenarios/rtas_cpus.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

constexpr unsigned kStopped = 1, kCeded = 2, kControlled = 4;
constexpr std::uint64_t kEntry = 0x9000;

class Scene {
 public:
  Scene(Context& c, Rig& rig) : c_(c), rig_(rig), rtas_(rig), control_(rig) {
    rig.machine().set_program(kStopped, [this](Cpu& cpu) { rtas_.stop_self(cpu, kStopped); });
    rig.machine().programs()[kEntry] = [this](Cpu& cpu) {
      ++starts_;
      cpu.execute(20);
      rtas_.stop_self(cpu, kStopped);
    };
    rig.program(kControlled, [this](Cpu& cpu) {
      while (!over_) cpu.execute(5);
    });
    rig.program(kCeded, [this](Cpu& cpu) {
      cpu.set_handler(VectorSpace::Host, 0x100, [this](Cpu&, InterruptFrame&) { ++wakes_; });
      cpu.mtspr(ppc::spr::kLpcr, ppc::lpcr::kHvice | ppc::lpcr::kPecedh);
      cpu.mtspr(ppc::spr::kPsscr, ppc::psscr::kEc);
      while (!over_) {
        cpu.stop();
        cpu.msgclr(ppc::kDoorbellTypeField);
      }
    });
    rig.program(0, [this](Cpu& cpu) { boss(cpu); });
    pause_later();
  }

 private:
  Time period() const { return c_.number("period") * rig_.cycle(); }
  void pause_later() {
    if (over_) return;
    rig_.at(rig_.now() + period(), [this] {
      for_all([](ppc::HardwareThread& thread) { thread.pause(true); });
      rig_.at(rig_.now() + period() / 3 + 1, [this] {
        for_all([this](ppc::HardwareThread& thread) {
          // The faulty debugger makes everything run that does not.
          if (c_.faulty("resume-starts") && thread.quiesced()) thread.direct_start();
          thread.pause(false);
        });
        pause_later();
      });
    });
  }
  template <typename Action>
  void for_all(Action action) {
    for (unsigned n = 0; n < rig_.machine().threads(); ++n) {
      action(rig_.machine().hardware_thread(n));
    }
  }

  void boss(Cpu& cpu) {
    ppc::HardwareThread& stopped = rig_.machine().hardware_thread(kStopped);
    ppc::HardwareThread& controlled = rig_.machine().hardware_thread(kControlled);
    const Time stay = 40 * period();
    cpu.delay(platform::kMicrosecond);
    for (unsigned round = 1; round <= 10; ++round) {
      c_.stimulus();
      const std::int64_t result = control_.stop(cpu, kControlled);
      c_.expect(result == 0, "stop gave {}", result);
      while (!stopped.quiesced()) cpu.delay(20 * rig_.cycle());
      const unsigned starts = starts_, wakes = wakes_;
      const std::uint64_t retired = controlled.retired();
      cpu.delay(stay);
      c_.expect(stopped.quiesced() && starts_ == starts, "the stopped processor runs");
      c_.expect(controlled.quiesced() && controlled.retired() == retired,
                "the thread under direct control runs");
      c_.expect(wakes_ == wakes, "the ceded processor was woken by nothing");
      rig_.machine().hardware_thread(kCeded).set_doorbell(ppc::Cause::HypervisorDoorbell, true);
      control_.start(cpu, kControlled);
      rtas_.start(cpu, kStopped, kEntry, round);
      cpu.delay(stay);
      c_.expect(wakes_ == wakes + 1, "{} wakes, one cause", wakes_ - wakes);
      c_.expect(starts_ == starts + 1, "{} starts, one call", starts_ - starts);
      c_.expect(controlled.retired() > retired, "the started thread does not run");
    }
    over_ = true;
    rig_.machine().hardware_thread(kCeded).set_doorbell(ppc::Cause::HypervisorDoorbell, true);
  }

  Context& c_;
  Rig& rig_;
  RtasCpus rtas_;
  DirectControl control_;
  bool over_ = false;
  unsigned starts_ = 0, wakes_ = 0;
};

void body(Context& c) {
  Rig rig(c);
  Scene scene(c, rig);
  rig.run(20 * platform::kMillisecond);
}

}  // namespace

Scenario s3_8() {
  Scenario s;
  s.id = "S3.8";
  s.title = "Side-band resume";
  s.reference = "scenarios.md 2 S3.8, 5.6";
  s.axes = {{"period", {101, 37, 53, 211, 499}}};
  s.faulty = {{.name = "resume-starts",
               .what = "a resume starts every processor, stopped ones too",
               .caught_by = {"CHK-QUIESCE"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
