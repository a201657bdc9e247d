// SPDX-License-Identifier: Apache-2.0
/// The device tree that a machine gives to skiboot: the smallest one that boots, with options
/// (skiboot-boot.md 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace xive::platform {

/// Where firmware finds its console.
enum class ConsoleKind : std::uint8_t {
  Root,  ///< 16550 as a child of the root: skiboot needs no LPC bus
  Lpc,   ///< 16550 behind the LPC bus of the first chip
  None,  ///< memory console only
};

struct TreeConfig {
  struct Chip {
    unsigned id = 0;
    std::uint64_t memory_base = 0, memory_size = 0;
  };
  struct Core {
    unsigned chip_id = 0;
    std::uint32_t first_pir = 0;
    unsigned threads = 1;
  };

  unsigned generation = 1;  ///< 1: POWER9 with XIVE, 2: POWER10 with XIVE2
  std::vector<Chip> chips;
  std::vector<Core> cores;
  std::uint32_t timebase_hz = 512'000'000;
  /// Nodes that switch on firmware's quirks for simulators. Without both firmware wants a
  /// time-of-day network.
  bool qemu = true;
  bool awan = true;
  bool xive = true;
  bool psi = false;
  ConsoleKind console = ConsoleKind::Root;
  std::uint64_t uart = 0;             ///< address of a root UART
  std::optional<std::uint64_t> exit;  ///< address of the exit device
  std::string bootargs;
  std::optional<std::uint64_t> kernel_base;
  std::uint64_t initrd = 0, initrd_size = 0;  ///< size 0: none
};

/// Flattened tree. Throws std::invalid_argument for a configuration without chips or cores.
std::vector<std::uint8_t> build_tree(const TreeConfig& config);

}  // namespace xive::platform
