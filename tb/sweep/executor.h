// SPDX-License-Identifier: Apache-2.0
/// Who runs jobs. The scheduler knows neither processes nor clusters: it starts jobs while there is
/// room and waits for their ends. Implementations: LocalExecutor (child processes), SlurmExecutor
/// (job arrays), and a fake one in the tests of the scheduler.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tb/sweep/job.h"

namespace xive::sweep {

/// How a job ended. What it found out is in its folder.
struct End {
  enum class Kind : std::uint8_t {
    Exited,     ///< by itself, with `code`
    Signalled,  ///< died of signal `code`
    Deadline,   ///< killed because its time was over
    Killed,     ///< SIGKILL that the executor did not send: an operator, or memory ran out
    Lost,       ///< the executor lost it: node down, job cancelled from outside
  };
  std::uint64_t job = 0;  ///< Job::number
  Kind kind = Kind::Exited;
  int code = 0;
  double wall_s = 0;
  double cpu_s = 0;  ///< 0: not known
  std::string why;   ///< of Lost: one line
};

class Executor {
 public:
  virtual ~Executor() = default;

  /// Jobs that can be started now.
  virtual unsigned free_slots() const = 0;
  /// Jobs that run now; one that was started may still wait for its turn.
  virtual unsigned running() const = 0;
  /// Needs a free slot. `folder` (absolute) exists and holds job.json; the job writes result.json
  /// there. Throws std::system_error if it cannot be started.
  virtual void start(const Job& job, const std::string& folder) = 0;
  /// Waits until a job ends, a signal arrives or the time is over. Enforces the deadlines.
  virtual std::vector<End> wait(std::chrono::milliseconds timeout) = 0;
  /// Nothing more will be started: jobs that still wait for their turn are Lost now.
  virtual void drop_waiting() {}
  /// Ends all running jobs; nothing is reported about them.
  virtual void kill_all() = 0;
};

}  // namespace xive::sweep
