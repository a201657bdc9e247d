// SPDX-License-Identifier: Apache-2.0
/// Where firmware spends its instructions: by function, by device register, by OPAL call.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sc_models/machine/machine.h"
#include "sc_models/platform/image/symbols.h"
#include "tb/trace/trace_file.h"

namespace xive::trace {

/// Registers of devices by name: "XSCOM 0x5013002", "TIMA HV +0x038", "UART +5".
std::string register_name(std::uint64_t address);

class FirmwareProfile final : public ppc::iss::ExecutionObserver, public machine::MachineObserver {
 public:
  /// Observes the `threads` of `machine`; they run in the instrumented loop from now on. `file` may
  /// be null: no trace. Nothing is owned.
  FirmwareProfile(machine::Machine& machine, const std::vector<unsigned>& threads,
                  const platform::SymbolTable& symbols, TraceFile* file);

  void on_instruction(const ppc::iss::IssCpu& cpu, std::uint64_t nip, std::uint32_t word) override;
  void on_access(const platform::Request& request, const platform::Response& response) override;

  /// Three tables, the largest first; at most `lines` each.
  std::string text(std::size_t lines = 25) const;

 private:
  struct Call {
    std::uint64_t count = 0;
    platform::Time total = 0, longest = 0;
  };
  struct Open {
    std::uint64_t token = 0, back = 0;
    platform::Time begin = 0;
  };
  struct Counts {
    std::uint64_t loads = 0, stores = 0;
  };
  unsigned function_of(std::uint64_t nip);
  std::map<std::string, std::uint64_t> functions_by_name() const;

  const platform::SymbolTable& symbols_;
  machine::Machine& machine_;
  TraceFile* file_;
  std::map<std::string, unsigned> known_;  ///< functions by name
  std::vector<std::string> names_;
  std::vector<std::uint64_t> counts_;
  struct Cached {
    std::uint64_t nip = ~std::uint64_t{0};
    unsigned function = 0;
    bool entry = false;  ///< first instruction of OPAL's entry
  };
  std::array<Cached, 65536> cache_{};
  std::vector<std::vector<Open>> open_;  ///< by thread
  std::map<std::uint64_t, Call> calls_;  ///< by token
  std::map<std::string, Counts> registers_;
};

}  // namespace xive::trace
