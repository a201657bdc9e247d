// SPDX-License-Identifier: Apache-2.0
/// What a host bridge does with an address that one of its devices uses: a message (MSI), memory
/// behind the translation table of a DMA window, or nothing. Only as much as interrupts need
/// (scenarios.md S6.1).
#pragma once

#include <cstdint>
#include <optional>

#include "sc_models/platform/memory_port.h"

namespace xive::platform {

class DmaWindow {
 public:
  struct Config {
    std::uint64_t base = 0;
    std::uint64_t size = std::uint64_t{1} << 43U;
    unsigned page_shift = 16;
    /// First and last address of the region inside the window that is not memory: the bridge's own
    /// 32-bit MMIO space, with the MSI port in it. first > last: there is none.
    std::uint64_t hole_first = 0x80000000, hole_last = 0xffffffff;
    /// MSI port: a 4-byte store in [msi_port, msi_port + msi_bytes) is a message.
    std::uint64_t msi_port = 0xffff0000, msi_bytes = 0x10000;
    std::uint64_t tables = 0;  ///< in memory; entries of the first level, 0: nothing mapped
    /// Address bits that the second level decodes; the rest of the page number is for the first.
    unsigned second_level_bits = 13;
    /// Fault: the window is looked at before the hole is.
    bool hole_ignored = false;
  };
  enum class Kind : std::uint8_t { Message, Memory, Refused };
  struct Decision {
    Kind kind = Kind::Refused;
    std::uint64_t address = 0;  ///< Memory: where it is
    bool walked = false;        ///< the translation table was read
  };

  DmaWindow(const Config& config, MemoryPort& memory) : config_(config), memory_(memory) {}

  /// A store (`write`) or load of a device.
  Decision decide(std::uint64_t address, unsigned size, bool write) const {
    const bool in_hole = inside(address, size);
    if (in_hole && !config_.hole_ignored) {
      const bool port =
          address >= config_.msi_port && address - config_.msi_port < config_.msi_bytes;
      if (port && write && size == 4 && address % 4 == 0) return {Kind::Message, 0, false};
      return {};
    }
    if (address < config_.base || address - config_.base >= config_.size) return {};
    const auto entry = entry_of(address);
    // Bits of a translation entry: 63 store, 62 load (IBM order).
    if (!entry || (*entry & (write ? kWrite : kRead)) == 0) return {Kind::Refused, 0, true};
    const std::uint64_t offset = address & ((std::uint64_t{1} << config_.page_shift) - 1);
    return {Kind::Memory, (*entry & ~kFlags) + offset, true};
  }

  static constexpr std::uint64_t kRead = 1, kWrite = 2, kFlags = 0xfff;

 private:
  /// Any byte of the access lies in the hole.
  bool inside(std::uint64_t address, unsigned size) const {
    return config_.hole_first <= config_.hole_last && address <= config_.hole_last &&
           address + size - 1 >= config_.hole_first;
  }
  std::optional<std::uint64_t> entry_of(std::uint64_t address) const {
    if (config_.tables == 0) return std::nullopt;
    const std::uint64_t page = (address - config_.base) >> config_.page_shift;
    const std::uint64_t mask = (std::uint64_t{1} << config_.second_level_bits) - 1;
    const auto level =
        load_be<8>(memory_, config_.tables + 8 * (page >> config_.second_level_bits));
    if (!level || (*level & (kRead | kWrite)) == 0) return std::nullopt;
    return load_be<8>(memory_, (*level & ~kFlags) + 8 * (page & mask));
  }

  Config config_;
  MemoryPort& memory_;
};

}  // namespace xive::platform
