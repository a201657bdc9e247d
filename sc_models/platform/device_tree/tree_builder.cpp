// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/device_tree/tree_builder.h"

#include <fmt/format.h>

#include <stdexcept>

#include "sc_models/platform/device_tree/fdt_writer.h"

namespace xive::platform {
namespace {

constexpr unsigned kChipShift = 42;  ///< POWER9
constexpr std::uint64_t kXscom = 0x000603fc00000000, kXscomSize = 0x400000000;
constexpr std::uint64_t kLpc = 0x0006030000000000;
constexpr std::uint32_t kLpcPhandle = 0x8000, kSpeed = 115200, kClock = 1843200, kUartInterrupt = 4;

class Tree {
 public:
  explicit Tree(const TreeConfig& config) : config_(config) {}

  std::vector<std::uint8_t> write() {
    out_.begin("");
    out_.cell("#address-cells", 2);
    out_.cell("#size-cells", 2);
    out_.text("model", config_.generation == 1 ? "xive-cosim POWER9" : "xive-cosim POWER10");
    out_.text("compatible", "ibm,powernv");
    quirks();
    chosen();
    for (const auto& chip : config_.chips) memory(chip);
    cpus();
    for (const auto& chip : config_.chips) xscom(chip);
    if (config_.console == ConsoleKind::Root) root_uart();
    if (config_.console == ConsoleKind::Lpc) lpc();
    if (config_.exit) exit_device();
    out_.end();
    return out_.finish();
  }

 private:
  void quirks() {
    if (config_.qemu) {
      out_.begin("qemu");
      out_.end();
    }
    if (config_.awan) {
      out_.begin("awan");
      out_.text("device_type", "core");
      out_.end();
    }
  }

  void chosen() {
    out_.begin("chosen");
    if (!config_.bootargs.empty()) out_.text("bootargs", config_.bootargs);
    if (config_.kernel_base) out_.wide("kernel-base-address", {*config_.kernel_base});
    if (config_.initrd_size != 0) {
      out_.cell("linux,initrd-start", static_cast<std::uint32_t>(config_.initrd));
      out_.cell("linux,initrd-end",
                static_cast<std::uint32_t>(config_.initrd + config_.initrd_size));
    }
    out_.end();
  }

  void memory(const TreeConfig::Chip& chip) {
    out_.begin(fmt::format("memory@{:x}", chip.memory_base));
    out_.text("device_type", "memory");
    out_.wide("reg", {chip.memory_base, chip.memory_size});
    out_.cell("ibm,chip-id", chip.id);
    out_.end();
  }

