// SPDX-License-Identifier: Apache-2.0
/// Which job runs when, and when to stop. Knows neither processes nor files.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tb/sweep/executor.h"

namespace xive::sweep {

struct SchedulerOptions {
  bool fail_fast = false;          ///< start nothing more after the first result that is no pass
  unsigned retries_when_lost = 2;  ///< of one job, when the executor loses it or it is killed
  std::set<std::string> first;     ///< keys of jobs that run first: they failed last time
};

/// What the scheduler asks and tells.
struct SchedulerHooks {
  /// Makes the job's folder and returns it.
  std::function<std::string(const Job&)> prepare;
  /// A job has ended; true = it passed.
  std::function<bool(const Job&, const End&)> finished;
  /// A job was lost or killed and waits again.
  std::function<void(const Job&, const End&)> again;
  /// Between two ends, at least every `tick`.
  std::function<void(unsigned running)> progress;
  /// True: a signal asks to stop.
  std::function<bool()> interrupted;
};

class Scheduler {
 public:
  Scheduler(Executor& executor, SchedulerOptions options, SchedulerHooks hooks);

  enum class Outcome : std::uint8_t { Complete, FailedFast, Interrupted };
  /// Runs `jobs` (those without a result). When interrupted the running jobs are killed. Whatever
  /// the executor throws leaves after its jobs are killed.
  Outcome run(const std::vector<const Job*>& jobs);

 private:
  Executor& executor_;
  SchedulerOptions options_;
  SchedulerHooks hooks_;
};

}  // namespace xive::sweep
