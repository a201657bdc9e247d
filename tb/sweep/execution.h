// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tb/host/files.h"
#include "tb/sweep/progress.h"
#include "tb/sweep/scheduler.h"
#include "tb/sweep/store.h"

namespace xive::sweep {

/// The jobs of a folder, those of an earlier run included, on their way to results.
class Execution {
 public:
  /// Throws StoreError, and host::FileError if the folder cannot be written or another run uses
  /// it. `jobs` must outlive this.
  Execution(const std::string& name, const std::vector<Job>& jobs,
            const std::filesystem::path& folder, bool resume);

  /// Results that were there already.
  std::uint64_t resumed() const { return resumed_; }
  /// Results of another build that were there: their jobs run again, so that a batch is of one. A
  /// folder that has all its results keeps them.
  std::uint64_t outdated() const { return outdated_; }
  /// Jobs that have a result.
  std::vector<const Job*> done() const;
  /// Their results, which are handed over, not copied: each holds hundreds of numbers.
  std::vector<result::Record> take_records();
  const Store& store() const { return store_; }
  /// Jobs that ended without saying anything, one line each: lost, or failed by the environment.
  const std::vector<std::string>& without_result() const { return without_result_; }

  /// Runs what has no result. Throws what the executor throws, and host::FileError.
  Scheduler::Outcome run(Executor& executor, const SchedulerOptions& options, ProgressLine& line);

 private:
  bool conclude(const Job& job, const End& end);

  const std::vector<Job>& jobs_;
  Store store_;
  host::DirectoryLock lock_;
  std::vector<std::optional<result::Record>> records_;
  std::vector<std::string> without_result_;
  std::uint64_t resumed_ = 0, outdated_ = 0;
};

}  // namespace xive::sweep
