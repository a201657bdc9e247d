// SPDX-License-Identifier: Apache-2.0
/// The folder of a sweep:
///
///   sweep.json              name and identity of the jobs: what must be equal to resume
///   jobs/000012/job.json    the frozen job
///   jobs/000012/config.yaml its configuration, for people and for `xive-cosim run --config`
///   jobs/000012/result.json what came out; complete or not there
///   jobs/000012/host.json   times, apart
///   jobs/000012/log.txt     output of the process
///   results.jsonl           all result.json in the order of the jobs, one a line
///   host.jsonl              all host.json likewise
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tb/result/record.h"
#include "tb/sweep/executor.h"
#include "tb/sweep/job.h"

namespace xive::sweep {

/// The folder belongs to other jobs or is damaged; what() names it.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Store {
 public:
  /// Makes the folder; `resume` accepts one that holds results of the same jobs, otherwise it must
  /// hold none. Throws StoreError, and host::FileError if it cannot be written.
  Store(const std::filesystem::path& folder, const std::string& name, const std::vector<Job>& jobs,
        bool resume);

  const std::filesystem::path& folder() const { return folder_; }
  std::string job_folder(const Job& job) const;
  /// Writes what the job needs to start.
  void prepare(const Job& job) const;
  /// The result of a job, if it is complete.
  std::optional<result::Record> load(const Job& job) const;
  /// Why a job has no result although it ended: it was lost, or its environment failed (exit code
  /// 3: a full disk, a missing tool). Empty: it has one. Such a job runs again on resume.
  std::string why_no_result(const Job& job, const End& end) const;
  /// Turns the end of a job into its result: what the job wrote, or how it ended without.
  result::Record conclude(const Job& job, const End& end, const result::Build& build) const;
  /// results.jsonl and host.jsonl; `records` by number of the job, empty where there is none yet.
  void write_results(const std::vector<Job>& jobs,
                     const std::vector<std::optional<result::Record>>& records) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace xive::sweep
