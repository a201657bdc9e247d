// SPDX-License-Identifier: Apache-2.0
/// The platform that skiboot meets, on a Machine: devices of each chip, device tree and images in
/// memory, threads in their reset state (skiboot-boot.md 2, 3 and 6).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sc_models/machine/machine.h"
#include "sc_models/platform/device_tree/tree_builder.h"
#include "sc_models/platform/devices/exit_device.h"
#include "sc_models/platform/devices/lpc.h"
#include "sc_models/platform/devices/uart16550.h"
#include "sc_models/platform/image/loader.h"

namespace xive::machine {

struct PowerNvConfig {
  std::string firmware;                    ///< file; empty: none is loaded (tests)
  std::string payload;                     ///< file; empty: none, firmware says so and stops
  std::vector<std::uint8_t> payload_code;  ///< instead of a file
  std::string initrd;                      ///< file; empty: none
  std::string tree;                        ///< .dtb or .dts file; empty: built from what follows
  platform::ConsoleKind console = platform::ConsoleKind::Root;
  bool qemu = true;
  bool awan = true;
  bool psi = false;
  bool xive = true;
  std::string bootargs;
  platform::UnknownXscom unknown_xscom = platform::UnknownXscom::ReadZero;

  // Where things are.
  std::uint64_t firmware_address = 0;
  std::uint64_t tree_address = 0x01000000;
  std::uint64_t payload_address = 0x20000000;
  std::uint64_t initrd_address = 0x28000000;

  bool has_payload() const { return !payload.empty() || !payload_code.empty(); }
};

/// A machine that firmware can boot on: threads execute machine code, no sources of a PHB.
MachineConfig powernv_machine(MachineConfig config);

class PowerNv {
 public:
  /// Address map of what is not on the chip (chip 0's space).
  static constexpr std::uint64_t kExit = 0x000603f000000000;
  static constexpr std::uint64_t kRootUart =
      platform::LpcBus::kP9Base + platform::LpcBus::kIo + 0x3f8;
  static constexpr unsigned kUartInterrupt = 4;
  /// Entry of firmware in its image (`fdt_entry`), where it copies itself, its memory console.
  static constexpr std::uint64_t kEntry = 0x10, kFirmwareHome = 0x30000000,
                                 kMemoryConsole = 0x31000000;

  /// `machine` is not owned. Throws platform::FileError for files that cannot be used,
  /// platform::EnvironmentError for a missing program, std::invalid_argument for a machine that
  /// firmware cannot run on.
  PowerNv(Machine& machine, const PowerNvConfig& config);
  ~PowerNv();
  PowerNv(const PowerNv&) = delete;
  PowerNv& operator=(const PowerNv&) = delete;

  /// Every character that firmware prints.
  void set_console_output(std::function<void(std::uint8_t)> output);
  /// A store to the exit device; also stops the executor.
  void set_exit(std::function<void(std::uint32_t code, std::uint32_t pir)> handler) {
    exit_handler_ = std::move(handler);
  }
  platform::Uart16550& uart() { return uart_; }

  /// The flattened tree that firmware gets.
  const std::vector<std::uint8_t>& tree() const { return tree_; }
  /// Machine threads that the tree lists: these run, the others stay stopped.
  const std::vector<unsigned>& running() const { return running_; }
  const std::vector<platform::ImageLoader::Placed>& images() const { return loader_.placed(); }
  std::uint64_t entry() const { return entry_; }
  platform::LpcBus& lpc(unsigned chip);

  /// Text of the memory console, the last `limit` bytes; empty before firmware has begun it.
  std::string memory_console(std::size_t limit = 1U << 20U);

 private:
  struct ChipDevices;

  void build_devices();
  void load();
  platform::TreeConfig tree_config() const;
  void choose_threads(const std::string& tree_name);
  void reset_threads();

  Machine& machine_;
  PowerNvConfig config_;
  platform::Uart16550 uart_{0x3f8};
  platform::ExitDevice exit_;
  std::vector<std::unique_ptr<ChipDevices>> chips_;
  platform::ImageLoader loader_;
  std::vector<std::uint8_t> tree_;
  std::vector<unsigned> running_;
  std::uint64_t entry_ = kEntry;
  std::function<void(std::uint32_t, std::uint32_t)> exit_handler_;
};

}  // namespace xive::machine
