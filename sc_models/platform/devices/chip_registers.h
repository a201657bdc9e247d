// SPDX-License-Identifier: Apache-2.0
/// XSCOM registers of a POWER9 chip that firmware reads or writes on its way and that do nothing
/// here (skiboot-boot.md 6.1).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sc_models/platform/xscom.h"

namespace xive::platform {

class ChipRegisters {
 public:
  static constexpr std::uint64_t kNimbusId = 0x220d104900008000;

  struct Config {
    std::uint64_t id = kNimbusId;  ///< register 0xf000f: type and EC level
    unsigned small_cores = 4;      ///< cores of four threads, numbered from 0
  };

  /// Adds the registers to `router`, which must not outlive this object's use.
  ChipRegisters(const Config& config, XscomRouter& router);

  /// PCB address of the NCU special BAR that serves small core `core` and its neighbour.
  static std::uint32_t ncu_special_bar(unsigned core);
  /// What firmware wrote there, 0 before.
  std::uint64_t ncu_bar(unsigned core);

 private:
  XscomConstants id_, ecid_, pba_, engine_;
  std::deque<XscomConstants> ncu_;
};

}  // namespace xive::platform
