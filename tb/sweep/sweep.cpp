// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/sweep.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <ostream>
#include <thread>

#include "tb/host/files.h"
#include "tb/host/interrupt.h"
#include "tb/ledger/ledger.h"
#include "tb/report/folder.h"
#include "tb/sweep/local_executor.h"
#include "tb/sweep/progress.h"
#include "tb/sweep/run_job.h"
#include "tb/sweep/scheduler.h"
#include "tb/sweep/space.h"
#include "tb/sweep/store.h"

namespace xive::sweep {
namespace {

namespace fs = std::filesystem;
using result::Record;

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

unsigned processors() {
  return std::max(1U, std::thread::hardware_concurrency());
}

/// The work that sweeps and reruns share.
class Execution {
 public:
  Execution(const std::string& name, const std::vector<Job>& jobs, const fs::path& folder,
            bool resume)
      : name_(name), jobs_(jobs), store_(folder, name, jobs, resume), records_(jobs.size()) {
    for (const Job& job : jobs) {
      records_[job.number] = store_.load(job);
      resumed_ += records_[job.number] ? 1U : 0U;
    }
  }

  std::uint64_t resumed() const { return resumed_; }
  const std::vector<std::optional<Record>>& records() const { return records_; }
  const Store& store() const { return store_; }

  Scheduler::Outcome run(Executor& executor, const SchedulerOptions& options, ProgressLine& line) {
    std::vector<const Job*> open;
    for (const Job& job : jobs_) {
      if (!records_[job.number]) open.push_back(&job);
    }
    const result::Build build = this_build();
    const host::InterruptGuard guard;
    SchedulerHooks hooks;
    hooks.prepare = [this](const Job& job) {
      store_.prepare(job);
      return store_.job_folder(job);
    };
    hooks.finished = [&](const Job& job, const End& end) {
      records_[job.number] = store_.conclude(job, end, build);
      const bool passed = records_[job.number]->passed();
      line.finished(passed);
      return passed;
    };
    hooks.progress = [&line](unsigned running) { line.update(running); };
    hooks.interrupted = [] { return host::InterruptGuard::requested(); };
    const Scheduler::Outcome outcome = Scheduler(executor, options, hooks).run(open);
    line.clear();
    store_.write_results(records_);
    return outcome;
  }

  std::vector<Record> complete() const {
    std::vector<Record> records;
    for (const auto& record : records_) {
      if (record) records.push_back(*record);
    }
    return records;
  }

