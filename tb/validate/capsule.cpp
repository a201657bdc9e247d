// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/capsule.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "tb/host/files.h"
#include "tb/host/interrupt.h"
#include "tb/validate/capsule_format.h"
#include "tb/validate/event_log.h"
#include "tb/validate/operation_json.h"
#include "tb/validate/progress.h"
#include "tb/validate/recording.h"
#include "tb/validate/shrink.h"

namespace xive::validate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLogBefore = 200;
constexpr std::size_t kLogAfter = 40;
constexpr tima::Cycle kWavesBefore = 400;
constexpr tima::Cycle kAftermath = 60;
/// A replay that takes longer than this has not reproduced anything.
constexpr std::chrono::minutes kReplayLimit{5};

/// Runs `program replay folder --json json` and gives its exit code, -1 if it could not be run.
int run_replay_command(const std::string& program, const std::string& folder,
                       const std::string& json) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = ::open("/dev/null", O_WRONLY);
    if (null >= 0) {
      ::dup2(null, STDOUT_FILENO);
      ::dup2(null, STDERR_FILENO);
    }
    ::execl(program.c_str(), program.c_str(), "replay", folder.c_str(), "--json", json.c_str(),
            nullptr);
    ::_exit(127);
  }
  if (pid < 0) return -1;
  const auto end = std::chrono::steady_clock::now() + kReplayLimit;
  int status = 0;
  for (pid_t ended = 0; ended == 0; ended = ::waitpid(pid, &status, WNOHANG)) {
    if (std::chrono::steady_clock::now() >= end) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string states_text(const EventLog& log, const std::optional<Difference>& difference,
                        const Finding& finding) {
  std::string text =
      fmt::format("{} in cycle {}\n{}\n", finding.rule, finding.cycle, finding.detail);
  const tima::Event* event = difference ? &difference->event : log.last_event(finding.cycle);
  if (event == nullptr) return text + "\nno event near the violation\n";
  text += fmt::format("\nthread {}\n\nbefore, device\n{}", event->thread,
                      describe_state(event->before));
  if (difference) text += "\nbefore, reference\n" + describe_state(difference->expected_before);
  text += "\nafter, device\n" + describe_state(event->after);
  text += "changed: " + describe_change(event->before, event->after) + '\n';
  if (difference) {
    text += "\nafter, reference\n" + describe_state(difference->expected);
    text += "changed: " + describe_change(difference->expected_before, difference->expected) + '\n';
    text += "\nreference -> device: " + describe_change(difference->expected, event->after) + '\n';
  }
  return text;
}

class Writer {
 public:
  Writer(const CapsuleRequest& request, SubjectFactory factory)
      : request_(request), factory_(factory) {
    const fs::path out = fs::absolute(request.options.out);
    const std::string mutant =
        request.options.mutant != 0 ? fmt::format("-m{}", request.options.mutant) : "";
    const std::string base = fmt::format("capsule-s{}-{:06}{}-{}", request.options.seed,
                                         request.config.number, mutant, request.finding.rule);
    final_ = out / base;
    temporary_ = out / ("." + base + ".tmp");
    head_ = capsule_head(request);
  }

  CapsuleOutcome write() {
    std::error_code error;
    fs::remove_all(temporary_, error);
    host::make_writable_directory(temporary_);
    record();
    observe();
    if (request_.options.shrink && !host::InterruptGuard::requested()) reduce();
    write_command();
    write_head(temporary_);
    fs::remove_all(final_, error);
    fs::rename(temporary_, final_);
    prove();
    outcome_.folder = final_.string();
    return std::move(outcome_);
  }

 private:
  void note(const std::string& text) { outcome_.note += "             " + text + '\n'; }

  SubjectOptions subject() const {
    return subject_options(request_.config, request_.options.tima, request_.options.mutant,
                           request_.options.skip_idle);
  }

  /// The generator once more, for the list of operations.
  void record() {
    Recorder recorder;
    ShardRun run;
    run.tap = &recorder;
    const ShardResult result = run_shard(request_.config, subject(), factory_, run);
    if (!same_violation(result.finding, request_.finding)) {
      head_["deterministic"] = false;
      note(result.finding ? fmt::format("NOT DETERMINISTIC: the second run found {} in cycle {}",
                                        result.finding->rule, result.finding->cycle)
                          : "NOT DETERMINISTIC: the second run found nothing");
    }
    capsule_.kind = request_.options.tima;
    capsule_.mutant = request_.options.mutant;
    capsule_.skip_idle = request_.options.skip_idle;
    capsule_.config = request_.config;
    capsule_.operations = recorder.operations();
    capsule_.finding = request_.finding;
    write_operations(temporary_ / kStimulusFile, capsule_.operations);
    head_["operations"] = capsule_.operations.size();
    head_["stimulus_digest"] = file_digest(temporary_ / kStimulusFile);
  }

  /// The list, with log and waves.
  void observe() {
    EventLog log(kLogBefore, kLogAfter);
    std::optional<Difference> difference;
    const tima::Cycle cycle = request_.finding.cycle;
    ShardRun run;
    run.tap = &log;
    run.observer = &log;
    run.difference = &difference;
    run.aftermath = kAftermath;
    run.waves = {(temporary_ / "waves.fst").string(),
                 cycle > kWavesBefore ? cycle - kWavesBefore : 0, kNever};
    const ShardResult result = run_list(capsule_, factory_, run);
    head_["list_reproduces"] = same_violation(result.finding, request_.finding);
    host::write_file(temporary_ / "events.log", log.text());
    host::write_file(temporary_ / "events.jsonl", log.json_lines());
    host::write_file(temporary_ / "states.txt", states_text(log, difference, request_.finding));
    std::error_code error;
    const bool waves = fs::exists(temporary_ / "waves.fst", error);
    head_["waves"] = waves;
    if (waves) {
      head_["waves_from_cycle"] = run.waves.from;
      head_["waves_to_cycle"] = result.cycles;
    }
  }

  void reduce() {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(request_.options.shrink_seconds);
    const Enough enough = [&] { return Clock::now() >= end || host::InterruptGuard::requested(); };
    Capsule attempt = capsule_;
    const StillFails still_fails = [&](const std::vector<Operation>& operations) {
      attempt.operations = operations;
      const ShardResult result = run_list(attempt, factory_);
      return result.finding && result.finding->rule == request_.finding.rule;
    };
    const ShrinkResult result = shrink(capsule_.operations, still_fails, enough);
    if (result.operations.size() >= capsule_.operations.size()) {
      note(fmt::format("not shrunk in {} attempts", result.attempts));
      return;
    }
    attempt.operations = result.operations;
    const ShardResult last = run_list(attempt, factory_);
    if (!last.finding || last.finding->rule != request_.finding.rule) return;
    write_operations(temporary_ / kShrunkFile, result.operations);
    head_["shrunk"] = {{"operations", result.operations.size()},
                       {"attempts", result.attempts},
                       {"complete", result.complete},
                       {"violation", to_json(*last.finding)},
                       {"stimulus_digest", file_digest(temporary_ / kShrunkFile)}};
    note(fmt::format("shrunk from {} to {} operations{}", grouped(capsule_.operations.size()),
                     grouped(result.operations.size()),
                     result.complete ? "" : " (time was up, perhaps not the shortest)"));
  }

  std::string program() const {
    if (!request_.options.program.empty()) return request_.options.program;
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    return error ? "/proc/self/exe" : self.string();
  }

  void write_command() {
    const fs::path script = temporary_ / "reproduce.sh";
    host::write_file(script,
                     fmt::format("#!/bin/sh\n"
                                 "# Exit code 1: the violation is reproduced; 0: it no longer "
                                 "happens; 2: damaged capsule.\n"
                                 "exec \"${{XIVE_COSIM:-{}}}\" replay \"$(dirname \"$0\")\" "
                                 "\"$@\"\n",
                                 program()));
    fs::permissions(script, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
  }

  void write_head(const fs::path& folder) const {
    host::write_file(folder / kCapsuleFile, head_.dump(2) + "\n");
  }

  /// The command of the capsule, as a reader would run it.
  void prove() {
    const std::string command = quoted(program()) + " replay " + quoted(final_.string());
    const fs::path report = final_ / "reproduction.json";
    const int code = run_replay_command(program(), final_.string(), report.string());
    std::error_code error;
    if (code == 1 && fs::exists(report, error)) {
      const nlohmann::json result = nlohmann::json::parse(host::read_file(report), nullptr, false);
      outcome_.reproduced = result.is_object() && result.value("outcome", "") == "reproduced";
    }
    head_["reproduction"] = {
        {"command", command}, {"exit_code", code}, {"reproduced", outcome_.reproduced}};
    write_head(final_);
    note(outcome_.reproduced ? "reproduced by: " + command
                             : fmt::format("NOT reproduced (exit code {}) by: {}", code, command));
  }

  const CapsuleRequest& request_;
  SubjectFactory factory_;
  fs::path final_;
  fs::path temporary_;
  nlohmann::json head_;
  Capsule capsule_;
  CapsuleOutcome outcome_;
};

}  // namespace

bool same_violation(const std::optional<Finding>& found, const Finding& expected) {
  return found && found->rule == expected.rule && found->cycle == expected.cycle;
}

ShardResult run_list(const Capsule& capsule, SubjectFactory factory, const ShardRun& run) {
  RecordedStimulus stimulus(capsule.operations);
  return run_shard(capsule.config,
                   subject_options(capsule.config, capsule.kind, capsule.mutant, capsule.skip_idle),
                   factory, run, &stimulus);
}

CapsuleOutcome write_capsule(const CapsuleRequest& request, SubjectFactory factory) {
  return Writer(request, factory).write();
}

}  // namespace xive::validate
