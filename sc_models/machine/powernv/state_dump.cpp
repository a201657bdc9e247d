// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/powernv/state_dump.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <optional>

#include "sc_models/ppc/registers.h"

namespace xive::machine {
namespace {

/// Real addresses: the top four bits of an effective address do not count.
constexpr std::uint64_t kRealMask = 0x0fffffffffffffff;

std::optional<std::uint64_t> read_doubleword(Machine& machine, std::uint64_t address, bool little) {
  std::array<std::uint8_t, 8> data{};
  if (!machine.memory().read(address & kRealMask, data)) return std::nullopt;
  if (!little) return platform::from_big_endian(data);
  std::uint64_t value = 0;
  for (unsigned n = 8; n-- > 0;) value = value << 8U | data.at(n);
  return value;
}

std::string place(std::uint64_t address, const platform::SymbolTable& symbols) {
  const std::string name = symbols.describe(address);
  return name.empty() ? fmt::format("{:#018x}", address)
                      : fmt::format("{:#018x} {}", address, name);
}

}  // namespace

std::string_view run_state(const ppc::HardwareThread& thread) {
  if (thread.checkstopped()) return "checkstopped";
  if (thread.quiesced()) return "stopped";
  if (thread.paused()) return "paused";
  if (thread.halted()) return "in power-saving state";
  return "running";
}

std::vector<StackFrame> backtrace(Machine& machine, unsigned thread, unsigned limit) {
  const ppc::ArchState& regs = machine.hardware_thread(thread).regs();
  const bool little = (regs.msr & ppc::msr::kLe) != 0;
  std::vector<StackFrame> frames = {{0, regs.nip}, {0, regs.lr}};
  std::uint64_t pointer = regs.gpr[1];
  while (frames.size() < limit) {
    const auto caller = read_doubleword(machine, pointer, little);
    if (!caller || *caller <= pointer || (*caller & 7U) != 0) break;
    const auto address = read_doubleword(machine, *caller + 16, little);
    if (!address) break;
    frames.push_back({*caller, *address});
    pointer = *caller;
  }
  return frames;
}

std::string dump_thread(Machine& machine, unsigned thread, const platform::SymbolTable& symbols) {
  const ppc::HardwareThread& hardware = machine.hardware_thread(thread);
  const ppc::ArchState& regs = hardware.regs();
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "thread {} (PIR {:#x}), {}, {} instructions\n", thread, machine.pir(thread),
                 run_state(hardware), hardware.retired());
  fmt::format_to(out, "  NIP  {}\n  LR   {}\n", place(regs.nip, symbols), place(regs.lr, symbols));
  fmt::format_to(out, "  MSR  {:#018x}  CTR  {:#018x}  CR {:#010x}  XER {:#010x}\n", regs.msr,
                 regs.ctr, regs.cr, regs.xer);
  for (unsigned n = 0; n < 32; n += 4) {
    fmt::format_to(out, "  r{:<3} {:016x} {:016x} {:016x} {:016x}\n", n, regs.gpr.at(n),
                   regs.gpr.at(n + 1), regs.gpr.at(n + 2), regs.gpr.at(n + 3));
  }
  fmt::format_to(out, "  SRR0 {:#018x}  SRR1 {:#018x}  DAR  {:#018x}\n", regs.srr0, regs.srr1,
                 regs.dar);
  fmt::format_to(out, "  HSRR0 {:#018x} HSRR1 {:#018x} DSISR {:#x}\n", regs.hsrr0, regs.hsrr1,
                 regs.dsisr);
  fmt::format_to(out, "  LPCR {:#018x}  HMER {:#018x}  TB   {:#018x}\n", regs.lpcr, regs.hmer,
                 hardware.timebase());
  text += "  call stack\n";
  for (const StackFrame& frame : backtrace(machine, thread)) {
    if (frame.pointer == 0) {
      fmt::format_to(out, "    {:18} {}\n", "", place(frame.address, symbols));
    } else {
      fmt::format_to(out, "    {:#018x} {}\n", frame.pointer, place(frame.address, symbols));
    }
  }
  return text;
}

std::string dump_threads(Machine& machine, const std::vector<unsigned>& threads,
                         const platform::SymbolTable& symbols) {
  std::string text;
  for (const unsigned thread : threads) text += dump_thread(machine, thread, symbols);
  return text;
}

}  // namespace xive::machine
