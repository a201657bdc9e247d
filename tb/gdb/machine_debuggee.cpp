// SPDX-License-Identifier: Apache-2.0
#include "tb/gdb/machine_debuggee.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sc_models/machine/powernv/state_dump.h"
#include "sc_models/ppc/spr.h"
#include "tb/gdb/xive_monitor.h"

namespace xive::gdb {
namespace {

using ppc::ArchState;
namespace spr = ppc::spr;

/// Numbers of org.gnu.gdb.power.core.
enum Core : unsigned { kPc = 32, kMsr, kCr, kLr, kCtr, kXer, kFirstSpr };

struct Spr {
  const char* name;
  unsigned number;
};
constexpr std::array kSprs{
    Spr{"srr0", spr::kSrr0},   Spr{"srr1", spr::kSrr1},     Spr{"hsrr0", spr::kHsrr0},
    Spr{"hsrr1", spr::kHsrr1}, Spr{"dar", spr::kDar},       Spr{"dsisr", spr::kDsisr},
    Spr{"sprg0", spr::kSprg0}, Spr{"sprg1", 273},           Spr{"sprg2", 274},
    Spr{"sprg3", spr::kSprg3}, Spr{"hsprg0", spr::kHsprg0}, Spr{"hsprg1", spr::kHsprg1},
    Spr{"lpcr", spr::kLpcr},   Spr{"hfscr", spr::kHfscr},   Spr{"psscr", spr::kPsscr},
    Spr{"hmer", spr::kHmer},   Spr{"hmeer", spr::kHmeer},   Spr{"hid0", spr::kHid0},
    Spr{"dec", spr::kDec},     Spr{"hdec", spr::kHdec},     Spr{"tb", spr::kTb},
    Spr{"dpdes", spr::kDpdes}, Spr{"ptcr", spr::kPtcr},     Spr{"hrmor", spr::kHrmor},
    Spr{"pir", spr::kPir},     Spr{"pvr", spr::kPvr},       Spr{"cfar", spr::kCfar}};

unsigned width(unsigned number) {
  return number == kCr || number == kXer ? 4 : 8;
}

std::vector<std::uint8_t> bytes_of(std::uint64_t value, unsigned size, bool little) {
  std::vector<std::uint8_t> bytes(size);
  platform::to_big_endian(value, bytes);
  if (little) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

constexpr const char* kHelp =
    "monitor xive ...       state of the interrupt controllers; `monitor xive help` lists it\n"
    "monitor backtrace [N]  call stack of a thread by its back chain, with names\n"
    "monitor state [N]      registers and call stack of a thread\n"
    "monitor time           simulated time and instructions\n";

}  // namespace

MachineDebuggee::MachineDebuggee(machine::Machine& machine, std::vector<unsigned> threads,
                                 const platform::SymbolTable& symbols)
    : machine_(machine), threads_(std::move(threads)), symbols_(symbols) {}

unsigned MachineDebuggee::number_of(unsigned machine_thread) const {
  const auto found = std::find(threads_.begin(), threads_.end(), machine_thread);
  return found == threads_.end() ? 0 : static_cast<unsigned>(found - threads_.begin());
}

bool MachineDebuggee::little(unsigned thread) const {
  return (machine_.hardware_thread(threads_.at(thread)).msr() & ppc::msr::kLe) != 0;
}

std::string MachineDebuggee::describe(unsigned thread) const {
  const ppc::HardwareThread& hardware = machine_.hardware_thread(threads_.at(thread));
  const std::string name = symbols_.describe(hardware.nip());
  return fmt::format("PIR {:#x}, {}{}{}", hardware.config().pir, machine::run_state(hardware),
                     name.empty() ? "" : ", ", name);
}

std::string MachineDebuggee::target_xml() const {
  std::string xml =
      "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">"
      "<architecture>powerpc:common64</architecture><feature name=\"org.gnu.gdb.power.core\">";
  const auto reg = [&xml](const std::string& name, unsigned bits, const char* type) {
    xml += fmt::format("<reg name=\"{}\" bitsize=\"{}\" type=\"{}\"/>", name, bits, type);
  };
  for (unsigned n = 0; n < 32; ++n) reg(fmt::format("r{}", n), 64, "uint64");
  reg("pc", 64, "code_ptr");
  reg("msr", 64, "uint64");
  reg("cr", 32, "uint32");
  reg("lr", 64, "code_ptr");
  reg("ctr", 64, "uint64");
  reg("xer", 32, "uint32");
  xml += "</feature><feature name=\"xive-cosim.spr\">";
  for (const Spr& one : kSprs) reg(one.name, 64, "uint64");
  return xml + "</feature></target>";
}

unsigned MachineDebuggee::registers() const {
  return kFirstSpr + static_cast<unsigned>(kSprs.size());
}

std::vector<std::uint8_t> MachineDebuggee::read_register(unsigned thread, unsigned number) const {
  ppc::HardwareThread& hardware = machine_.hardware_thread(threads_.at(thread));
  const ArchState& regs = hardware.regs();
  std::uint64_t value = 0;
  if (number < 32) {
    value = regs.gpr.at(number);
  } else if (number == kPc) {
    value = regs.nip;
  } else if (number == kMsr) {
    value = regs.msr;
  } else if (number == kCr) {
    value = regs.cr;
  } else if (number == kLr) {
    value = regs.lr;
  } else if (number == kCtr) {
    value = regs.ctr;
  } else if (number == kXer) {
    value = regs.xer;
  } else {
    hardware.mfspr(kSprs.at(number - kFirstSpr).number, value);
  }
  return bytes_of(value, width(number), little(thread));
}

bool MachineDebuggee::write_register(unsigned thread, unsigned number,
                                     const std::vector<std::uint8_t>& bytes) {
  if (number >= registers() || bytes.size() != width(number)) return false;
  std::vector<std::uint8_t> big = bytes;
  if (little(thread)) std::reverse(big.begin(), big.end());
  const std::uint64_t value = platform::from_big_endian(big);
  ppc::HardwareThread& hardware = machine_.hardware_thread(threads_.at(thread));
  ArchState& regs = hardware.engine_regs();
  if (number < 32) {
    regs.gpr.at(number) = value;
  } else if (number == kPc) {
    hardware.set_nip(value);
  } else if (number == kMsr) {
    if (value != hardware.msr()) hardware.set_msr(value);
  } else if (number == kCr) {
    regs.cr = static_cast<std::uint32_t>(value);
  } else if (number == kLr) {
    regs.lr = value;
  } else if (number == kCtr) {
    regs.ctr = value;
  } else if (number == kXer) {
    regs.xer = value;
  } else {
    // A debugger writes all registers to change one: what is equal must not count as a write.
    const Spr& one = kSprs.at(number - kFirstSpr);
    std::uint64_t now = 0;
    hardware.mfspr(one.number, now);
    return now == value || hardware.mtspr(one.number, value) == ppc::Trap::None;
  }
  return true;
}

std::optional<std::vector<std::uint8_t>> MachineDebuggee::read_memory(unsigned thread,
                                                                      std::uint64_t address,
                                                                      std::size_t length) {
  std::vector<std::uint8_t> data(length);
  if (!cpu(thread).read_memory(address, data)) return std::nullopt;
  return data;
}

bool MachineDebuggee::write_memory(unsigned thread, std::uint64_t address,
                                   const std::vector<std::uint8_t>& bytes) {
  return cpu(thread).write_memory(address, bytes);
}

void MachineDebuggee::breakpoint(std::uint64_t address, bool on) {
  const auto known = std::find(breakpoints_.begin(), breakpoints_.end(), address);
  if (on == (known != breakpoints_.end())) return;
  if (on) {
    breakpoints_.push_back(address);
  } else {
    breakpoints_.erase(known);
  }
  for (unsigned n = 0; n < threads(); ++n) {
    on ? cpu(n).add_breakpoint(address) : cpu(n).remove_breakpoint(address);
  }
}

void MachineDebuggee::watchpoint(Watch kind, std::uint64_t address, std::uint64_t length, bool on) {
  const Watched watched{kind, address, length};
  const auto known = std::find(watchpoints_.begin(), watchpoints_.end(), watched);
  if (on == (known != watchpoints_.end())) return;
  if (on) {
    watchpoints_.push_back(watched);
  } else {
    watchpoints_.erase(known);
  }
  const ppc::iss::Watchpoint point{address, length, kind != Watch::Write, kind != Watch::Read};
  for (unsigned n = 0; n < threads(); ++n) {
    on ? cpu(n).add_watchpoint(point) : cpu(n).remove_watchpoint(point);
  }
}

Debuggee::Watch MachineDebuggee::watch_at(std::uint64_t address) const {
  for (const Watched& watched : watchpoints_) {
    if (address - watched.address < watched.length) return watched.kind;
  }
  return Watch::Write;
}

void MachineDebuggee::step(unsigned thread) {
  cpu(thread).step(1);
}

void MachineDebuggee::clear() {
  while (!breakpoints_.empty()) breakpoint(breakpoints_.back(), false);
  while (!watchpoints_.empty()) {
    const Watched last = watchpoints_.back();
    watchpoint(last.kind, last.address, last.length, false);
  }
}

std::string MachineDebuggee::monitor(std::string_view command) {
  const std::size_t space = std::min(command.find(' '), command.size());
  const std::string_view word = command.substr(0, space);
  const std::string_view rest = command.substr(std::min(space + 1, command.size()));
  if (word == "xive") return xive_monitor(machine_, rest);
  if (word == "time") {
    std::string text =
        fmt::format("{:.6f} ms\n", static_cast<double>(machine_.executor().now()) / 1e9);
    for (unsigned n = 0; n < threads(); ++n) {
      text += fmt::format("thread {}: {} instructions\n", n + 1, cpu(n).instructions());
    }
    return text;
  }
  if (word == "state" || word == "backtrace") {
    unsigned number = 1;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const bool given = !rest.empty();
    if (given && (error != std::errc() || end != rest.data() + rest.size() || number == 0 ||
                  number > threads())) {
      return fmt::format("expected a thread from 1 to {}\n", threads());
    }
    const unsigned thread = number - 1;
    if (word == "state") return dump_thread(machine_, threads_[thread], symbols_);
    std::string text;
    unsigned depth = 0;
    for (const machine::StackFrame& frame : backtrace(machine_, threads_[thread])) {
      text += fmt::format("#{:<2} {:#018x} {}\n", depth++, frame.address,
                          symbols_.describe(frame.address));
    }
    return text;
  }
  return kHelp;
}

}  // namespace xive::gdb
