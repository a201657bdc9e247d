// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sc_models/machine/machine.h"
#include "sc_models/platform/image/symbols.h"
#include "tb/gdb/stub.h"

namespace xive::gdb {

/// The threads of a machine that execute machine code, as a debugger sees them: registers of
/// powerpc:common64, special purpose registers behind them, memory through the thread's own eyes.
class MachineDebuggee final : public Debuggee {
 public:
  /// `threads`: machine threads to show, in order. Nothing is owned.
  MachineDebuggee(machine::Machine& machine, std::vector<unsigned> threads,
                  const platform::SymbolTable& symbols);

  unsigned threads() const override { return static_cast<unsigned>(threads_.size()); }
  std::string describe(unsigned thread) const override;
  std::string target_xml() const override;
  unsigned registers() const override;
  std::vector<std::uint8_t> read_register(unsigned thread, unsigned number) const override;
  bool write_register(unsigned thread, unsigned number,
                      const std::vector<std::uint8_t>& bytes) override;
  std::optional<std::vector<std::uint8_t>> read_memory(unsigned thread, std::uint64_t address,
                                                       std::size_t length) override;
  bool write_memory(unsigned thread, std::uint64_t address,
                    const std::vector<std::uint8_t>& bytes) override;
  void breakpoint(std::uint64_t address, bool on) override;
  void watchpoint(Watch kind, std::uint64_t address, std::uint64_t length, bool on) override;
  void step(unsigned thread) override;
  void clear() override;
  std::string monitor(std::string_view command) override;

  /// Number here of a machine thread; 0 for one that is not shown.
  unsigned number_of(unsigned machine_thread) const;
  /// Kind of the watchpoint that holds `address`.
  Watch watch_at(std::uint64_t address) const;

 private:
  struct Watched {
    Watch kind;
    std::uint64_t address, length;
    bool operator==(const Watched&) const = default;
  };
  ppc::iss::IssCpu& cpu(unsigned thread) const { return machine_.iss(threads_.at(thread)); }
  bool little(unsigned thread) const;

  machine::Machine& machine_;
  std::vector<unsigned> threads_;
  const platform::SymbolTable& symbols_;
  std::vector<std::uint64_t> breakpoints_;
  std::vector<Watched> watchpoints_;
};

}  // namespace xive::gdb
