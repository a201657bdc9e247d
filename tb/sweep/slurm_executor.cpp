// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/slurm_executor.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>

#include "sc_models/rules/digest.h"
#include "tb/host/files.h"
#include "tb/sweep/supervise.h"

namespace xive::sweep {
namespace {

constexpr std::chrono::milliseconds kLongestPause{5000};
/// Looks at the queue until cancelled tasks must be gone.
constexpr int kLooksAfterCancel = 150;
constexpr std::chrono::milliseconds kPauseAfterCancel{200};

enum class Phase : std::uint8_t { Waiting, Running, Ended, OverTime, OutOfMemory, Lost };

/// Job state codes of squeue(1). One that is not known here is still to come to its end.
Phase phase_of(std::string_view state) {
  struct Known {
    std::string_view state;
    Phase phase;
  };
  static constexpr std::array<Known, 16> kStates{{{"PENDING", Phase::Waiting},
                                                  {"REQUEUED", Phase::Waiting},
                                                  {"REQUEUE_HOLD", Phase::Waiting},
                                                  {"REQUEUE_FED", Phase::Waiting},
                                                  {"SPECIAL_EXIT", Phase::Waiting},
                                                  {"CONFIGURING", Phase::Waiting},
                                                  {"COMPLETED", Phase::Ended},
                                                  {"FAILED", Phase::Ended},
                                                  {"TIMEOUT", Phase::OverTime},
                                                  {"OUT_OF_MEMORY", Phase::OutOfMemory},
                                                  {"CANCELLED", Phase::Lost},
                                                  {"NODE_FAIL", Phase::Lost},
                                                  {"PREEMPTED", Phase::Lost},
                                                  {"BOOT_FAIL", Phase::Lost},
                                                  {"DEADLINE", Phase::Lost},
                                                  {"REVOKED", Phase::Lost}}};
  const auto known = std::find_if(kStates.begin(), kStates.end(),
                                  [&](const Known& one) { return one.state == state; });
  return known == kStates.end() ? Phase::Running : known->phase;
}

bool active(const SlurmTask& task) {
  const Phase phase = phase_of(task.state);
  return phase == Phase::Waiting || phase == Phase::Running;
}

/// A task that waits for this reason may wait for ever.
bool blocked(const std::string& reason) {
  for (const std::string_view part : {"DOWN", "ReqNodeNotAvail", "NodeDown", "Partition",
                                      "BadConstraints", "Held", "held", "Invalid"}) {
    if (reason.find(part) != std::string::npos) return true;
  }
  return false;
}

/// A word of a shell script.
std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string array_name(const std::filesystem::path& folder) {
  Digest digest;
  digest.add(folder.string());
  return "xive-cosim-" + digest.text();
}

/// A signal ends it.
void rest(std::chrono::milliseconds time) {
  if (time.count() > 0) poll(nullptr, 0, static_cast<int>(time.count()));
}

double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

SlurmExecutor::SlurmExecutor(std::unique_ptr<Slurm> slurm, Options options)
    : slurm_(std::move(slurm)),
      options_(std::move(options)),
      name_(array_name(options_.folder)),
      pause_(options_.poll) {
  const std::vector<SlurmTask> queue = slurm_->tasks(name_);
  const auto left = std::count_if(queue.begin(), queue.end(), active);
  if (left == 0) return;
  tell_once(
      fmt::format("{} jobs of an earlier run are in the queue of Slurm; cancelling them", left));
  slurm_->cancel(name_, false);
  if (!wait_until_gone()) {
    throw SlurmError(fmt::format(
        "jobs of an earlier run stay in the queue of Slurm although they were cancelled; "
        "look at squeue --name={}",
        name_));
  }
}

SlurmExecutor::~SlurmExecutor() {
  SlurmExecutor::kill_all();
}

unsigned SlurmExecutor::free_slots() const {
  // In batches: an array of one task for each that has ended would be a burden for the queue.
  const std::size_t known = to_submit_.size() + tasks_.size();
  if (to_submit_.empty() && known > options_.slots / 2) return 0;
  return options_.slots - static_cast<unsigned>(std::min<std::size_t>(known, options_.slots));
}

void SlurmExecutor::start(const Job& job, const std::string& folder) {
  to_submit_.push_back({job, folder});
}

void SlurmExecutor::submit() {
  // The tasks of an array have the same limits.
  while (!to_submit_.empty()) {
    const JobLimits limits = to_submit_.front().job.limits;
    std::vector<Waiting> jobs, rest_of_them;
    for (Waiting& one : to_submit_) {
      (one.job.limits == limits ? jobs : rest_of_them).push_back(std::move(one));
    }
    to_submit_ = std::move(rest_of_them);
    submit_array(jobs);
  }
}

void SlurmExecutor::submit_array(const std::vector<Waiting>& jobs) {
  std::string script =
      "#!/bin/sh\n# The jobs of an array; each task carries out one of them.\nset --";
  for (const Waiting& one : jobs) script += " \\\n  " + shell_word(one.folder);
  script += "\nshift \"$SLURM_ARRAY_TASK_ID\"\nexec >\"$1/log.txt\" 2>&1\nexec " +
            shell_word(options_.program) +
            " job \"$1\" --end \"$1/end-${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}.json\"\n";
  const std::filesystem::path file = options_.folder / "slurm.sh";
  host::write_file(file, script);
  const std::uint64_t array =
      slurm_->submit(name_, file.string(), jobs.size(), jobs.front().job.limits);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::filesystem::path folder = jobs[i].folder;
    tasks_[{array, i}] = {jobs[i].job.number, folder / fmt::format("end-{}_{}.json", array, i), {}};
  }
  pause_ = options_.poll;
  next_look_ = Clock::now() + pause_;
}

std::vector<End> SlurmExecutor::wait(std::chrono::milliseconds timeout) {
  submit();
  if (tasks_.empty()) return {};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_look_ - Clock::now());
  rest(std::min(timeout, left));
  if (Clock::now() < next_look_) return {};
  std::vector<End> ends;
  try {
    ends = look(slurm_->tasks(name_));
    silent_since_.reset();
  } catch (const SlurmError& error) {
    if (!silent_since_) silent_since_ = Clock::now();
    if (since(*silent_since_) >= options_.patience_s) throw;
    tell_once(fmt::format("Slurm does not answer, trying again: {}", error.what()));
  }
  pause_ = ends.empty() ? std::min(kLongestPause, pause_ * 3 / 2) : options_.poll;
  next_look_ = Clock::now() + pause_;
  return ends;
}

