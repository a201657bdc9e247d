// SPDX-License-Identifier: Apache-2.0
/// `xive-cosim crosscheck`: the same firmware and the same payload on QEMU and on the platform,
/// compared suite by suite.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tb/crosscheck/compare.h"
#include "tb/crosscheck/machine.h"
#include "tb/crosscheck/plan.h"

namespace xive::crosscheck {

struct Options {
  std::vector<std::string> suites;  ///< names; empty: all of the plan
  std::string payload;              ///< ELF file
  std::string firmware;             ///< empty: each machine's own skiboot.lid
  double deadline_seconds = 60;     ///< of each run
  unsigned jobs = 1;
  std::string keep;  ///< folder for consoles and device trees; empty: they are removed
};

/// One machine's part of a suite.
struct Side {
  bool ran = false;
  std::string skipped;    ///< why it did not run
  std::string problem;    ///< why the run is none: late, ended early
  std::string complaint;  ///< what else is wrong with it: rules that were violated
  double seconds = 0;
  Transcript transcript;
};

struct SuiteResult {
  Suite suite;
  Side qemu, platform;
  Comparison comparison;
  bool passed = false;
};

struct Result {
  QemuInfo qemu;
  bool with_platform = false;
  std::vector<SuiteResult> suites;
  std::vector<std::size_t> unused;  ///< differences that should have been met and were not
  bool passed() const;
};

/// `platform` may be null: QEMU alone; then the checks that fail there must be known differences.
Result run_crosscheck(const Plan& plan, const Options& options, const QemuInfo& qemu,
                      const Runner& qemu_runner, const Runner* platform);

std::string to_text(const Plan& plan, const Result& result);
nlohmann::json to_json(const Plan& plan, const Result& result);

}  // namespace xive::crosscheck
