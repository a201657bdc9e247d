// SPDX-License-Identifier: Apache-2.0
/// The direct controls of one core chiplet: the XSCOM registers through which firmware stops,
/// starts and resets threads (scenarios.md S3.5; POWER9 offsets and the XSCOM addresses of a core
/// are facts from the register definitions of open-power/skiboot, include/xscom-p9-regs.h and
/// xscom.h).
#pragma once

#include <cstdint>

#include "sc_models/platform/xscom.h"
#include "sc_models/ppc/core.h"

namespace xive::ppc {

enum class CoreGeneration : std::uint8_t { P9, P10 };

/// One chiplet controls four threads. A core of eight threads (fused) has two chiplets.
class DirectControls final : public platform::XscomUnit {
 public:
  static constexpr unsigned kThreads = 4;

  /// Threads `first_thread` .. +3 of `core`, as far as they exist.
  DirectControls(Core& core, CoreGeneration generation, unsigned first_thread = 0);

  /// PCB address of register 0 of the core's chiplet number `chiplet` (small core number).
  static std::uint32_t base(CoreGeneration generation, unsigned chiplet);
  /// Size of the address range of one chiplet.
  static std::uint32_t size(CoreGeneration generation);

  /// Register offsets from base().
  struct Registers {
    std::uint32_t direct_controls, ras_status, thread_state, thread_info;
  };
  static Registers registers(CoreGeneration generation);

  bool read(std::uint32_t offset, std::uint64_t& value) override;
  bool write(std::uint32_t offset, std::uint64_t value) override;

  /// Bits of DIRECT_CONTROLS that were written and mean nothing here.
  std::uint64_t unknown_bits() const { return unknown_bits_; }

 private:
  HardwareThread* thread(unsigned t) const;
  std::uint64_t ras_status() const;
  void control(std::uint64_t value);

  Core& core_;
  CoreGeneration generation_;
  unsigned first_thread_;
  std::uint64_t unknown_bits_ = 0;
};

}  // namespace xive::ppc
