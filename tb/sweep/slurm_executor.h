// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tb/sweep/executor.h"
#include "tb/sweep/slurm.h"

namespace xive::sweep {

/// Jobs as tasks of job arrays of a Slurm cluster, each `program job FOLDER --end FILE`. Program
/// and folders must be on a file system that the nodes share.
class SlurmExecutor final : public Executor {
 public:
  struct Options {
    std::string program;
    std::filesystem::path folder;  ///< of the sweep (absolute); holds the script of the arrays
    unsigned slots = 1000;         ///< jobs in the queue at a time
    double patience_s = 300;  ///< as long nothing may be able to start, or Slurm may not answer
    double grace_s = 10;      ///< as long a file of a node may take to appear here
    std::chrono::milliseconds poll{100};  ///< between two looks at the queue; grows while it rests
    std::function<void(const std::string&)> tell;  ///< what the user should know
  };

  /// Cancels what an earlier run of the same folder has left in the queue. Throws SlurmError.
  SlurmExecutor(std::unique_ptr<Slurm> slurm, Options options);
  ~SlurmExecutor() override;
  SlurmExecutor(const SlurmExecutor&) = delete;
  SlurmExecutor& operator=(const SlurmExecutor&) = delete;

  unsigned free_slots() const override;
  unsigned running() const override { return running_; }
  void start(const Job& job, const std::string& folder) override;
  /// Throws SlurmError when its patience is at an end.
  std::vector<End> wait(std::chrono::milliseconds timeout) override;
  void drop_waiting() override;
  void kill_all() override;

 private:
  using Clock = std::chrono::steady_clock;
  using Id = std::pair<std::uint64_t, std::uint64_t>;  ///< array and index
  struct Waiting {
    Job job;
    std::string folder;
  };
  struct Task {
    std::uint64_t job = 0;
    std::filesystem::path end_file;
    std::optional<Clock::time_point> ended;  ///< when the queue first said so
  };

  void submit();
  void submit_array(const std::vector<Waiting>& jobs);
  std::vector<End> look(const std::vector<SlurmTask>& queue);
  std::optional<End> end_of(Task& task, const SlurmTask* in_queue) const;
  void watch_blocked(const std::string& reason);
  /// Waits until no task is in the queue any more; false if that takes too long.
  bool wait_until_gone();
  void tell_once(const std::string& text);

  std::unique_ptr<Slurm> slurm_;
  Options options_;
  std::string name_;  ///< of the arrays: the same for the same folder
  std::vector<Waiting> to_submit_;
  std::map<Id, Task> tasks_;
  unsigned running_ = 0;
  std::chrono::milliseconds pause_;
  Clock::time_point next_look_;
  std::optional<Clock::time_point> silent_since_, blocked_since_;
  std::string told_;
};

}  // namespace xive::sweep
