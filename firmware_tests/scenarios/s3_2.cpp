// SPDX-License-Identifier: Apache-2.0
// S3.2: whatever comes for a stopped thread waits until start-cpu, and is then taken in order.
#include <array>
#include <vector>

#include "firmware_tests/scenarios/rtas_cpus.h"
#include "firmware_tests/scenarios/scenarios.h"

namespace xive::scenarios {
namespace {

using ppc::Cause;
namespace spr = ppc::spr;

/// In the order in which they are taken by a guest that first runs with EE=0, then with EE=1.
constexpr std::array<Cause, 9> kOrder = {Cause::SystemReset,
                                         Cause::MachineCheck,
                                         Cause::Hmi,
                                         Cause::HypervisorDecrementer,
                                         Cause::HypervisorVirtualization,
                                         Cause::HypervisorDoorbell,
                                         Cause::External,
                                         Cause::Decrementer,
                                         Cause::PrivilegedDoorbell};
constexpr std::uint64_t kEntry = 0x9000, kHmi = ppc::ibm_bit(0);

class Scene {
 public:
  Scene(Context& c, Rig& rig) : c_(c), rig_(rig), rtas_(rig) {
    rig.program(0, [this](Cpu& cpu) { boss(cpu); });
    rig.machine().set_program(1, [this](Cpu& cpu) { first(cpu); });
    rig.machine().programs()[kEntry] = [this](Cpu& cpu) { started(cpu); };
  }

 private:
  ppc::HardwareThread& target() { return rig_.machine().hardware_thread(1); }

  void raise(Cause cause) {
    switch (cause) {
      case Cause::SystemReset:
        return target().raise_system_reset();
      case Cause::MachineCheck:
        return target().raise_machine_check();
      case Cause::Hmi:
        return target().set_hmer(kHmi);
      case Cause::HypervisorDecrementer:
        return expire(spr::kHdec);
      case Cause::Decrementer:
        return expire(spr::kDec);
      case Cause::HypervisorVirtualization:
        return target().set_hypervisor_virtualization(true);
      case Cause::External:
        return target().set_external(true);
      default:
        return target().set_doorbell(cause, true);
    }
  }
  /// The monitor writes the counter of a stopped thread, in the hypervisor's place.
  void expire(unsigned which) {
    const std::uint64_t msr = target().msr();
    const bool hypervisor = (msr & ppc::msr::kHv) != 0;
    if (!hypervisor) target().set_msr(msr | ppc::msr::kHv);
    target().mtspr(which, ~std::uint64_t{0});
    if (!hypervisor) target().set_msr(msr);
  }

  void first(Cpu& cpu) {
    cpu.mtspr(spr::kHmeer, kHmi);
    cpu.mtspr(spr::kHdec, 0x7fffffff);
    for (const Cause cause : kOrder) {
      for (const VectorSpace space : {VectorSpace::Host, VectorSpace::Guest}) {
        cpu.set_handler(space, ppc::info(cause).vector,
                        [this](Cpu& h, InterruptFrame& frame) { taken(h, frame); });
      }
    }
    rtas_.stop_self(cpu, 1);
  }
  void taken(Cpu& cpu, InterruptFrame& frame) {
    taken_.push_back(*frame.cause);
    switch (*frame.cause) {
      case Cause::Hmi:
        cpu.mtspr(spr::kHmer, 0);
        break;
      case Cause::HypervisorDecrementer:
        cpu.mtspr(spr::kHdec, 0x7fffffff);
        break;
      case Cause::Decrementer:
        cpu.mtspr(spr::kDec, 0x7fffffff);
        break;
      case Cause::HypervisorVirtualization:
        cpu.thread().set_hypervisor_virtualization(false);
        break;
      case Cause::External:
        cpu.thread().set_external(false);
        break;
      default:
        break;
    }
  }
  /// After start-cpu.
  void started(Cpu& cpu) {
    c_.expect(cpu.gpr(3) == 0x1234 + set_, "r3 is {:#x}", cpu.gpr(3));
    cpu.execute(10);
    cpu.set_ee(true);
    while (!stop_again_) cpu.execute(10);
    cpu.set_ee(false);
    stop_again_ = false;
    rtas_.stop_self(cpu, 1);
  }

