// SPDX-License-Identifier: Apache-2.0
// Event queues (xive-chip.md 7.2: 132, 133).
#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

std::int64_t Firmware::get_queue_info(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto end = find_end(cpu, a[0], a[1]);
  if (!end) return rc::kParameter;
  const EndImage image = read_end(cpu, end_address(cpu, *end->chip, end->idx));
  // With single escalation all escalations of the VP come from its last END.
  const bool single = (image[0] & hw::end::kUncond) != 0;
  put_result(cpu, a[5], 4, girq::escalation(end->chip->blk, end->idx | (single ? 7U : 0U)));
  std::uint64_t page = 0, size = 0, eoi = 0, flags = 0;
  if ((image[0] & hw::end::kSilent) == 0) {
    if ((image[0] & hw::end::kEnqueue) != 0) {
      page = std::uint64_t{image[2] & 0x0fffffffU} << 32U | image[3];
      size = 12U + (image[0] >> 16U & 0xfU);
    }
    eoi = end_page(*end->chip, end->idx);
    if ((image[0] & hw::end::kValid) != 0) flags |= queue_flag::kEnabled;
    if ((image[0] & hw::end::kNotify) != 0) flags |= queue_flag::kAlwaysNotify;
    if ((image[0] & hw::end::kEscalate) != 0) flags |= queue_flag::kEscalate;
  }
  put_result(cpu, a[2], 8, page);
  put_result(cpu, a[3], 8, size);
  put_result(cpu, a[4], 8, eoi);
  put_result(cpu, a[6], 8, flags);
  return rc::kSuccess;
}

std::int64_t Firmware::set_queue_info(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const std::uint64_t prio = a[1], page = a[2], size = a[3], flags = a[4];
  const auto end = find_end(cpu, a[0], prio);
  if (!end) return rc::kParameter;
  const VpRef vp = *decode_vp(a[0]);
  if ((cpu.load32(end_address(cpu, *end->chip, end->idx)) & hw::end::kSilent) != 0) {
    return rc::kParameter;  // belongs to single escalation
  }
  if (size != 0 && size != 12 && size != 16 && size != 21 && size != 24) return rc::kParameter;
  if ((flags & queue_flag::kEnabled) == 0) {
    return update_end(cpu, *end->chip, end->idx, Retry::No, [](EndImage& image) {
      const std::uint32_t keep = image[0] & hw::end::kFirmware;
      image.fill(0);
      image[0] = keep;
      image[1] = hw::end::kEsnQ | hw::end::kEseQ;
    });
  }
  return update_end(cpu, *end->chip, end->idx, Retry::No, [&](EndImage& image) {
    const bool was_valid = (image[0] & hw::end::kValid) != 0;
    std::uint32_t w0 = image[0] & ~(hw::end::kEnqueue | 0x000f0000U);
    const auto set = [&](std::uint32_t bit, bool on) {
      if (on) {
        w0 |= bit;
      } else if (!broken(Fault::B5QueueFlagsStick)) {
        w0 &= ~bit;
      }
    };
    if (size != 0) {
      w0 |= hw::end::kEnqueue | static_cast<std::uint32_t>(size - 12U) << 16U;
      image[2] = static_cast<std::uint32_t>(page >> 32U) & 0x0fffffffU;
      image[3] = static_cast<std::uint32_t>(page);
    }
    set(hw::end::kNotify, (flags & queue_flag::kAlwaysNotify) != 0);
    set(hw::end::kEscalate, (flags & queue_flag::kEscalate) != 0);
    image[0] = w0 | hw::end::kValid | hw::end::kBacklog;
    if (!was_valid || !broken(Fault::B6QueueNotReset)) {
      image[1] = hw::end::kGeneration | (image[1] & hw::end::kEsBits);
    }
    image[6] = vp.chip->blk << 19U | vp.idx;
    image[7] = static_cast<std::uint32_t>(prio) << 16U;
  });
}

}  // namespace xive::opal
