// SPDX-License-Identifier: Apache-2.0
// Interrupt sources: information, routing, numbers (xive-chip.md 7.2: 129 to 131, 139, 140).
#include <algorithm>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

void Firmware::set_esb(Cpu& cpu, const Source& source, std::uint64_t offset) {
  cpu.load64(source.eoi + offset);
}

/// End of interrupt at the source. An edge that came in the meantime (Q) is sent again.
void Firmware::eoi_source(Cpu& cpu, const Source& source) {
  if (source.store_eoi) {
    cpu.store64(source.eoi + hw::kEsbStoreEoi, 0);
  } else if (source.lsi) {
    cpu.load64(source.eoi + hw::kEsbEoi);
  } else if ((cpu.load64(source.eoi + hw::kEsbSet00) & hw::kQ) != 0) {
    cpu.store64(source.trigger != 0 ? source.trigger : source.eoi, 0);
  }
}

/// Back to the state of a number that nobody listens to.
void Firmware::mask_source(Cpu& cpu, std::uint32_t number) {
  const Chip& chip = chips_[girq::block(number)];
  const std::uint64_t at = eas_address(cpu, number);
  const std::uint64_t eas = cpu.load64(at) | hw::eas::kMasked;
  cpu.store64(at, hw::eas::with_data(eas, number));
  scrub_eas(cpu, chip, girq::index(number));
  if (const auto source = find_source(number)) set_esb(cpu, *source, hw::kEsbSet01);
}

std::int64_t Firmware::get_irq_info(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto source = find_source(a[0]);
  if (!source || a[1] == 0) return rc::kParameter;
  std::uint64_t flags = 0;
  if (source->own_trigger_page) flags |= irq_flag::kTriggerPage;
  if (source->lsi) flags |= irq_flag::kLsi;
  if (source->store_eoi) flags |= irq_flag::kStoreEoi;
  put_result(cpu, a[1], 8, flags);
  put_result(cpu, a[2], 8, source->eoi);
  put_result(cpu, a[3], 8, source->trigger);
  put_result(cpu, a[4], 4, source->shift);
  put_result(cpu, a[5], 4, chips_[girq::block(a[0])].id);
  return rc::kSuccess;
}

/// Routing as the tables in memory say. nullopt: no such interrupt, or its EAS is not valid.
std::optional<Firmware::Route> Firmware::route_of(Cpu& cpu, std::uint64_t number) {
  const std::uint64_t at = eas_address(cpu, number);
  if (at == 0) return std::nullopt;
  const std::uint64_t eas = cpu.load64(at);
  if ((eas & hw::eas::kValid) == 0) return std::nullopt;
  Route route;
  route.lirq = static_cast<std::uint32_t>(eas & hw::eas::kData);
  const Chip* chip = chip_of_block(hw::eas::end_block(eas));
  const std::uint64_t end = chip != nullptr ? end_address(cpu, *chip, hw::eas::end_index(eas)) : 0;
  if (end == 0) return route;
  const EndImage image = read_end(cpu, end);
  const Chip* target = chip_of_block(image[6] >> 19U & 0xfU);
  const std::uint64_t chip_id = target != nullptr ? target->id : 0;
  // The form of a physical thread, whatever the VP is: its number can not be told from here.
  route.vp = chip_id << 8U | (image[6] & 0x7fU);
  if ((eas & hw::eas::kMasked) == 0) route.prio = static_cast<std::uint8_t>(image[7] >> 16U);
  return route;
}

std::int64_t Firmware::get_irq_config(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto route = route_of(cpu, a[0]);
  if (!route) return rc::kParameter;
  put_result(cpu, a[1], 8, route->vp);
  put_result(cpu, a[2], 1, route->prio);
  put_result(cpu, a[3], 4, route->lirq);
  return rc::kSuccess;
}

std::int64_t Firmware::retarget(Cpu& cpu, std::uint64_t number, std::uint64_t vp,
                                std::uint64_t prio, std::uint32_t lirq, Chip*& old_target) {
  const std::uint64_t at = eas_address(cpu, number);
  if (at == 0) return rc::kParameter;
  const bool escalation = (number & girq::kEscalation) != 0;
  const std::uint64_t old = cpu.load64(at);
  if (!escalation && (old & hw::eas::kValid) == 0) return rc::kParameter;
  old_target = chip_of_block(hw::eas::end_block(old));
  std::uint64_t fresh = old & ~hw::eas::kMasked;
  // An escalation has no mask: it stays where it is.
  const bool mask = prio == kPrioMasked;
  if (mask && !escalation) fresh |= hw::eas::kMasked;
  if (!mask || !escalation) {
    const auto end = find_end(cpu, vp, mask ? kPriorities - 1 : prio);
    if (!end) return rc::kParameter;
    fresh = hw::eas::with_end(fresh, end->chip->blk, end->idx);
  }
  fresh = hw::eas::with_data(fresh, lirq);
  Chip& chip = chips_[girq::block(number)];
  const std::uint32_t idx = girq::index(number);
  if (escalation) {
    set_escalation(cpu, chip, idx, fresh | hw::eas::kValid);
    return rc::kSuccess;
  }
  if (!mask) chip.irq_enabled[idx] = true;
  cpu.store64(at, fresh);
  scrub_eas(cpu, chip, idx);
  return rc::kSuccess;
}

