// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/scheduler.h"

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <utility>

namespace xive::sweep {
namespace {

constexpr std::chrono::milliseconds kTick{200};

/// The end says nothing about the job: somebody else ended it.
bool from_outside(const End& end) {
  return end.kind == End::Kind::Lost || end.kind == End::Kind::Killed;
}

}  // namespace

Scheduler::Scheduler(Executor& executor, SchedulerOptions options, SchedulerHooks hooks)
    : executor_(executor), options_(std::move(options)), hooks_(std::move(hooks)) {}

Scheduler::Outcome Scheduler::run(const std::vector<const Job*>& jobs) {
  std::deque<const Job*> waiting(jobs.begin(), jobs.end());
  std::stable_partition(waiting.begin(), waiting.end(), [this](const Job* job) {
    return !options_.first.empty() && options_.first.count(job->key()) > 0;
  });
  std::map<std::uint64_t, const Job*> running;
  std::map<std::uint64_t, unsigned> lost;
  bool failed = false;
  const auto start = [&] {
    while (!failed && !waiting.empty() && executor_.free_slots() > 0) {
      const Job* job = waiting.front();
      executor_.start(*job, hooks_.prepare(*job));
      waiting.pop_front();
      running[job->number] = job;
    }
  };
  try {
    while (!running.empty() || (!waiting.empty() && !failed)) {
      if (hooks_.interrupted()) {
        executor_.kill_all();
        return Outcome::Interrupted;
      }
      start();
      const std::vector<End> ends = executor_.wait(kTick);
      // No processor waits until results are read, unless they decide whether anything starts.
      if (!options_.fail_fast) start();
      for (const End& end : ends) {
        const auto found = running.find(end.job);
        if (found == running.end()) throw std::logic_error("an executor told of a job twice");
        const Job* job = found->second;
        running.erase(found);
        if (from_outside(end) && (failed || lost[job->number]++ < options_.retries_when_lost)) {
          if (!failed) hooks_.again(*job, end);
          waiting.push_front(job);
          continue;
        }
        if (!hooks_.finished(*job, end) && options_.fail_fast && !failed) {
          failed = true;
          executor_.drop_waiting();
        }
      }
      hooks_.progress(executor_.running());
    }
  } catch (...) {
    executor_.kill_all();
    throw;
  }
  return failed && !waiting.empty() ? Outcome::FailedFast : Outcome::Complete;
}

}  // namespace xive::sweep
