// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "sc_models/machine/powernv/powernv.h"
#include "sc_models/platform/image/symbols.h"
#include "tb/gdb/debugger.h"
#include "tb/run/boot/boot_run.h"
#include "tb/run/boot/console_log.h"
#include "tb/run/boot/terminal.h"

namespace xive::run {

/// Watches one machine that executes firmware, and ends the run when there is a reason.
class BootSession {
 public:
  /// Nothing is owned; `result` receives what is seen.
  BootSession(const RunOptions& options, machine::Machine& machine, machine::PowerNv& platform,
              const platform::SymbolTable& symbols, BootResult& result, std::ostream* console);

  /// Runs to the end; result.end, reason, state, milestones.
  void run();

 private:
  using WallClock = std::chrono::steady_clock;

  void heartbeat();
  void print(std::uint8_t character);
  void milestone(const std::string& name);
  /// Ends the run; the first reason counts.
  void finish(BootEnd end, std::string reason);
  ppc::iss::EventAction on_event(ppc::iss::IssCpu& cpu, const ppc::iss::ExecutionEvent& event);
  void on_bus_error(const platform::Bus::Error& error);
  /// The debugger has decided; false: the run is over.
  bool obey(gdb::Debugger::Verdict verdict);
  std::uint64_t instructions() const;
  std::string where(unsigned thread) const;
  void check_progress();

  static constexpr platform::Time kHeartbeat = platform::kMillisecond;
  static constexpr unsigned kStuck = 3;  ///< heartbeats

  struct Progress {
    std::uint64_t retired = 0;
    unsigned still = 0;  ///< heartbeats at which it could run and had completed nothing
  };

  const RunOptions& options_;
  machine::Machine& machine_;
  machine::PowerNv& platform_;
  const platform::SymbolTable& symbols_;
  BootResult& result_;
  std::ostream* console_;
  ConsoleLog log_;
  std::unique_ptr<Terminal> terminal_;
  std::unique_ptr<gdb::Debugger> debugger_;
  WallClock::time_point begin_;
  std::vector<Progress> progress_;
  bool ended_ = false;
  bool started_ = false;
  bool payload_ = false;
};

}  // namespace xive::run
