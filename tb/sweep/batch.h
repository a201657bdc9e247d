// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "tb/sweep/executors.h"
#include "tb/sweep/job.h"

namespace xive::sweep {

/// Jobs that become one batch of the ledger and one page.
struct BatchPlan {
  std::string name;
  std::vector<Job> jobs;
  std::filesystem::path folder;
  std::string ledger;  ///< empty: FOLDER/ledger.sqlite
  bool resume = false;
  bool fail_fast = false;
  ExecutorOptions executor{};
};

/// Runs the jobs and tells what came out. Exit code: 0 all passed, 1 some did not, 2 the folder
/// holds something else, 3 environment or interrupted: what is there is kept for `resume`.
int run_batch(const BatchPlan& plan, std::ostream& out, std::ostream& err);

}  // namespace xive::sweep
