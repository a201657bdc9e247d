// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/execution.h"

#include <fmt/format.h>

#include <utility>

#include "tb/host/interrupt.h"
#include "tb/sweep/run_job.h"

namespace xive::sweep {

Execution::Execution(const std::string& name, const std::vector<Job>& jobs,
                     const std::filesystem::path& folder, bool resume)
    : jobs_(jobs),
      store_(folder, name, jobs, resume),
      lock_(store_.folder()),
      records_(jobs.size()) {
  for (const Job& job : jobs) {
    records_[job.number] = store_.load(job);
    resumed_ += records_[job.number] ? 1U : 0U;
  }
  if (resumed_ == jobs.size()) return;
  for (std::optional<result::Record>& record : records_) {
    if (!record || record->build == this_build()) continue;
    record.reset();
    --resumed_;
    ++outdated_;
  }
}

std::vector<const Job*> Execution::done() const {
  std::vector<const Job*> done;
  for (const Job& job : jobs_) {
    if (records_[job.number]) done.push_back(&job);
  }
  return done;
}

std::vector<result::Record> Execution::take_records() {
  std::vector<result::Record> records;
  for (const Job* job : done()) records.push_back(*std::exchange(records_[job->number], {}));
  return records;
}

bool Execution::conclude(const Job& job, const End& end) {
  if (const std::string why = store_.why_no_result(job, end); !why.empty()) {
    without_result_.push_back(fmt::format("{}: {}", store_.job_folder(job), why));
    return false;
  }
  records_[job.number] = store_.conclude(job, end, this_build());
  return records_[job.number]->passed();
}

Scheduler::Outcome Execution::run(Executor& executor, const SchedulerOptions& options,
                                  ProgressLine& line) {
  std::vector<const Job*> open;
  for (const Job& job : jobs_) {
    if (!records_[job.number]) open.push_back(&job);
  }
  const host::InterruptGuard guard;
  SchedulerHooks hooks;
  hooks.prepare = [this](const Job& job) {
    store_.prepare(job);
    return store_.job_folder(job);
  };
  hooks.finished = [&](const Job& job, const End& end) {
    const bool passed = conclude(job, end);
    line.finished(passed);
    return passed;
  };
  hooks.again = [&](const Job& job, const End& end) {
    line.say(fmt::format("job {} runs again: {}", job.folder(),
                         end.why.empty() ? "killed from outside, or memory ran out" : end.why));
  };
  hooks.progress = [&line](unsigned running) { line.update(running); };
  hooks.interrupted = [] { return host::InterruptGuard::requested(); };
  const Scheduler::Outcome outcome = Scheduler(executor, options, hooks).run(open);
  line.clear();
  store_.write_results(jobs_, records_);
  return outcome;
}

}  // namespace xive::sweep
