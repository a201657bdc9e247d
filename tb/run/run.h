// SPDX-License-Identifier: Apache-2.0
/// `xive-cosim run`: builds the platform, boots the firmware, runs its calls and a mixed interrupt
/// load, and tells what happened.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>

#include "sc_models/machine/trace/trip_tracer.h"
#include "sc_models/rules/rule_book.h"
#include "tb/run/faults.h"
#include "tb/run/firmware.h"
#include "tb/run/part_sampler.h"
#include "tb/run/run_options.h"

namespace xive::run {

/// Everything that one run gave.
struct RunResult {
  std::string firmware;
  FirmwareReport report;
  RuleBook rules;
  std::string digest;
  std::string latency_text;
  nlohmann::json latency, hops, flow;  ///< see timing_result.h
  std::vector<Fault> faults;
  PartShares shares;
  std::uint64_t accesses = 0;
  std::uint64_t tima_events = 0;
  std::uint64_t compared_events = 0;
  std::uint64_t rtl_cycles = 0;
  std::uint64_t switches = 0;  ///< context switches of the executor
  platform::Time simulated = 0;
  double build_seconds = 0;  ///< construction and set-up
  double seconds = 0;        ///< simulation
  std::string error;         ///< an exception that ended the run

  bool passed() const { return error.empty() && report.failures.empty() && rules.clean(); }
};

/// Throws std::invalid_argument for a platform that cannot be built.
RunResult execute(const RunOptions& options);

/// execute(), prints to `out`, writes the files that `options` ask for. Exit code: 0 good, 1 the
/// thing under test failed.
int run_machine(const RunOptions& options, std::ostream& out, std::ostream& err);

std::string to_text(const RunOptions& options, RunResult& result);
nlohmann::json to_json(const RunOptions& options, const RunResult& result);
std::string to_junit(const RunOptions& options, const RunResult& result);

}  // namespace xive::run