 private:
  std::string name_;
  const std::vector<Job>& jobs_;
  Store store_;
  std::vector<std::optional<Record>> records_;
  std::uint64_t resumed_ = 0;
};

/// Keys that failed when this sweep ran last.
std::set<std::string> failed_last_time(const std::string& ledger_file, const std::string& name) {
  std::set<std::string> keys;
  if (!fs::exists(ledger_file)) return keys;
  ledger::Ledger ledger(ledger_file, ledger::Database::Mode::Read);
  const auto batches = ledger.batches();
  const auto last = std::find_if(batches.rbegin(), batches.rend(),
                                 [&](const ledger::Batch& batch) { return batch.name == name; });
  if (last == batches.rend()) return keys;
  for (const ledger::Run& run : ledger.runs(last->id)) {
    if (run.verdict != result::Verdict::Pass) keys.insert(run.key);
  }
  return keys;
}

void print_failures(const std::vector<Job>& jobs, const Execution& execution, std::ostream& out) {
  constexpr std::size_t kShown = 10;
  std::map<std::string, std::vector<const Job*>> by_signature;
  for (const Job& job : jobs) {
    const auto& record = execution.records()[job.number];
    if (record && !record->passed()) by_signature[record->signature()].push_back(&job);
  }
  if (by_signature.empty()) return;
  out << "\nfailures by signature:\n";
  std::size_t shown = 0;
  for (const auto& [signature, failed] : by_signature) {
    if (shown++ == kShown) {
      out << fmt::format("  ... and {} more signatures\n", by_signature.size() - kShown);
      break;
    }
    const Record& record = *execution.records()[failed.front()->number];
    out << fmt::format("  {:>5} x {}\n          first: {}\n          reproduce: cd {} && {}\n",
                       failed.size(), signature,
                       record.failures.empty() ? "(no text)" : record.failures.front(),
                       execution.store().job_folder(*failed.front()), record.reproduce);
  }
}

int finish(const std::string& name, const std::vector<Job>& jobs, const Execution& execution,
           Scheduler::Outcome outcome, const std::string& ledger_file, const std::string& started,
           double seconds, std::ostream& out) {
  const std::vector<Record> records = execution.complete();
  std::uint64_t passed = 0;
  double cpu = 0;
  for (const Record& record : records) {
    passed += record.passed() ? 1U : 0U;
    const auto time = record.host.find("cpu_s");
    cpu += time == record.host.end() ? 0 : time->second;
  }
  print_failures(jobs, execution, out);
  out << fmt::format(
      "\nsweep {}: {} of {} jobs done, {} passed, {} failed; {:.1f} s wall, {:.1f} s "
      "CPU of all jobs{}\n",
      name, records.size(), jobs.size(), passed, records.size() - passed, seconds, cpu,
      execution.resumed() > 0 ? fmt::format(", {} results of an earlier run", execution.resumed())
                              : "");
  out << fmt::format("results: {}\n", execution.store().folder().string());
  if (outcome == Scheduler::Outcome::Interrupted) {
    out << "interrupted; go on with --resume\n";
    return 3;
  }
  ledger::Ledger ledger(ledger_file, ledger::Database::Mode::Write);
  ledger::Batch batch;
  batch.name = name;
  batch.started = started;
  batch.host = host_name();
  batch.build = this_build();
  batch.jobs = jobs.size();
  const std::int64_t id = ledger.add(batch, records);
  out << fmt::format("ledger: {} batch {}\n", ledger_file, id);
  const fs::path page = execution.store().folder() / "report.html";
  host::write_file(page,
                   report::to_html(report::read_folder(execution.store().folder(), ledger_file)));
  out << fmt::format("page: {}\n", page.string());
  if (outcome == Scheduler::Outcome::FailedFast) {
    out << "stopped at the first failure\n";
  }
  out << (passed == jobs.size() ? "PASS\n" : "FAIL\n");
  return passed == jobs.size() ? 0 : 1;
}

std::string program_of(const std::string& given) {
  return given.empty() ? fs::read_symlink("/proc/self/exe").string() : given;
}

}  // namespace

int run_sweep(const SweepOptions& options, std::ostream& out, std::ostream& err) {
  const SweepFile file = load_sweep(options.file);
  const std::vector<Job> jobs = make_jobs(file);
  if (options.list) {
    for (const Job& job : jobs) out << job.folder() << "  " << job.key() << "\n";
    out << fmt::format("{} jobs\n", jobs.size());
    return 0;
  }
  const std::string ledger_file =
      options.ledger.empty() ? (fs::path(options.out) / "ledger.sqlite").string() : options.ledger;
  try {
    const std::string started = utc_now();
    const auto begin = std::chrono::steady_clock::now();
    Execution execution(file.spec.name, jobs, options.out, options.resume);
    SchedulerOptions scheduling;
    scheduling.fail_fast = options.fail_fast;
    scheduling.first = failed_last_time(ledger_file, file.spec.name);
    ProgressLine line(out, jobs.size(), execution.resumed());
    const unsigned slots = options.jobs == 0 ? processors() : options.jobs;
    LocalExecutor executor(program_of(options.program), slots);
    const Scheduler::Outcome outcome = execution.run(executor, scheduling, line);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return finish(file.spec.name, jobs, execution, outcome, ledger_file, started, seconds, out);
  } catch (const StoreError& error) {
    err << "xive-cosim: error: " << error.what() << "\n";
    return 2;
  }
}

int run_rerun(const RerunOptions& options, std::ostream& out, std::ostream& err) {
  const fs::path folder = options.folder;
  try {
    std::vector<Job> jobs;
    std::vector<fs::path> old;
    if (fs::exists(folder / "jobs")) {
      for (const auto& entry : fs::directory_iterator(folder / "jobs")) old.push_back(entry.path());
    }
    std::sort(old.begin(), old.end());
    if (old.empty()) {
      err << fmt::format("xive-cosim: error: {}: expected the folder of a sweep, found none\n",
                         folder.string());
      return 2;
    }
    for (const fs::path& path : old) {
      if (!fs::exists(path / "result.json")) continue;
      const Record record =
          result::from_json(result::Json::parse(host::read_file(path / "result.json")), nullptr);
      if (record.passed()) continue;
      Job job = job_from_json(result::Json::parse(host::read_file(path / "job.json")));
      job.number = jobs.size();
      job.waves = options.waves;
      jobs.push_back(std::move(job));
    }
    if (jobs.empty()) {
      out << "no job of this sweep failed\n";
      return 0;
    }
    const fs::path target = options.out.empty() ? folder / "rerun" : fs::path(options.out);
    const auto begin = std::chrono::steady_clock::now();
    Execution execution("rerun", jobs, target, false);
    ProgressLine line(out, jobs.size(), 0);
    LocalExecutor executor(program_of({}), options.jobs == 0 ? processors() : options.jobs);
    const std::string started = utc_now();
    const Scheduler::Outcome outcome = execution.run(executor, {}, line);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return finish("rerun", jobs, execution, outcome, (target / "ledger.sqlite").string(), started,
                  seconds, out);
  } catch (const StoreError& error) {
    err << "xive-cosim: error: " << error.what() << "\n";
    return 2;
  }
}

}  // namespace xive::sweep
