// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tb/sweep/executor.h"

namespace xive::sweep {

/// Jobs as child processes of this one: `program job FOLDER`, output to FOLDER/log.txt. Each child
/// leads a process group of its own, which dies with the deadline, and dies with its parent.
class LocalExecutor final : public Executor {
 public:
  /// `slots` jobs at a time, at least 1.
  LocalExecutor(std::string program, unsigned slots);
  ~LocalExecutor() override;
  LocalExecutor(const LocalExecutor&) = delete;
  LocalExecutor& operator=(const LocalExecutor&) = delete;

  unsigned free_slots() const override { return slots_ - running(); }
  unsigned running() const override { return static_cast<unsigned>(children_.size()); }
  void start(const Job& job, const std::string& folder) override;
  std::vector<End> wait(std::chrono::milliseconds timeout) override;
  void kill_all() override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Child {
    pid_t pid = 0;
    std::uint64_t job = 0;
    Clock::time_point started, deadline;
    bool over_time = false;
  };
  void reap(std::vector<End>& ends);

  std::string program_;
  unsigned slots_;
  std::vector<Child> children_;
  int signal_fd_ = -1;  ///< readable when a child has ended
};

}  // namespace xive::sweep
