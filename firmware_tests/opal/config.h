// SPDX-License-Identifier: Apache-2.0
/// What the firmware is told about the machine (in place of a device tree).
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "firmware_tests/opal/abi.h"
#include "firmware_tests/opal/fault.h"
#include "sc_models/platform/time.h"

namespace xive::opal {

struct ChipConfig {
  std::uint32_t chip_id = 0;
  /// Memory that belongs to the firmware. Default tables need 28 MiB with an 8 MiB boundary in it.
  std::uint64_t memory = 0x30000000;
  std::uint64_t memory_bytes = 0x04000000;
  std::vector<std::uint32_t> pirs;  ///< threads of this chip, ascending
};

struct Config {
  std::vector<ChipConfig> chips;  ///< a power of two of them; block n = chips[n]
  /// log2 of the interrupt numbers of a chip, 12 to 20.
  unsigned irq_order = 20;
  /// Numbers per chip that ALLOCATE_IRQ may hand out; 0: all that are left.
  std::uint32_t allocatable_irqs = 0;
  /// Firmware memory is known to be zero; otherwise zeroed with stores.
  bool memory_cleared = true;
  bool fused_cores = false;
  std::vector<Token> absent;  ///< calls that this build does not have
  Fault fault = Fault::None;
  /// Polls of one register, tries for the lock, before the firmware gives up with a typed error.
  unsigned poll_limit = 10000;
  platform::Time poll_interval = 100 * platform::kNanosecond;
};

/// The firmware cannot go on. A hang of the hardware ends here, never in an endless loop.
class FirmwareError : public std::runtime_error {
 public:
  enum class Kind : std::uint8_t {
    Hang,          ///< a bit that must change did not; `where` = address
    LockTimeout,   ///< the firmware's own lock was never released
    XscomFailed,   ///< where = PCB address
    NoMemory,      ///< where = bytes asked for
    ThreadEnable,  ///< a thread did not come up; where = PIR
  };
  FirmwareError(Kind kind, std::uint64_t where, const std::string& what)
      : std::runtime_error(what), kind_(kind), where_(where) {}
  Kind kind() const { return kind_; }
  std::uint64_t where() const { return where_; }

 private:
  Kind kind_;
  std::uint64_t where_;
};

}  // namespace xive::opal
