// SPDX-License-Identifier: Apache-2.0
// State that moves with a guest (xive-chip.md 7.2: 143, 144, 170).
#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

std::int64_t Firmware::get_queue_state(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto end = find_end(cpu, a[0], a[1]);
  if (!end) return rc::kParameter;
  scrub_end(cpu, *end->chip, end->idx);
  const std::uint64_t at = end_address(cpu, *end->chip, end->idx);
  if ((cpu.load32(at) & hw::end::kValid) == 0) return rc::kWrongState;
  const std::uint32_t w1 = cpu.load32(at + 4);
  put_result(cpu, a[2], 4, (w1 & hw::end::kGeneration) != 0 ? 1 : 0);
  put_result(cpu, a[3], 4, w1 & hw::end::kPageOff);
  return rc::kSuccess;
}

std::int64_t Firmware::set_queue_state(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto end = find_end(cpu, a[0], a[1]);
  if (!end) return rc::kParameter;
  const std::uint64_t at = end_address(cpu, *end->chip, end->idx);
  if ((cpu.load32(at) & hw::end::kValid) == 0) return rc::kWrongState;
  const std::int64_t result =
      update_end(cpu, *end->chip, end->idx, Retry::No, [&](EndImage& image) {
        image[1] &= ~(hw::end::kGeneration | hw::end::kPageOff);
        image[1] |= (a[2] != 0 ? hw::end::kGeneration : 0U) |
                    (static_cast<std::uint32_t>(a[3]) & hw::end::kPageOff);
      });
  return broken(Fault::ConflictIgnored) ? rc::kSuccess : result;
}

std::int64_t Firmware::get_vp_state(Cpu& cpu, const Args& a) {
  const auto vp = decode_vp(a[0]);
  if (!vp || !base_end(cpu, *vp)) return rc::kParameter;
  scrub_vp(cpu, *vp->chip, vp->idx);
  const std::uint64_t at = vp_address(cpu, *vp->chip, vp->idx);
  if ((cpu.load32(at) & 0x80000000U) == 0) return rc::kWrongState;
  // Words 4 and 5: the saved context; of it only the pending bits are defined.
  put_result(cpu, a[1], 8, cpu.load64(at + 16));
  return rc::kSuccess;
}

}  // namespace xive::opal
