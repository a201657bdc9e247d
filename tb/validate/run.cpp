// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <ostream>
#include <set>
#include <thread>

#include "tb/host/files.h"
#include "tb/host/interrupt.h"
#include "tb/validate/capsule.h"
#include "tb/validate/complain.h"
#include "tb/validate/mutants.h"
#include "tb/validate/progress.h"
#include "tb/validate/report.h"
#include "tb/validate/shard_store.h"
#include "tb/validate/worker_pool.h"

namespace xive::validate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMaxShardOps = 10'000'000;
constexpr unsigned kMaxJobs = 1024;
/// A shard whose process dies so often is not run again.
constexpr unsigned kShardAttempts = 3;
constexpr RuleInfo kRuleCrash{"VAL-CRASH", "The process that runs a shard comes to its end.",
                              "docs/validate.md"};

/// One run of shards with workers.
class Run {
 public:
  Run(const ValidateOptions& options, SubjectFactory factory, std::ostream& out)
      : options_(options),
        factory_(factory),
        lock_(prepare(options.out)),
        store_(options.out, run_key(options), options.resume),
        pool_(options.jobs),
        progress_(options.progress, out) {
    report_.options = options;
    last_ = options.ops == 0 ? kNever : (options.ops + options.shard_ops - 1) / options.shard_ops;
  }

  /// FileError and std::runtime_error are troubles of the environment.
  RunReport execute() {
    list_rules();
    const auto start = Clock::now();
    while (true) {
      start_shards(start);
      if (pool_.running() == 0 && !can_start(start)) break;
      for (const WorkerPool::Exit& exit : pool_.wait(std::chrono::milliseconds(100))) take(exit);
      if (host::InterruptGuard::requested()) {
        pool_.kill_all();
        break;
      }
      progress_.update(new_ops_ + pool_.progress(), remaining_ops(), options_.minutes * 60,
                       first_failed_ ? "a rule was violated, finishing earlier shards" : "");
    }
    progress_.clear();
    store_.remove_leftovers();
    report_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    collect();
    return std::move(report_);
  }

  /// The configuration of a shard of this run.
  ShardConfig shard(std::uint64_t number) const {
    ShardLimits limits;
    limits.run_seed = options_.seed;
    limits.ops = options_.shard_ops;
    if (options_.ops != 0) {
      limits.ops = std::min(limits.ops, options_.ops - number * options_.shard_ops);
    }
    limits.generation = options_.generation;
    limits.threads = options_.threads;
    limits.random_knobs = options_.random_knobs;
    limits.knobs = options_.knobs;
    limits.stalls = options_.stalls;
    return draw_shard(limits, number);
  }

 private:
  static std::filesystem::path prepare(const std::string& directory) {
    host::make_writable_directory(directory);
    return directory;
  }

  /// Names and sentences of the rules; also a first look whether there is such a subject at all.
  void list_rules() {
    const ShardConfig config = shard(0);
    const auto subject =
        factory_(subject_options(config, options_.tima, options_.mutant, options_.skip_idle));
    std::vector<RuleInfo> rules = rules_of(*subject);
    rules.push_back(kRuleCrash);
    for (const RuleInfo& rule : rules) {
      report_.rules.push_back(
          {std::string(rule.id), std::string(rule.sentence), std::string(rule.reference), 0, 0});
    }
  }

  bool can_start(Clock::time_point start) const {
    if (first_failed_ || host::InterruptGuard::requested()) return false;
    if (!again_.empty()) return true;
    if (next_ >= last_) return false;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return options_.minutes <= 0 || seconds < options_.minutes * 60;
  }

  void start_shards(Clock::time_point start) {
    while (can_start(start) && pool_.has_free_slot()) {
      std::uint64_t number = 0;
      if (!again_.empty()) {
        number = *again_.begin();
        again_.erase(again_.begin());
      } else {
        number = next_++;
      }
      if (options_.resume) {
        if (auto known = store_.load(number, shard(number).ops)) {
          ++report_.resumed;
          resumed_ops_ += known->operations;
          done(std::move(*known));
          continue;
        }
      }
      pool_.start(number,
                  [this, number](std::atomic<std::uint64_t>& progress) { work(number, progress); });
    }
  }

  /// In the worker.
  void work(std::uint64_t number, std::atomic<std::uint64_t>& progress) const {
    const ShardConfig config = shard(number);
    ShardRun run;
    run.progress = &progress;
    if (options_.waves) run.waves.path = store_.waves(number).string();
    store_.save(run_shard_in_batches(
        config, subject_options(config, options_.tima, options_.mutant, options_.skip_idle),
        factory_, run));
  }

  void take(const WorkerPool::Exit& exit) {
    if (exit.signal == 0 && exit.code == 0) {
      if (auto result = store_.load(exit.job, shard(exit.job).ops)) {
        new_ops_ += result->operations;
        done(std::move(*result));
        return;
      }
      throw host::FileError(
          fmt::format("{}: the result of shard {} is missing or damaged", options_.out, exit.job));
    }
    if (exit.code == kExitEnvironment) throw host::FileError(exit.message);
    ++report_.restarts;
    const unsigned attempts = ++attempts_[exit.job];
    if (attempts < kShardAttempts) {
      again_.insert(exit.job);
      return;
    }
    if (exit.signal == SIGKILL) {
      throw host::FileError(fmt::format(
          "the worker of shard {} was killed {} times: out of memory?", exit.job, attempts));
    }
    // The same end each time: the thing under test does it.
    ShardResult crashed;
    crashed.number = exit.job;
    crashed.seed = shard(exit.job).seed;
    crashed.finding = Finding{std::string(kRuleCrash.id),
                              exit.signal != 0 ? fmt::format("the process ended by signal {} ({})",
                                                             exit.signal, ::strsignal(exit.signal))
                                               : fmt::format("the process ended: {}", exit.message),
                              0,
                              0,
                              {}};
    done(std::move(crashed));
  }

