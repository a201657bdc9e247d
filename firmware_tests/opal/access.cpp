// SPDX-License-Identifier: Apache-2.0
// Registers by MMIO and XSCOM, bounded polling, firmware memory.
#include <fmt/format.h>

#include "firmware_tests/opal/firmware.h"

namespace xive::opal {

std::uint64_t Firmware::reg(Cpu& cpu, const Chip& chip, std::uint32_t offset) {
  return cpu.load64(chip.ic + offset);
}

void Firmware::set_reg(Cpu& cpu, const Chip& chip, std::uint32_t offset, std::uint64_t value) {
  cpu.store64(chip.ic + offset, value);
}

void Firmware::update_reg(Cpu& cpu, const Chip& chip, std::uint32_t offset, std::uint64_t clear,
                          std::uint64_t set) {
  set_reg(cpu, chip, offset, (reg(cpu, chip, offset) & ~clear) | set);
}

void Firmware::xscom_write(Cpu& cpu, const Chip& chip, std::uint32_t pcb, std::uint64_t value) {
  const std::uint64_t window = hw::kXscomBase + (std::uint64_t{chip.id} << hw::kChipShift);
  // HMER bits are sticky and cleared by writing 0 to them; completion sets them again.
  cpu.mtspr(hw::kSprHmer, ~(hw::kHmerDone | hw::kHmerFail | hw::kHmerStatus));
  cpu.sync();
  cpu.store64(window + (std::uint64_t{pcb} << 3U), value);
  for (unsigned n = 0; n < config_.poll_limit; ++n) {
    const std::uint64_t hmer = cpu.mfspr(hw::kSprHmer);
    if ((hmer & hw::kHmerDone) == 0) {
      cpu.delay(config_.poll_interval);
      continue;
    }
    if ((hmer & hw::kHmerFail) != 0) {
      throw FirmwareError(FirmwareError::Kind::XscomFailed, pcb,
                          fmt::format("XSCOM write {:#x} of chip {} failed", pcb, chip.id));
    }
    return;
  }
  throw FirmwareError(FirmwareError::Kind::Hang, pcb,
                      fmt::format("XSCOM write {:#x} of chip {} never completes", pcb, chip.id));
}

std::uint64_t Firmware::poll(Cpu& cpu, const Chip& chip, std::uint32_t offset, std::uint64_t mask,
                             std::uint64_t wanted, const char* what) {
  for (unsigned n = 0; n < config_.poll_limit; ++n) {
    const std::uint64_t value = reg(cpu, chip, offset);
    if ((value & mask) == wanted) return value;
    cpu.delay(config_.poll_interval);
  }
  throw FirmwareError(
      FirmwareError::Kind::Hang, chip.ic + offset,
      fmt::format("{} of chip {} does not end: register {:#x}", what, chip.id, offset));
}

void Firmware::memory_zero(Cpu& cpu, std::uint64_t address, std::uint64_t bytes) {
  for (std::uint64_t at = 0; at < bytes; at += 8) cpu.store64(address + at, 0);
}

std::uint64_t Firmware::take_memory(Chip& chip, std::uint64_t bytes, std::uint64_t align) {
  const std::uint64_t at = (chip.memory_next + align - 1) & ~(align - 1);
  if (at + bytes > chip.memory_end) {
    throw FirmwareError(
        FirmwareError::Kind::NoMemory, bytes,
        fmt::format("firmware memory of chip {} has no {:#x} bytes left", chip.id, bytes));
  }
  chip.memory_next = at + bytes;
  return at;
}

}  // namespace xive::opal
