// SPDX-License-Identifier: Apache-2.0
// Where things are: numbers of the interface to chips, table entries and ESB pages.
#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

Firmware::Chip* Firmware::chip_of_id(std::uint64_t id) {
  for (Chip& chip : chips_) {
    if (chip.id == id) return &chip;
  }
  return nullptr;
}

Firmware::Thread* Firmware::thread_of_pir(std::uint64_t pir) {
  for (Thread& thread : threads_) {
    if (thread.pir == pir) return &thread;
  }
  return nullptr;
}

std::uint64_t Firmware::end_address(Cpu& cpu, const Chip& chip, std::uint32_t idx) {
  if (idx >= hw::kEnds) return 0;
  const std::uint64_t vsd = cpu.load64(chip.end_table + 8ULL * (idx / hw::kEndsPerPage));
  if (vsd == 0) return 0;
  return (vsd & hw::kVsdAddress) + std::uint64_t{hw::kEndBytes} * (idx % hw::kEndsPerPage);
}

std::uint64_t Firmware::vp_address(Cpu& cpu, const Chip& chip, std::uint32_t idx) {
  if (idx >= hw::kVps) return 0;
  const std::uint64_t vsd = cpu.load64(chip.vp_table + 8ULL * (idx / hw::kVpsPerPage));
  if (vsd == 0) return 0;
  return (vsd & hw::kVsdAddress) + std::uint64_t{hw::kVpBytes} * (idx % hw::kVpsPerPage);
}

std::optional<Firmware::VpRef> Firmware::decode_vp(std::uint64_t vp) {
  if (vp > 0xffffffff || (vp & vp_id::kGroup) != 0) return std::nullopt;
  if ((vp & vp_id::kVirtual) == 0) {
    Thread* thread = thread_of_pir(vp);
    if (thread == nullptr) return std::nullopt;
    return VpRef{&chips_[thread->blk], thread->vp, true};
  }
  const unsigned order = vp_id::order(vp);
  if (order <= block_bits_) return std::nullopt;
  const auto idx = static_cast<std::uint32_t>(vp & 0xffffffU);
  const unsigned low_bits = order - block_bits_;
  const std::uint32_t low_mask = (std::uint32_t{1} << low_bits) - 1U;
  VpRef ref;
  ref.chip = &chips_[idx >> low_bits & (static_cast<std::uint32_t>(chips_.size()) - 1U)];
  ref.idx = (idx >> block_bits_ & ~low_mask) | (idx & low_mask);
  if (ref.idx >= hw::kVps) return std::nullopt;
  return ref;
}

/// Id of the first VP of a block whose part on each chip begins at `idx`.
std::uint32_t Firmware::encode_vp(unsigned order, std::uint32_t idx) const {
  return static_cast<std::uint32_t>(vp_id::kVirtual) | order << 24U | idx << block_bits_;
}

/// First END of a VP: firmware keeps it in word 1 of the VP; 0 = the VP is not allocated.
std::optional<Firmware::EndRef> Firmware::base_end(Cpu& cpu, const VpRef& vp) {
  const std::uint64_t at = vp_address(cpu, *vp.chip, vp.idx);
  if (at == 0) return std::nullopt;
  const std::uint32_t w1 = cpu.load32(at + 4);
  if (w1 == 0) return std::nullopt;
  Chip* chip = chip_of_block(w1 >> 28U);
  if (chip == nullptr) return std::nullopt;
  return EndRef{chip, w1 & 0x0fffffffU};
}

std::optional<Firmware::EndRef> Firmware::find_end(Cpu& cpu, std::uint64_t vp, std::uint64_t prio) {
  if (prio >= kPriorities) return std::nullopt;
  const auto ref = decode_vp(vp);
  if (!ref) return std::nullopt;
  auto end = base_end(cpu, *ref);
  if (!end) return std::nullopt;
  end->idx += static_cast<std::uint32_t>(prio);
  if (end_address(cpu, *end->chip, end->idx) == 0) return std::nullopt;
  return end;
}

std::optional<Firmware::Source> Firmware::find_source(std::uint64_t number) {
  if (number >= 2ULL * girq::kEscalation) return std::nullopt;
  const Chip* chip = chip_of_block(girq::block(number));
  if (chip == nullptr) return std::nullopt;
  const std::uint32_t idx = girq::index(number);
  Source source;
  source.shift = hw::kPairShift;
  if ((number & girq::kEscalation) != 0) {
    source.escalation = true;
    source.eoi = end_page(*chip, idx) + hw::kPage;
    if (broken(Fault::B15TriggerPages)) source.trigger = end_page(*chip, idx);
    source.own_trigger_page = broken(Fault::B15TriggerPages);
    return source;
  }
  for (const SourceUnit& unit : sources_) {
    if (number < unit.first_girq || number - unit.first_girq >= unit.count) continue;
    const auto n = static_cast<std::uint32_t>(number - unit.first_girq);
    source.shift = unit.page_shift;
    source.eoi = unit.esb + (std::uint64_t{n} << unit.page_shift);
    source.lsi = n >= unit.first_lsi;
    if (!source.lsi && unit.msi_trigger && !broken(Fault::B15TriggerPages)) {
      source.trigger = source.eoi;
    }
    return source;
  }
  if (idx >= chip->hw_bottom) return std::nullopt;
  source.trigger = chip->vc + idx * hw::kPair;
  source.eoi = source.trigger + hw::kPage;
  source.own_trigger_page = true;
  source.store_eoi = broken(Fault::B17StoreEoiEnabled);
  return source;
}

std::uint64_t Firmware::eas_address(Cpu& cpu, std::uint64_t number) {
  if (number >= 2ULL * girq::kEscalation) return 0;
  const Chip* chip = chip_of_block(girq::block(number));
  if (chip == nullptr) return 0;
  const std::uint32_t idx = girq::index(number);
  if ((number & girq::kEscalation) == 0) {
    return idx >> config_.irq_order == 0 ? chip->eas_table + 8ULL * idx : 0;
  }
  const std::uint64_t end = end_address(cpu, *chip, idx);
  // With single escalation the END's own escalation target is the firmware's business.
  if (end == 0 || (cpu.load32(end) & hw::end::kUncond) != 0) return 0;
  return end + 16;
}

Firmware::EndImage Firmware::read_end(Cpu& cpu, std::uint64_t address) {
  EndImage image;
  for (unsigned w = 0; w < image.size(); ++w) image.at(w) = cpu.load32(address + 4ULL * w);
  return image;
}

Firmware::VpImage Firmware::read_vp(Cpu& cpu, std::uint64_t address) {
  VpImage image;
  for (unsigned w = 0; w < image.size(); ++w) image.at(w) = cpu.load32(address + 4ULL * w);
  return image;
}

}  // namespace xive::opal
