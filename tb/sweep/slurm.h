// SPDX-License-Identifier: Apache-2.0
/// The commands of Slurm that a sweep needs. Accounting (sacct) is not among them: clusters without
/// it are served, too.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tb/sweep/spec.h"

namespace xive::sweep {

/// Slurm is not there, does not answer or refuses; what() is what it said.
class SlurmError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A task of a job array, as the queue shows it.
struct SlurmTask {
  std::uint64_t array = 0, index = 0;
  std::string state;   ///< long form, e.g. "RUNNING"
  std::string reason;  ///< why it waits, or why it ended
};

class Slurm {
 public:
  virtual ~Slurm() = default;
  /// Puts tasks 0 ... tasks-1 of `script` (a file) into the queue; returns the number of the array.
  virtual std::uint64_t submit(const std::string& name, const std::string& script,
                               std::uint64_t tasks, const JobLimits& limits) = 0;
  /// The tasks of this user's arrays with this name, also those that ended some minutes ago.
  virtual std::vector<SlurmTask> tasks(const std::string& name) = 0;
  /// Ends the tasks of this user's arrays with this name, or those of them that wait.
  virtual void cancel(const std::string& name, bool only_waiting) = 0;
};

/// The real one: sbatch, squeue and scancel of PATH.
class SlurmCommands final : public Slurm {
 public:
  /// Throws SlurmError when Slurm's commands are not installed.
  explicit SlurmCommands(SlurmSpec spec);

  std::uint64_t submit(const std::string& name, const std::string& script, std::uint64_t tasks,
                       const JobLimits& limits) override;
  std::vector<SlurmTask> tasks(const std::string& name) override;
  void cancel(const std::string& name, bool only_waiting) override;

 private:
  SlurmSpec spec_;
  std::string user_;  ///< number
};

}  // namespace xive::sweep
