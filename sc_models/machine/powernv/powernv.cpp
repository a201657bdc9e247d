// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/powernv/powernv.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sc_models/platform/device_tree/tree_check.h"
#include "sc_models/platform/devices/chip_registers.h"
#include "sc_models/platform/devices/psi_bridge.h"
#include "sc_models/platform/image/file.h"

namespace xive::machine {

using platform::ChipRegisters;
using platform::FileError;
using platform::LpcBus;
using platform::PsiBridge;

struct PowerNv::ChipDevices {
  ChipDevices(std::uint64_t lpc_base, const ChipRegisters::Config& config,
              platform::XscomRouter& router)
      : lpc(lpc_base), registers(config, router) {}
  LpcBus lpc;
  ChipRegisters registers;
  std::unique_ptr<PsiBridge> psi;
};

MachineConfig powernv_machine(MachineConfig config) {
  if (config.execution == Execution::Host) config.execution = Execution::Iss;
  config.msi_sources = 0;
  config.lsi_sources = 0;
  return config;
}

PowerNv::PowerNv(Machine& machine, const PowerNvConfig& config)
    : machine_(machine),
      config_(config),
      exit_(kExit,
            [this](std::uint32_t code, const platform::Requester& who) {
              if (exit_handler_) exit_handler_(code, who.pir);
              machine_.executor().stop();
            }),
      loader_(machine.memory()) {
  if (machine.config().threads > 4) {
    throw std::invalid_argument("platform: firmware needs cores of 1 to 4 threads");
  }
  build_devices();
  load();
  reset_threads();
}

PowerNv::~PowerNv() = default;

void PowerNv::build_devices() {
  for (unsigned n = 0; n < machine_.chips(); ++n) {
    platform::Hop& way = machine_.hops().at(HopId::Mmio, n);
    ChipRegisters::Config registers;
    registers.small_cores = machine_.config().cores;
    chips_.push_back(std::make_unique<ChipDevices>(machine_.chip_address(n, LpcBus::kP9Base),
                                                   registers, machine_.xscom(n)));
    ChipDevices& chip = *chips_.back();
    machine_.xscom(n).set_unknown(config_.unknown_xscom);
    // Lies inside of the region of the interrupt controllers.
    machine_.bus().map({.name = fmt::format("lpc {}", machine_.chip_id(n)),
                        .base = machine_.chip_address(n, LpcBus::kP9Base),
                        .size = LpcBus::kSize,
                        .target = &chip.lpc,
                        .priority = 1,
                        .hop = &way});
    PsiBridge::Config psi;
    psi.name = fmt::format("psi {}", machine_.chip_id(n));
    psi.id = static_cast<std::uint8_t>(0x80U | n);
    psi.base = machine_.chip_address(n, PsiBridge::kP9Base);
    psi.hop = &way;
    chip.psi = std::make_unique<PsiBridge>(psi, machine_.bus(), machine_.chip(n).environment(),
                                           machine_.chip(n));
    machine_.xscom(n).map(PsiBridge::kP9Xscom, PsiBridge::kXscomCount, *chip.psi, "psi");
    chip.lpc.set_routed_output([&chip](unsigned route, bool level) {
      chip.psi->set_level(PsiBridge::LpcSerial0 + route, level);
    });
    chip.lpc.set_error_output(
        [&chip](bool level) { chip.psi->set_level(PsiBridge::LpcHost, level); });
  }
  LpcBus& first = chips_.front()->lpc;
  first.map_io(0x3f8, platform::Uart16550::kSize, uart_);
  uart_.set_interrupt([&first](bool level) { first.set_interrupt(kUartInterrupt, level); });
  machine_.bus().map({.name = "exit device",
                      .base = kExit,
                      .size = platform::ExitDevice::kSize,
                      .target = &exit_,
                      .priority = 1,
                      .hop = &machine_.hops().at(HopId::Mmio)});
}

platform::TreeConfig PowerNv::tree_config() const {
  const MachineConfig& machine = machine_.config();
  platform::TreeConfig tree;
  tree.generation = machine.generation;
  const std::uint64_t share = machine.memory_bytes / machine.chips & ~std::uint64_t{0xfffffff};
  if (share == 0) {
    throw std::invalid_argument("platform: at least 256 MiB of memory for each chip expected");
  }
  for (unsigned n = 0; n < machine.chips; ++n) {
    // What does not divide belongs to the last chip.
    const std::uint64_t base = n * share;
    tree.chips.push_back(
        {machine_.chip_id(n), base, n + 1 == machine.chips ? machine.memory_bytes - base : share});
    for (unsigned core = 0; core < machine.cores; ++core) {
      const unsigned first = (n * machine.cores + core) * machine.threads;
      tree.cores.push_back({machine_.chip_id(n), machine_.pir(first), machine.threads});
    }
  }
  tree.timebase_hz = static_cast<std::uint32_t>(machine.thread.timebase_hz);
  tree.qemu = config_.qemu;
  tree.awan = config_.awan;
  tree.xive = config_.xive;
  tree.psi = config_.psi;
  tree.console = config_.console;
  tree.uart = machine_.chip_address(0, kRootUart);
  tree.exit = kExit;
  tree.bootargs = config_.bootargs;
  if (config_.has_payload()) tree.kernel_base = config_.payload_address;
  return tree;
}

void PowerNv::load() {
  if (!config_.firmware.empty()) {
    entry_ = loader_.firmware(config_.firmware, config_.firmware_address, kEntry);
  }
  if (!config_.payload.empty()) {
    loader_.payload(config_.payload, config_.payload_address);
  } else if (!config_.payload_code.empty()) {
    loader_.place("built-in payload", config_.payload_address, config_.payload_code);
  }
  std::uint64_t initrd_size = 0;
  if (!config_.initrd.empty()) {
    loader_.raw(config_.initrd, config_.initrd_address);
    initrd_size = loader_.placed().back().last - loader_.placed().back().first + 1;
  }
  std::string name = "device tree";
  if (config_.tree.empty()) {
    platform::TreeConfig tree = tree_config();
    tree.initrd = config_.initrd_address;
    tree.initrd_size = initrd_size;
    tree_ = platform::build_tree(tree);
    platform::check_tree(tree_, name);
  } else {
    name = config_.tree;
    tree_ = platform::load_tree(config_.tree);
    platform::ChosenChange change;
    if (config_.has_payload()) change.kernel_base = config_.payload_address;
    change.initrd = config_.initrd_address;
    change.initrd_size = initrd_size;
    change.bootargs = config_.bootargs;
    change_chosen(tree_, name, change);
  }
  choose_threads(name);
  loader_.place(name, config_.tree_address, tree_);
}

void PowerNv::choose_threads(const std::string& tree_name) {
  const platform::TreeFacts facts = platform::tree_facts(tree_);
  if (facts.memory_end > machine_.memory().size()) {
    throw FileError(tree_name, fmt::format("memory up to {:#x}, the machine has {:#x} bytes",
                                           facts.memory_end, machine_.memory().size()));
  }
  for (const std::uint32_t pir : facts.pirs) {
    const unsigned thread = machine_.thread_of_pir(pir);
    if (thread == machine_.threads()) {
      throw FileError(tree_name, fmt::format("lists a thread with PIR {:#x}, the machine has none "
                                             "(set chips, cores and threads)",
                                             pir));
    }
    running_.push_back(thread);
  }
  if (running_.empty()) throw FileError(tree_name, "no CPU with status \"okay\"");
  std::sort(running_.begin(), running_.end());
}

void PowerNv::reset_threads() {
  ppc::ArchState state;
  state.nip = entry_;
  state.msr = ppc::msr::kSf | ppc::msr::kHv;
  state.gpr[3] = config_.tree_address;
  state.lpcr = 0xc;
  for (unsigned n = 0; n < machine_.threads(); ++n) {
    const bool runs = std::binary_search(running_.begin(), running_.end(), n);
    machine_.hardware_thread(n).reset(state, !runs, !runs);
  }
}

void PowerNv::set_console_output(std::function<void(std::uint8_t)> output) {
  uart_.set_output(std::move(output));
}

platform::LpcBus& PowerNv::lpc(unsigned chip) {
  return chips_.at(chip)->lpc;
}

std::string PowerNv::memory_console(std::size_t limit) {
  constexpr std::size_t kLength = (1U << 20U) - 16;
  std::vector<std::uint8_t> data(kLength);
  if (!machine_.memory().read(kMemoryConsole, data)) return {};
  const auto end = std::find(data.begin(), data.end(), 0);
  std::string text(data.begin(), end);
  if (text.size() > limit) text.erase(0, text.size() - limit);
  return text;
}

}  // namespace xive::machine
