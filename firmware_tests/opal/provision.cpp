// SPDX-License-Identifier: Apache-2.0
// Pages of the indirect tables, END sets, and giving VPs back.
#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

/// Hardware does not remember an empty entry, so a new page needs no kill; it must be clean before
/// it can be seen.
void Firmware::give_page(Cpu& cpu, std::uint64_t entry, std::uint64_t page, bool firmware) {
  cpu.lwsync();
  cpu.store64(entry, hw::kVsdExclusive | (firmware ? hw::kVsdFirmware : 0) | page | hw::kVsd64K);
}

/// Page `number` of an indirect table is there afterwards; false: nothing was donated.
bool Firmware::provide_page(Cpu& cpu, Chip& chip, std::uint64_t table, std::uint32_t number) {
  const std::uint64_t entry = table + 8ULL * number;
  if (cpu.load64(entry) != 0) return true;
  if (booting_) {
    const std::uint64_t page = take_memory(chip, kProvisionPageBytes, kProvisionPageBytes);
    if (!config_.memory_cleared) memory_zero(cpu, page, kProvisionPageBytes);
    give_page(cpu, entry, page, true);
    return true;
  }
  if (chip.donated == 0) return false;
  const std::uint64_t page = chip.donated;
  chip.donated = cpu.load64(page);
  --chip.donated_count;
  memory_zero(cpu, page, kProvisionPageBytes);
  give_page(cpu, entry, page, false);
  return true;
}

Firmware::EndSet Firmware::allocate_end_set(Cpu& cpu, Chip& chip) {
  std::uint32_t set = 0;
  while (set < chip.end_sets.size() && chip.end_sets[set]) ++set;
  if (set == chip.end_sets.size()) return {rc::kResource, 0};
  const std::uint32_t base = set * hw::kEndsPerSet;
  if (broken(Fault::B11EndSetLeaks)) chip.end_sets[set] = true;
  if (!provide_page(cpu, chip, chip.end_table, base / hw::kEndsPerPage)) {
    return {rc::kProvisioning, 0};
  }
  chip.end_sets[set] = true;
  return {rc::kSuccess, base};
}

/// The image of an END that nobody uses: both ESBs off.
void Firmware::clean_end(Cpu& cpu, Chip& chip, std::uint32_t idx) {
  update_end(cpu, chip, idx, Retry::Yes, [](EndImage& end) {
    const std::uint32_t keep = end[0] & hw::end::kFirmware;
    end.fill(0);
    end[0] = keep;
    end[1] = hw::end::kEsnQ | hw::end::kEseQ;
  });
}

/// Ends what VPs [first, first + count) own on every chip: their ENDs and their base.
void Firmware::release_vps(Cpu& cpu, std::uint32_t first, std::uint32_t count) {
  for (Chip& chip : chips_) {
    for (std::uint32_t idx = first; idx < first + count; ++idx) {
      const auto base = base_end(cpu, {&chip, idx, false});
      if (!base) continue;
      const unsigned ends = broken(Fault::B4FreeKeepsEnd7) ? 7U : 8U;
      for (unsigned n = 0; n < ends; ++n) {
        const std::uint64_t at = end_address(cpu, *base->chip, base->idx + n);
        if ((cpu.load32(at) & hw::end::kValid) != 0) clean_end(cpu, *base->chip, base->idx + n);
      }
      cpu.store32(vp_address(cpu, chip, idx) + 4, 0);
      free_end_set(*base->chip, base->idx);
    }
  }
}

}  // namespace xive::opal