std::vector<End> SlurmExecutor::look(const std::vector<SlurmTask>& queue) {
  std::map<Id, const SlurmTask*> shown;
  for (const SlurmTask& task : queue) shown[{task.array, task.index}] = &task;
  running_ = 0;
  std::string reason;
  std::vector<End> ends;
  for (auto it = tasks_.begin(); it != tasks_.end();) {
    const auto found = shown.find(it->first);
    const SlurmTask* in_queue = found == shown.end() ? nullptr : found->second;
    if (in_queue != nullptr && active(*in_queue)) {
      const bool waits = phase_of(in_queue->state) == Phase::Waiting;
      running_ += waits ? 0 : 1;
      if (waits && blocked(in_queue->reason)) reason = in_queue->reason;
      ++it;
      continue;
    }
    if (const std::optional<End> end = end_of(it->second, in_queue)) {
      ends.push_back(*end);
      std::error_code ignored;
      std::filesystem::remove(it->second.end_file, ignored);
      it = tasks_.erase(it);
    } else {
      ++it;
    }
  }
  watch_blocked(running_ > 0 || !ends.empty() ? std::string() : reason);
  return ends;
}

std::optional<End> SlurmExecutor::end_of(Task& task, const SlurmTask* in_queue) const {
  if (std::optional<End> end = read_end(task.end_file)) {
    end->job = task.job;
    return end;
  }
  End end;
  end.job = task.job;
  end.kind = End::Kind::Lost;
  switch (in_queue == nullptr ? Phase::Ended : phase_of(in_queue->state)) {
    case Phase::OverTime:
      end.kind = End::Kind::Deadline;
      return end;
    case Phase::OutOfMemory:
      end.kind = End::Kind::Killed;
      end.code = SIGKILL;
      return end;
    case Phase::Lost:
      end.why = fmt::format("Slurm: {} ({})", in_queue->state, in_queue->reason);
      return end;
    default:
      break;
  }
  if (!task.ended) task.ended = Clock::now();
  if (since(*task.ended) < options_.grace_s) return std::nullopt;
  end.why = fmt::format(
      "Slurm: {}, without a word how; {} and the program must be on a file system that all nodes "
      "share",
      in_queue == nullptr ? "gone from the queue" : in_queue->state, options_.folder.string());
  return end;
}

void SlurmExecutor::watch_blocked(const std::string& reason) {
  if (reason.empty()) {
    blocked_since_.reset();
    return;
  }
  tell_once(fmt::format("no job can start; Slurm says: {}", reason));
  if (!blocked_since_) blocked_since_ = Clock::now();
  if (since(*blocked_since_) < options_.patience_s) return;
  throw SlurmError(
      fmt::format("no job could start for {} s; Slurm says: {}; look at sinfo -R, and go on with "
                  "--resume when the nodes are back",
                  options_.patience_s, reason));
}

void SlurmExecutor::drop_waiting() {
  slurm_->cancel(name_, true);
}

bool SlurmExecutor::wait_until_gone() {
  for (int n = 0; n < kLooksAfterCancel; ++n) {
    const std::vector<SlurmTask> queue = slurm_->tasks(name_);
    if (std::none_of(queue.begin(), queue.end(), active)) return true;
    rest(kPauseAfterCancel);
  }
  return false;
}

void SlurmExecutor::kill_all() {
  to_submit_.clear();
  if (tasks_.empty()) return;
  tasks_.clear();
  try {
    slurm_->cancel(name_, false);
    if (wait_until_gone()) return;
    tell_once("cancelled jobs are still in the queue of Slurm");
  } catch (const SlurmError& error) {
    tell_once(fmt::format("jobs may still be in the queue of Slurm (scancel --name={}): {}", name_,
                          error.what()));
  }
}

void SlurmExecutor::tell_once(const std::string& text) {
  if (text == told_) return;
  told_ = text;
  options_.tell(text);
}

}  // namespace xive::sweep
