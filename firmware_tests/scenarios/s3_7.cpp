// SPDX-License-Identifier: Apache-2.0
// S3.7: the monitor and the hypervisor have different copies of LPCR for a stopped processor.
#include "firmware_tests/scenarios/rtas_cpus.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

namespace lpcr = ppc::lpcr;
namespace spr = ppc::spr;
constexpr std::uint64_t kEntry = 0x9000;
enum Writer { kHypervisor = 0, kMonitor = 1 };

class Scene {
 public:
  Scene(Context& c, Rig& rig)
      : c_(c),
        rig_(rig),
        rtas_(rig),
        diverged_(
            c.book().add({"INFO-LPCR", "how often the two copies of LPCR were found different",
                          "scenarios.md 2 S3.7"})) {
    rig.program(0, [this](Cpu& cpu) { boss(cpu); });
    rig.machine().set_program(1, [this](Cpu& cpu) {
      cpu.mtspr(spr::kHdec, 0x7fffffff);
      for (const unsigned vector : {0x900, 0x980, 0xe80}) {
        for (const VectorSpace space : {VectorSpace::Host, VectorSpace::Guest}) {
          cpu.set_handler(space, vector, [this](Cpu& h, InterruptFrame& frame) {
            ++taken_;
            if (frame.vector == 0x980) h.mtspr(spr::kHdec, 0x7fffffff);
            if (frame.vector == 0x900) h.mtspr(spr::kDec, 0x7fffffff);
          });
        }
      }
      rtas_.stop_self(cpu, 1);
    });
    rig.machine().programs()[kEntry] = [this](Cpu& cpu) {
      while (!stop_again_) cpu.execute(5);
      stop_again_ = false;
      rtas_.stop_self(cpu, 1);
    };
  }

 private:
  ppc::HardwareThread& target() { return rig_.machine().hardware_thread(1); }

  /// Registers go from one side to the other; the hypervisor has never cleared the wake bits.
  void synchronise() {
    if (!target().quiesced()) return;
    if ((monitor_copy_ & lpcr::kWakeMask) != (hypervisor_copy_ & lpcr::kWakeMask)) {
      c_.book().hit(diverged_);
    }
    target().set_lpcr(c_["last"] == kHypervisor ? hypervisor_copy_ : monitor_copy_);
  }

  void boss(Cpu& cpu) {
    for (unsigned round = 0; round < 20; ++round) {
      while (!target().quiesced()) cpu.delay(20 * rig_.cycle());
      c_.stimulus();
      monitor_copy_ = target().lpcr();
      hypervisor_copy_ = RtasCpus::kTemplateLpcr;
      const bool every_exit = c_["every_exit"] != 0;
      taken_ = 0;
      for (unsigned n = 0; n < 10; ++n) {
        if (every_exit || n == 0) synchronise();
        if (n == 3) target().set_doorbell(ppc::Cause::HypervisorDoorbell, true);
        if (n == 5) expire();
        cpu.delay((10 + round) * rig_.cycle());
      }
      c_.expect(taken_ == 0, "{} interrupts taken while stopped", taken_);
      c_.expect(rtas_.start(cpu, 1, kEntry, round) == 0, "start-cpu was refused");
      if (c_.faulty("stale-copy")) {
        target().set_lpcr(monitor_copy_);
      } else {
        monitor_copy_ = RtasCpus::kTemplateLpcr;
        target().set_lpcr(monitor_copy_);  // the monitor's copy once more
      }
      cpu.delay(500 * rig_.cycle());
      // The hypervisor's interrupts come at once, the decrementer waits for EE.
      c_.expect(taken_ == 2, "{} interrupts after the start, 2 expected", taken_);
      c_.expect(target().lpcr() == RtasCpus::kTemplateLpcr, "LPCR is {:#x} after the start",
                target().lpcr());
      stop_again_ = true;
      cpu.delay(200 * rig_.cycle());
    }
  }
  void expire() {
    const std::uint64_t msr = target().msr();
    target().set_msr(msr | ppc::msr::kHv);
    target().mtspr(spr::kDec, ~std::uint64_t{0});
    target().mtspr(spr::kHdec, ~std::uint64_t{0});
    target().set_msr(msr);
  }

  Context& c_;
  Rig& rig_;
  RtasCpus rtas_;
  RuleBook::Index diverged_;
  std::uint64_t monitor_copy_ = 0, hypervisor_copy_ = 0;
  unsigned taken_ = 0;
  bool stop_again_ = false;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.thread.faults.run_ignores_quiesced = c.faulty("lpcr-only");
  Rig rig(c, config);
  Scene scene(c, rig);
  rig.run(platform::kMillisecond);
}

}  // namespace

Scenario s3_7() {
  Scenario s;
  s.id = "S3.7";
  s.title = "LPCR copies diverge";
  s.reference = "scenarios.md 2 S3.7, 5.6";
  s.axes = {{"last", {kHypervisor, kMonitor}}, {"every_exit", {1, 0}}};
  s.faulty = {{.name = "lpcr-only",
               .what = "whether a stopped processor runs is left to its wake bits",
               .caught_by = {"CHK-QUIESCE"}},
              {.name = "stale-copy",
               .what = "the monitor's copy from before the start is written after it",
               .caught_by = {"CHK-RST"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
