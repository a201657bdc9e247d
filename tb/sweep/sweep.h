// SPDX-License-Identifier: Apache-2.0
/// `xive-cosim sweep`: all jobs of a sweep file, their results in a folder and in the ledger.
#pragma once

#include <iosfwd>
#include <string>

#include "tb/sweep/executors.h"

namespace xive::sweep {

struct SweepOptions {
  std::string file;
  std::string out = "xive-sweep-out";
  std::string ledger;          ///< empty: OUT/ledger.sqlite
  ExecutorOptions executor{};  ///< what it says of Slurm is the file's business
  bool resume = false;
  bool fail_fast = false;
  bool list = false;  ///< show the jobs instead of running them
};

/// Exit code: 0 all jobs passed, 1 some did not, 2 wrong input, 3 environment or interrupted.
int run_sweep(const SweepOptions& options, std::ostream& out, std::ostream& err);

/// Runs the jobs of a finished sweep folder again whose result is no pass, into a folder beside it.
struct RerunOptions {
  std::string folder;  ///< of the sweep
  std::string out;     ///< empty: FOLDER/rerun
  bool waves = false;
  ExecutorOptions executor{};
};
int run_rerun(const RerunOptions& options, std::ostream& out, std::ostream& err);

}  // namespace xive::sweep