  void done(ShardResult result) {
    if (result.finding && (!first_failed_ || result.number < *first_failed_)) {
      first_failed_ = result.number;
    }
    results_.emplace(result.number, std::move(result));
  }

  /// What is left of the limit, without what was there already.
  std::uint64_t remaining_ops() const {
    return options_.ops > resumed_ops_ ? options_.ops - resumed_ops_ : 0;
  }

  /// The shards from 0 on without a gap, up to the first that failed.
  void collect() {
    report_.new_operations = new_ops_;
    for (std::uint64_t number = 0; results_.count(number) != 0; ++number) {
      ShardResult& result = results_.at(number);
      const bool crashed = result.finding && result.finding->rule == kRuleCrash.id;
      result.rules.push_back({std::string(kRuleCrash.id), 1, crashed ? 1U : 0U});
      report_.add(result);
      if (report_.finding) break;
    }
    report_.close();
    const bool complete = options_.minutes > 0 || report_.shards == last_;
    if (!report_.finding && (host::InterruptGuard::requested() || !complete)) {
      report_.verdict = Verdict::Interrupted;
    }
  }

  const ValidateOptions& options_;
  SubjectFactory factory_;
  host::DirectoryLock lock_;
  ShardStore store_;
  WorkerPool pool_;
  ProgressLine progress_;
  RunReport report_;
  std::map<std::uint64_t, ShardResult> results_;
  std::map<std::uint64_t, unsigned> attempts_;
  std::set<std::uint64_t> again_;
  std::optional<std::uint64_t> first_failed_;
  std::uint64_t next_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t new_ops_ = 0;
  std::uint64_t resumed_ops_ = 0;
};

void write_reports(const RunReport& report) {
  if (!report.options.json.empty()) {
    host::write_file(report.options.json, to_json(report).dump(2) + "\n");
  }
  if (!report.options.junit.empty()) host::write_file(report.options.junit, to_junit(report));
}

void make_capsule(const Run& run, const ValidateOptions& options, SubjectFactory factory,
                  RunReport& report, std::ostream& out) {
  if (report.finding->rule == kRuleCrash.id) {
    report.capsule_note = fmt::format(
        "             no capsule: run the shard alone under a debugger (shard seed {:#x})\n",
        report.finding_seed);
    return;
  }
  out << "A rule was violated: " << report.finding->rule << ". Making the capsule ..." << std::endl;
  CapsuleRequest request;
  request.config = run.shard(report.finding_shard);
  request.finding = *report.finding;
  request.options = options;
  const CapsuleOutcome outcome = write_capsule(request, factory);
  report.capsule = outcome.folder;
  report.capsule_note = outcome.note;
}

bool has_mutant(unsigned number) {
  const std::vector<Mutant> all = read_mutants(built_in_mutants(), 0);
  return std::any_of(all.begin(), all.end(), [&](const Mutant& m) { return m.number == number; });
}

}  // namespace

std::string check_options(const ValidateOptions& o) {
  if (o.generation != 1 && o.generation != 2) {
    return fmt::format("--gen: expected 1 or 2, found {}", o.generation);
  }
  if (o.threads < 1 || o.threads > tima::kMaxThreads) {
    return fmt::format("--threads: expected 1 to {}, found {}", tima::kMaxThreads, o.threads);
  }
  if (o.shard_ops < 1 || o.shard_ops > kMaxShardOps) {
    return fmt::format("--shard-ops: expected 1 to {}, found {}", kMaxShardOps, o.shard_ops);
  }
  if (!(o.minutes >= 0)) return fmt::format("--minutes: expected 0 or more, found {}", o.minutes);
  if (o.ops == 0 && o.minutes <= 0 && !o.mutants) {
    return "--ops: 0 means no limit, then --minutes must be given";
  }
  if (o.jobs > kMaxJobs) return fmt::format("--jobs: expected 0 to {}, found {}", kMaxJobs, o.jobs);
  if (o.mutant != 0 && o.tima == TimaKind::Model) {
    return "--mutant: mutants are of the RTL; --tima model has none";
  }
  if (o.mutant != 0 && !has_mutant(o.mutant)) {
    return fmt::format("--mutant: there is no mutant {}", o.mutant);
  }
  if (o.out.empty()) return "--out: expected a directory, found nothing";
  return {};
}

int run_validate_on(const ValidateOptions& options, SubjectFactory factory, std::ostream& out,
                    std::ostream& err) {
  if (const std::string problem = check_options(options); !problem.empty()) {
    return complain(err, kExitUsage, problem);
  }
  ValidateOptions settled = options;
  if (settled.jobs == 0) settled.jobs = std::max(1U, std::thread::hardware_concurrency());
  if (settled.mutants) return run_mutants_on(settled, factory, out, err);
  const host::InterruptGuard guard;
  try {
    Run run(settled, factory, out);
    RunReport report = run.execute();
    if (report.verdict == Verdict::Fail) make_capsule(run, settled, factory, report, out);
    out << to_text(report) << std::flush;
    write_reports(report);
    switch (report.verdict) {
      case Verdict::Pass:
        return kExitGood;
      case Verdict::Fail:
        return kExitFailed;
      case Verdict::Interrupted:
        return kExitEnvironment;
    }
  } catch (const std::invalid_argument& error) {
    return complain(err, kExitUsage, error.what());
  } catch (const std::exception& error) {
    return complain(err, kExitEnvironment, error.what());
  }
  return kExitEnvironment;
}

}  // namespace xive::validate
