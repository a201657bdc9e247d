// SPDX-License-Identifier: Apache-2.0
// Virtual processors and what they need (xive-chip.md 7.2: 134 to 138).
#include <algorithm>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

std::int64_t Firmware::donate_page(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  Chip* chip = chip_of_id(a[0]);
  if (chip == nullptr || (a[1] & (kProvisionPageBytes - 1)) != 0) return rc::kParameter;
  // Free pages are chained through their first doubleword.
  cpu.store64(a[1], chip->donated);
  chip->donated = a[1];
  ++chip->donated_count;
  return rc::kSuccess;
}

std::int64_t Firmware::allocate_vp_block(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  // Each chip gets an equal part of the block, at the same indices.
  const auto order = static_cast<unsigned>(
      std::min<std::uint64_t>(std::max<std::uint64_t>(a[0], block_bits_ + 1U), 0xff));
  const unsigned part = order - block_bits_;
  if (part > hw::kVpOrder) return rc::kResource;
  const auto first = vps_.allocate(part);
  if (!first) return rc::kResource;
  const std::uint32_t count = std::uint32_t{1} << part;

  const auto provide = [&]() -> std::int64_t {
    for (Chip& chip : chips_) {
      const std::uint32_t last_page = (*first + count - 1U) / hw::kVpsPerPage;
      for (std::uint32_t page = *first / hw::kVpsPerPage; page <= last_page; ++page) {
        if (!provide_page(cpu, chip, chip.vp_table, page)) return rc::kProvisioning;
      }
    }
    for (Chip& chip : chips_) {
      for (std::uint32_t idx = *first; idx < *first + count; ++idx) {
        const EndSet set = allocate_end_set(cpu, chip);
        if (set.rc != rc::kSuccess) return set.rc;
        const std::uint64_t at = vp_address(cpu, chip, idx);
        memory_zero(cpu, at, hw::kVpBytes);
        cpu.store32(at + 4, chip.blk << 28U | set.base);
      }
    }
    cpu.sync();
    return rc::kSuccess;
  };
  const std::int64_t result = provide();
  if (result == rc::kSuccess) return encode_vp(order, *first);
  release_vps(cpu, *first, count);
  vps_.release(*first, part);
  return result;
}

std::int64_t Firmware::free_vp_block(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto vp = decode_vp(a[0]);
  if (!vp || vp->physical || vp->chip->blk != 0) return rc::kParameter;
  const unsigned part = vp_id::order(a[0]) - block_bits_;
  const unsigned checked = broken(Fault::B13FreeChecksWholeOrder) ? part + block_bits_ : part;
  if (part > hw::kVpOrder || (vp->idx & ((std::uint32_t{1} << checked) - 1U)) != 0) {
    return rc::kParameter;
  }
  // The block of the hardware threads is taken, but not by a caller.
  if (vp->idx == hw::kHwVpBase && part == hw::kHwVpOrder) return rc::kParameter;
  if (!vps_.is_allocated(vp->idx, part)) return rc::kParameter;
  const std::uint32_t count = std::uint32_t{1} << part;
  for (Chip& chip : chips_) {
    for (std::uint32_t idx = vp->idx; idx < vp->idx + count; ++idx) {
      const std::uint64_t at = vp_address(cpu, chip, idx);
      if (at == 0) return rc::kInternalError;
      if ((cpu.load32(at) & 0x80000000U) != 0) return rc::kFreeActive;
    }
  }
  release_vps(cpu, vp->idx, count);
  vps_.release(vp->idx, part);
  return rc::kSuccess;
}

std::int64_t Firmware::get_vp_info(Cpu& cpu, const Args& a) {
  const auto vp = decode_vp(a[0]);
  const auto base = vp ? base_end(cpu, *vp) : std::nullopt;
  if (!base) return rc::kParameter;
  const VpImage image = read_vp(cpu, vp_address(cpu, *vp->chip, vp->idx));
  std::uint64_t flags = 0;
  if ((image[0] & 0x80000000U) != 0) flags |= vp_flag::kEnabled;
  const std::uint64_t gather = end_address(cpu, *base->chip, base->idx + kPriorities - 1U);
  if ((cpu.load32(gather) & hw::end::kSilent) != 0) flags |= vp_flag::kSingleEscalation;
  put_result(cpu, a[1], 8, flags);
  put_result(cpu, a[2], 8, vp->chip->blk << 19U | vp->idx);
  put_result(cpu, a[3], 8, std::uint64_t{image[6] & 0x0fffffffU} << 32U | (image[7] & 0xffffff00U));
  put_result(cpu, a[4], 4, vp->chip->id);
  return rc::kSuccess;
}

