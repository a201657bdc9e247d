// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

/// XIVE_SYNC (xive-chip.md 7.2: 141).
std::int64_t Firmware::sync(Cpu& cpu, const Args& a) {
  if ((a[0] & ~(sync_type::kEas | sync_type::kQueue)) != 0) return rc::kParameter;
  const std::uint64_t at = eas_address(cpu, a[1]);
  if (at == 0) return rc::kParameter;
  Chip* target = nullptr;
  if ((a[0] & sync_type::kQueue) != 0) {
    const std::uint64_t eas = cpu.load64(at);
    Chip* chip = chip_of_block(hw::eas::end_block(eas));
    const std::uint64_t end =
        chip != nullptr ? end_address(cpu, *chip, hw::eas::end_index(eas)) : 0;
    if (end == 0) return rc::kParameter;
    target = chip_of_block(cpu.load32(end + 24) >> 19U & 0xfU);
    if (target == nullptr) return rc::kParameter;
  }
  if ((a[0] & sync_type::kEas) != 0) sync_chip(cpu, chips_[girq::block(a[1])]);
  if (target != nullptr) sync_chip(cpu, *target);
  return rc::kSuccess;
}

}  // namespace xive::opal
