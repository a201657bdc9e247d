// SPDX-License-Identifier: Apache-2.0
// XIVE_RESET (xive-chip.md 7.2: 128): everything that callers set up goes away.
#include <algorithm>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

std::int64_t Firmware::reset(Cpu& cpu, const Args& a) {
  if (a[0] > kModeExploitation) return rc::kParameter;
  for (Chip& chip : chips_) {
    for (std::uint32_t idx = 0; idx < chip.irq_enabled.size(); ++idx) {
      if (!chip.irq_enabled[idx]) continue;
      mask_source(cpu, girq::make(chip.blk, idx));
      chip.irq_enabled[idx] = false;
    }
  }
  // Nothing is on its way any more when the queues are taken away.
  if (!broken(Fault::B20ResetWithoutSync)) {
    for (Chip& chip : chips_) sync_chip(cpu, chip);
  }
  for (Chip& chip : chips_) reset_chip(cpu, chip);
  vps_ = Buddy(hw::kVpOrder);
  vps_.reserve(hw::kHwVpBase, hw::kHwVpOrder);
  exploitation_ = a[0] == kModeExploitation;
  for (Thread& thread : threads_) init_thread_vp(cpu, thread);
  return rc::kSuccess;
}

void Firmware::reset_chip(Cpu& cpu, Chip& chip) {
  std::fill(chip.irq_used.begin(), chip.irq_used.end(), false);

  for (std::uint32_t set = 1; set < chip.end_sets.size(); ++set) {
    if (!chip.end_sets[set]) continue;
    const std::uint32_t base = set * hw::kEndsPerSet;
    for (std::uint32_t idx = base; idx < base + hw::kEndsPerSet; ++idx) {
      const std::uint64_t at = end_address(cpu, chip, idx);
      if (at != 0 && (cpu.load32(at) & hw::end::kValid) != 0) clean_end(cpu, chip, idx);
    }
    const bool of_thread = std::any_of(threads_.begin(), threads_.end(), [&](const Thread& t) {
      return t.blk == chip.blk && t.ends == base;
    });
    if (!of_thread) free_end_set(chip, base);
  }

  if (!broken(Fault::B18ThreadNotReset)) {
    for (const Thread& thread : threads_) {
      if (thread.blk == chip.blk && thread.called_in) enable_thread(cpu, thread, true);
    }
  }

  for (std::uint32_t page = 0; page < hw::kVpTableEntries; ++page) {
    if (cpu.load64(chip.vp_table + 8ULL * page) == 0) continue;
    for (std::uint32_t idx = page * hw::kVpsPerPage; idx < (page + 1) * hw::kVpsPerPage; ++idx) {
      if (idx >> hw::kHwVpOrder == hw::kHwVpBase >> hw::kHwVpOrder) continue;
      const std::uint64_t at = vp_address(cpu, chip, idx);
      const std::uint64_t w01 = cpu.load64(at);
      if ((w01 >> 63U) != 0) {
        update_vp(cpu, chip, idx, Retry::Yes, [](VpImage& vp) { vp.fill(0); });
      } else if (w01 != 0) {
        cpu.store64(at, 0);  // allocated, never enabled: in no cache
      }
    }
  }
  chip.donated = 0;
  chip.donated_count = 0;
  if (broken(Fault::B10ResetKeepsSubpages)) return;
  const auto drop = [&](std::uint64_t table, std::uint32_t entries, bool pc) {
    for (std::uint32_t n = 0; n < entries; ++n) {
      const std::uint64_t vsd = cpu.load64(table + 8ULL * n);
      if (vsd != 0 && (vsd & hw::kVsdFirmware) == 0) cpu.store64(table + 8ULL * n, 0);
    }
    kill_indirect(cpu, chip, pc);
  };
  drop(chip.vp_table, hw::kVpTableEntries, true);
  drop(chip.end_table, hw::kEndTableEntries, false);
}

}  // namespace xive::opal