/// On: the last END of the VP gathers the escalations of the others and is no queue any more.
std::int64_t Firmware::set_single_escalation(Cpu& cpu, const VpRef& vp, const EndRef& base,
                                             bool on) {
  Chip& chip = *base.chip;
  constexpr std::uint32_t kGather = kPriorities - 1;
  const std::uint32_t gather = base.idx + kGather;
  const std::uint32_t w0 = cpu.load32(end_address(cpu, chip, gather));
  const bool silent = (w0 & hw::end::kSilent) != 0;
  std::int64_t result = rc::kSuccess;
  if (on) {
    if ((w0 & hw::end::kValid) != 0 && !silent) return rc::kParameter;  // an ordinary queue
    if (!silent) {
      result = update_end(cpu, chip, gather, Retry::No, [&](EndImage& end) {
        end[0] = (end[0] & hw::end::kFirmware) | hw::end::kValid | hw::end::kSilent |
                 hw::end::kEscalate | hw::end::kBacklog;
        end[1] = hw::end::kEsnQ;
        end[2] = end[3] = 0;
        end[6] = vp.chip->blk << 19U | vp.idx;
        end[7] = kGather << 16U;
      });
    }
    const unsigned last = broken(Fault::B3EscalationSkipsEnd6) ? kGather - 1U : kGather;
    for (unsigned n = 0; n < last && result == rc::kSuccess; ++n) {
      result = update_end(cpu, chip, base.idx + n, Retry::No, [&](EndImage& end) {
        end[0] |= hw::end::kUncond;
        end[4] = 0x80000000U | chip.blk << 24U | gather;
        end[5] = 0;
      });
    }
    return result;
  }
  if (silent) {
    result = update_end(cpu, chip, gather, Retry::No, [](EndImage& end) {
      const std::uint32_t keep = end[0] & hw::end::kFirmware;
      end.fill(0);
      end[0] = keep;
      end[1] = hw::end::kEsnQ | hw::end::kEseQ;
    });
  }
  for (unsigned n = 0; n < kGather && result == rc::kSuccess; ++n) {
    const std::uint32_t old = cpu.load32(end_address(cpu, chip, base.idx + n));
    if ((old & hw::end::kUncond) == 0) continue;
    result = update_end(cpu, chip, base.idx + n, Retry::No,
                        [](EndImage& end) { end[0] &= ~(hw::end::kUncond | hw::end::kEscalate); });
  }
  return result;
}

std::int64_t Firmware::set_vp_info(Cpu& cpu, const Args& a) {
  const std::uint64_t flags = a[1], report = a[2];
  const auto vp = decode_vp(a[0]);
  const auto base = vp ? base_end(cpu, *vp) : std::nullopt;
  if (!base || (report & 0xffU) != 0) return rc::kParameter;
  if ((flags & vp_flag::kEnabled) == 0) {
    return update_vp(cpu, *vp->chip, vp->idx, Retry::No,
                     [](VpImage& image) { image[0] = image[6] = image[7] = 0; });
  }
  const bool single = (flags & vp_flag::kSingleEscalation) != 0;
  const std::int64_t result = set_single_escalation(cpu, *vp, *base, single);
  if (result != rc::kSuccess) return result;
  return update_vp(cpu, *vp->chip, vp->idx, Retry::No, [&](VpImage& image) {
    image[0] |= 0x80000000U;
    image[6] = static_cast<std::uint32_t>(report >> 32U) & 0x0fffffffU;
    image[7] = static_cast<std::uint32_t>(report);
  });
}

}  // namespace xive::opal