  void cpus() {
    out_.begin("cpus");
    out_.cell("#address-cells", 1);
    out_.cell("#size-cells", 0);
    const char* name = config_.generation == 1 ? "PowerPC,POWER9" : "PowerPC,POWER10";
    for (const auto& core : config_.cores) {
      out_.begin(fmt::format("{}@{:x}", name, core.first_pir));
      out_.text("device_type", "cpu");
      out_.cell("reg", core.first_pir);
      out_.text("status", "okay");
      out_.cell("ibm,chip-id", core.chip_id);
      out_.cell("ibm,pir", core.first_pir);
      out_.cell("timebase-frequency", config_.timebase_hz);
      out_.cell("clock-frequency", 2'000'000'000);
      out_.cell("d-cache-block-size", 128);
      out_.cell("d-cache-line-size", 128);
      out_.cell("d-cache-size", 0x8000);
      out_.cell("i-cache-block-size", 128);
      out_.cell("i-cache-line-size", 128);
      out_.cell("i-cache-size", 0x8000);
      std::vector<std::uint32_t> servers;
      for (unsigned t = 0; t < core.threads; ++t) servers.push_back(core.first_pir + t);
      out_.cells("ibm,ppc-interrupt-server#s", servers);
      out_.end();
    }
    out_.end();
  }

  void xscom(const TreeConfig::Chip& chip) {
    const std::uint64_t base = kXscom + (std::uint64_t{chip.id} << kChipShift);
    out_.begin(fmt::format("xscom@{:x}", base));
    out_.texts("compatible",
               {config_.generation == 1 ? "ibm,power9-xscom" : "ibm,power10-xscom", "ibm,xscom"});
    out_.wide("reg", {base, kXscomSize});
    out_.cell("ibm,chip-id", chip.id);
    out_.cell("ibm,primary-topology-index", chip.id);
    out_.cell("#address-cells", 1);
    out_.cell("#size-cells", 1);
    if (config_.xive) {
      const bool p9 = config_.generation == 1;
      out_.begin(p9 ? "xive@5013000" : "xive@2010800");
      out_.text("compatible", p9 ? "ibm,power9-xive-x" : "ibm,power10-xive-x");
      out_.cells("reg", p9 ? std::vector<std::uint32_t>{0x5013000, 0x300}
                           : std::vector<std::uint32_t>{0x2010800, 0x400});
      out_.end();
    }
    if (config_.psi) {
      const bool p9 = config_.generation == 1;
      out_.begin(p9 ? "psihb@5012900" : "psihb@3011d00");
      out_.texts("compatible", {p9 ? "ibm,power9-psihb-x" : "ibm,power10-psihb-x", "ibm,psihb-x"});
      out_.cells("reg", {p9 ? 0x5012900U : 0x3011d00U, 0x100});
      out_.end();
    }
    out_.end();
  }

  void uart_properties() {
    out_.text("device_type", "serial");
    out_.text("compatible", "ns16550");
    out_.cell("current-speed", kSpeed);
    out_.cell("clock-frequency", kClock);
  }

  void root_uart() {
    out_.begin(fmt::format("serial@{:x}", config_.uart));
    uart_properties();
    out_.wide("reg", {config_.uart, 8});
    out_.end();
  }

  void lpc() {
    const unsigned chip = config_.chips.front().id;
    const std::uint64_t base = kLpc + (std::uint64_t{chip} << kChipShift);
    const auto high = static_cast<std::uint32_t>(base >> 32U);
    out_.begin(fmt::format("lpcm-opb@{:x}", base));
    out_.texts("compatible", {"ibm,power9-lpcm-opb", "simple-bus"});
    out_.cell("ibm,chip-id", chip);
    out_.empty("primary");
    out_.wide("reg", {base, std::uint64_t{1} << 32U});
    out_.cell("#address-cells", 1);
    out_.cell("#size-cells", 1);
    constexpr std::uint32_t kHalf = 0x80000000;
    out_.cells("ranges", {0, high, 0, kHalf, kHalf, high, kHalf, kHalf});
    out_.begin("lpc@0");
    out_.texts("compatible", {"ibm,power9-lpc", "ibm,lpc"});
    out_.empty("primary");
    out_.cell("phandle", kLpcPhandle);
    out_.cell("#address-cells", 2);
    out_.cell("#size-cells", 1);
    out_.cells("ranges", {0, 0, 0xe0000000, 0x10000000, 1, 0, 0xd0010000, 0x10000, 3, 0, 0xf0000000,
                          0x10000000});
    out_.begin("serial@i3f8");
    uart_properties();
    out_.cells("reg", {1, 0x3f8, 8});
    if (config_.psi) {  // the way of LPC interrupts
      out_.cell("interrupts", kUartInterrupt);
      out_.cell("interrupt-parent", kLpcPhandle);
    }
    out_.end();
    out_.end();
    out_.end();
  }

  void exit_device() {
    out_.begin(fmt::format("exit@{:x}", *config_.exit));
    out_.text("compatible", "xive-cosim,exit");
    out_.wide("reg", {*config_.exit, 0x10000});
    out_.end();
  }

  const TreeConfig& config_;
  FdtWriter out_;
};

}  // namespace

std::vector<std::uint8_t> build_tree(const TreeConfig& config) {
  if (config.chips.empty() || config.cores.empty()) {
    throw std::invalid_argument("device tree: at least one chip and one core expected");
  }
  return Tree(config).write();
}

}  // namespace xive::platform
