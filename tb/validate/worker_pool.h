// SPDX-License-Identifier: Apache-2.0
/// Jobs in child processes: one process a job, so that a crash costs one job and memory is always
/// given back. The children die with the parent.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace xive::validate {

class WorkerPool {
 public:
  /// How a job ended. Exactly one of `signal` and `code` is not 0, or both are 0: success.
  struct Exit {
    std::uint64_t job = 0;
    int signal = 0;
    int code = 0;         ///< exit code of a job that threw: 3 environment, 4 anything else
    std::string message;  ///< what the job threw
  };
  /// Runs in the child; what it throws becomes code and message. It may write to `progress`.
  using Work = std::function<void(std::atomic<std::uint64_t>& progress)>;

  explicit WorkerPool(unsigned slots);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  bool has_free_slot() const;
  unsigned running() const;
  /// Needs a free slot. std::system_error if no process can be made.
  void start(std::uint64_t job, const Work& work);
  /// Waits until a job ends, a signal arrives or the time is over.
  std::vector<Exit> wait(std::chrono::milliseconds timeout);
  /// Sum of the progress of the running jobs.
  std::uint64_t progress() const;
  /// Ends all running jobs; nothing is reported about them.
  void kill_all();

 private:
  struct Slot {
    pid_t pid = 0;  ///< 0 = free
    int pipe = -1;
    std::uint64_t job = 0;
    std::string message;
  };
  std::vector<Slot> slots_;
  std::atomic<std::uint64_t>* progress_ = nullptr;  ///< shared with the children, one per slot
};

}  // namespace xive::validate
