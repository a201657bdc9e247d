// SPDX-License-Identifier: Apache-2.0
/// The RTAS calls of a partition about its processors (scenarios.md 4.3), as its virtual machine
/// monitor serves them.
#pragma once

#include <cstdint>
#include <map>

#include "firmware_tests/scenarios/rig.h"
#include "firmware_tests/scenarios/rules/chk_rtas.h"
#include "firmware_tests/scenarios/rules/chk_stop.h"
#include "firmware_tests/scenarios/steps.h"

namespace xive::scenarios {

/// Ways to get it wrong, for faulty variants.
enum class RtasFault : std::uint8_t {
  None,
  QueryFromHalted,  ///< "stopped" is answered for every sleeping processor (S3.3)
  QueryTooEarly,    ///< "stopped" as soon as stop-self was called (S3.3)
  StartsCeded,      ///< start-cpu takes a sleeping processor for a stopped one (S3.4)
  StartNotAtomic,   ///< test of the flag and start are apart (S3.4)
};

class RtasCpus {
 public:
  static constexpr std::uint64_t kTemplateLpcr =
      ppc::lpcr::kHvice | ppc::lpcr::kHdice | ppc::lpcr::kLpes0 | ppc::lpcr::kWakeMask;

  explicit RtasCpus(Rig& rig, RtasFault fault = RtasFault::None)
      : rig_(rig), fault_(fault), results_(rig.rules().context()), stops_(rig.rules().context()) {
    rig.machine().observe_threads(stops_);
  }
  ChkStop& stops() { return stops_; }

  std::int64_t query(Cpu& cpu, unsigned id) {
    cpu.execute(1);
    const ppc::HardwareThread& target = rig_.machine().hardware_thread(id);
    std::int64_t state = ChkRtas::kNotStopped;
    if (fault_ == RtasFault::QueryFromHalted ? target.halted() : target.quiesced()) {
      state = ChkRtas::kStopped;
    } else if (stopping_[id]) {
      state = fault_ == RtasFault::QueryTooEarly ? ChkRtas::kStopped : ChkRtas::kStopping;
    }
    results_.query(target, stopping_[id], state);
    return state;
  }

  std::int64_t start(Cpu& cpu, unsigned id, std::uint64_t entry, std::uint64_t r3) {
    cpu.execute(1);
    if (id >= rig_.machine().threads()) {
      results_.start_unknown(id, ChkRtas::kParameter);
      return ChkRtas::kParameter;
    }
    ppc::HardwareThread& target = rig_.machine().hardware_thread(id);
    const bool may = target.quiesced() || (fault_ == RtasFault::StartsCeded && target.halted());
    if (fault_ == RtasFault::StartNotAtomic) cpu.delay(40 * rig_.cycle());
    const bool was_stopped = target.quiesced();
    const ppc::ArchState before = target.regs();
    std::int64_t result = ChkRtas::kHardware;
    if (may) {
      result = ChkRtas::kOk;
      stopping_[id] = false;
      stops_.started(target);
      if (!target.start_cpu(entry, r3, kTemplateLpcr, 0)) {
        // The faulty monitor writes the registers all the same.
        target.set_gpr(3, r3);
        target.set_nip(entry);
        target.set_msr(kGuestKernel);
      }
    }
    results_.start(target, was_stopped, before, result);
    return result;
  }

  /// `cpu` stops itself; the call takes some time before the flag is set.
  void stop_self(Cpu& cpu, unsigned id) {
    stopping_[id] = true;
    cpu.execute(20);
    rig_.at(rig_.now(), [this, id] { note_stop(id); });
    cpu.stop_self();
  }

 private:
  /// The flag is set in the same instant, or a little later.
  void note_stop(unsigned id) {
    ppc::HardwareThread& thread = rig_.machine().hardware_thread(id);
    if (thread.quiesced()) {
      stops_.stopped(thread);
    } else {
      rig_.at(rig_.now() + rig_.cycle(), [this, id] { note_stop(id); });
    }
  }

  Rig& rig_;
  RtasFault fault_;
  ChkRtas results_;
  ChkStop stops_;
  std::map<unsigned, bool> stopping_;
};

}  // namespace xive::scenarios