std::int64_t Firmware::set_irq_config(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  Chip* old_target = nullptr;
  const std::int64_t result =
      retarget(cpu, a[0], a[1], a[2], static_cast<std::uint32_t>(a[3]), old_target);
  if (result != rc::kSuccess) return result;
  // Events that took the old route have arrived when the call returns.
  sync_chip(cpu, chips_[girq::block(a[0])]);
  if (old_target != nullptr) sync_chip(cpu, *old_target);
  return rc::kSuccess;
}

std::int64_t Firmware::allocate_irq_on(Cpu& cpu, Chip& chip) {
  std::uint32_t end = chip.hw_bottom;
  if (config_.allocatable_irqs != 0) {
    end = std::min(end, chip.ipi_top + config_.allocatable_irqs);
  }
  std::uint32_t idx = chip.ipi_top;
  while (idx < end && chip.irq_used[idx]) ++idx;
  if (idx >= end) {
    return broken(Fault::B1MarkerAsIrq) ? static_cast<std::int64_t>(kNoIrq) : rc::kResource;
  }
  chip.irq_used[idx] = true;
  const std::uint32_t number = girq::make(chip.blk, idx);
  // Nothing of a free number is cached: no scrub.
  cpu.store64(chip.eas_table + 8ULL * idx, hw::eas::kValid | hw::eas::kMasked | number);
  cpu.sync();
  return number;
}

std::int64_t Firmware::allocate_irq(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  if (a[0] != kAnyChip) {
    Chip* chip = chip_of_id(a[0]);
    return chip != nullptr ? allocate_irq_on(cpu, *chip) : rc::kParameter;
  }
  const Thread* self = thread_of_pir(cpu.pir());
  Chip& own = chips_[self != nullptr ? self->blk : 0];
  std::int64_t result = allocate_irq_on(cpu, own);
  if (result >= 0 || broken(Fault::B2AnyChipIsFirst)) return result;
  for (Chip& chip : chips_) {
    result = allocate_irq_on(cpu, chip);
    if (result >= 0) return result;
  }
  return result;
}

std::int64_t Firmware::free_irq(Cpu& cpu, const Args& a) {
  if (!exploitation_) return rc::kWrongState;
  const auto source = find_source(a[0]);
  if (!source || source->escalation) return rc::kParameter;
  const std::uint64_t at = eas_address(cpu, a[0]);
  if (at == 0) return rc::kParameter;
  Chip& chip = chips_[girq::block(a[0])];
  const std::uint32_t idx = girq::index(a[0]);
  set_esb(cpu, *source, hw::kEsbSet01);
  // Valid and masked: an access that comes late or by speculation is no error.
  cpu.store64(at, broken(Fault::B7FreedEasInvalid) ? 0 : hw::eas::kValid | hw::eas::kMasked);
  scrub_eas(cpu, chip, idx);
  if (!chip.irq_used[idx]) return rc::kParameter;
  chip.irq_used[idx] = false;
  return rc::kSuccess;
}

std::optional<std::uint32_t> Firmware::allocate_hw_irqs(Cpu& cpu, unsigned blk,
                                                        std::uint32_t count) {
  Chip* chip = chip_of_block(blk);
  if (chip == nullptr || count == 0) return std::nullopt;
  std::uint32_t align = 1;
  while (align < count) align <<= 1U;
  if (chip->hw_bottom < chip->ipi_top + align) return std::nullopt;
  const std::uint32_t base = (chip->hw_bottom - count) & ~(align - 1U);
  for (std::uint32_t idx = base; idx < chip->hw_bottom; ++idx) {
    if (idx < chip->ipi_top || chip->irq_used[idx]) return std::nullopt;
  }
  chip->hw_bottom = base;
  for (std::uint32_t idx = base; idx < base + count; ++idx) {
    cpu.store64(chip->eas_table + 8ULL * idx,
                hw::eas::kValid | hw::eas::kMasked | girq::make(blk, idx));
  }
  cpu.sync();
  return girq::make(blk, base);
}

}  // namespace xive::opal