  void boss(Cpu& cpu) {
    const std::uint64_t pece = c_["pece"] != 0 ? ppc::lpcr::kWakeMask : 0;
    while (!target().quiesced()) cpu.delay(100 * rig_.cycle());
    c_.stimulus();
    for (set_ = 1; set_ < 1U << kOrder.size(); ++set_) round(cpu, pece);
  }
  void round(Cpu& cpu, std::uint64_t pece) {
    // The hypervisor's copy of LPCR brings wake bits back.
    target().set_lpcr(target().lpcr() | pece);
    taken_.clear();
    const std::int64_t lead = c_["lead"];
    const auto raise_all = [this] {
      for (unsigned n = 0; n < kOrder.size(); ++n) {
        if ((set_ >> n & 1U) != 0) raise(kOrder[n]);
      }
    };
    const Time start = cpu.now() + 300 * rig_.cycle();
    rig_.at(static_cast<Time>(static_cast<std::int64_t>(start) -
                              lead * static_cast<std::int64_t>(rig_.cycle())),
            raise_all);
    cpu.delay(start - cpu.now());
    if (lead > 0) {
      target().update_time();
      c_.expect(taken_.empty(), "set {:#x}: {} taken while stopped", set_, taken_.size());
      for (unsigned n = 0; n < kOrder.size(); ++n) {
        if ((set_ >> n & 1U) == 0) continue;
        c_.expect(target().pending().has(kOrder[n]), "set {:#x}: {} is not pending", set_,
                  ppc::info(kOrder[n]).name);
      }
    }
    const std::int64_t result = rtas_.start(cpu, 1, kEntry, 0x1234 + set_);
    c_.expect(result == 0, "start-cpu gave {}", result);
    if (c_.faulty("late-completion")) target().set_gpr(3, 0);
    cpu.delay(1000 * rig_.cycle());
    std::vector<Cause> expected;
    for (unsigned n = 0; n < kOrder.size(); ++n) {
      if ((set_ >> n & 1U) != 0) expected.push_back(kOrder[n]);
    }
    c_.expect(taken_.size() == expected.size(), "set {:#x}: {} of {} taken", set_, taken_.size(),
              expected.size());
    c_.expect(lead <= 0 || taken_ == expected, "set {:#x}: taken in another order", set_);
    stop_again_ = true;
    const Time end = cpu.now() + 100 * platform::kMicrosecond;
    while (!target().quiesced() && cpu.now() < end) cpu.delay(20 * rig_.cycle());
  }

  Context& c_;
  Rig& rig_;
  RtasCpus rtas_;
  unsigned set_ = 0;
  bool stop_again_ = false;
  std::vector<Cause> taken_;
};

void body(Context& c) {
  MachineConfig config = p9();
  config.thread.faults.run_ignores_quiesced = c.faulty("lpcr-only");
  config.thread.faults.request_ignores_quiesced = c.faulty("kicked");
  Rig rig(c, config);
  Scene scene(c, rig);
  rig.run(20 * platform::kMillisecond);
}

}  // namespace

Scenario s3_2() {
  Scenario s;
  s.id = "S3.2";
  s.title = "Every asynchronous cause against a stopped thread";
  s.reference = "scenarios.md 2 S3.2, 5.6";
  s.axes = {{"lead", {100, 20, 1, 0, -1, -20, -100}}, {"pece", {0, 1}}};
  s.faulty = {{.name = "lpcr-only",
               .what = "only the wake bits of LPCR keep a stopped thread down",
               .caught_by = {"CHK-QUIESCE"},
               .at = {{"pece", 1}}},
              {.name = "kicked",
               .what = "a stopped thread is kicked",
               .caught_by = {"CHK-QUIESCE"},
               .at = {{"pece", 1}}},
              {.name = "late-completion",
               .what = "the result of an older call is written into r3 after start-cpu",
               .caught_by = {"CHK-RST"}}};
  s.body = body;
  return s;
}

}  // namespace xive::scenarios
