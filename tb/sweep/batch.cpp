// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/batch.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include "tb/host/files.h"
#include "tb/ledger/ledger.h"
#include "tb/report/folder.h"
#include "tb/sweep/execution.h"
#include "tb/sweep/run_job.h"

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

/// Keys that failed when this sweep ran last.
std::set<std::string> failed_last_time(ledger::Ledger& ledger, const std::string& name) {
  std::set<std::string> keys;
  const auto batches = ledger.batches();
  const auto last = std::find_if(batches.rbegin(), batches.rend(),
                                 [&](const ledger::Batch& batch) { return batch.name == name; });
  if (last == batches.rend()) return keys;
  for (const ledger::Run& run : ledger.runs(last->id)) {
    if (run.verdict != result::Verdict::Pass) keys.insert(run.key);
  }
  return keys;
}

/// The first lines of a list, and how many more there are.
void print_some(const std::vector<std::string>& lines, std::ostream& out) {
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < std::min(kShown, lines.size()); ++i) out << lines[i] << "\n";
  if (lines.size() > kShown) out << fmt::format("  ... and {} more\n", lines.size() - kShown);
}

/// `records` are those of `jobs`.
void print_failures(const std::vector<const Job*>& jobs, const std::vector<Record>& records,
                    const Store& store, std::ostream& out) {
  std::map<std::string, std::vector<std::size_t>> by_signature;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!records[i].passed()) by_signature[records[i].signature()].push_back(i);
  }
  if (by_signature.empty()) return;
  out << "\nfailures by signature:\n";
  std::vector<std::string> buckets;
  for (const auto& [signature, failed] : by_signature) {
    const Record& record = records[failed.front()];
    buckets.push_back(fmt::format(
        "  {:>5} x {}\n          first: {}\n          reproduce: cd {} && {}", failed.size(),
        signature, record.failures.empty() ? "(no text)" : record.failures.front(),
        store.job_folder(*jobs[failed.front()]), record.reproduce));
  }
  print_some(buckets, out);
}

/// The batch while it runs.
class BatchRun {
 public:
  BatchRun(const BatchPlan& plan, std::ostream& out)
      : plan_(plan),
        out_(out),
        ledger_file_(plan.ledger.empty() ? (plan.folder / "ledger.sqlite").string() : plan.ledger),
        executor_(make_executor(plan.executor, plan.folder,
                                [this](const std::string& text) { say(text); })),
        execution_(plan.name, plan.jobs, plan.folder, plan.resume) {
    line_.emplace(out, plan.jobs.size(), execution_.resumed());
    if (execution_.outdated() > 0) {
      say(fmt::format("{} results are of another build: these jobs run again",
                      execution_.outdated()));
    }
  }

  int run() {
    // Before the first job, so that a night is not spent in vain.
    std::error_code told_by_the_ledger;
    fs::create_directories(fs::path(ledger_file_).parent_path(), told_by_the_ledger);
    ledger::Ledger ledger(ledger_file_, ledger::Database::Mode::Write);
    ledger::Batch batch;
    batch.name = plan_.name;
    batch.started = utc_now();
    batch.host = host_name();
    batch.jobs = plan_.jobs.size();
    const auto begin = std::chrono::steady_clock::now();
    SchedulerOptions scheduling;
    scheduling.fail_fast = plan_.fail_fast;
    scheduling.first = failed_last_time(ledger, plan_.name);
    const Scheduler::Outcome outcome = execution_.run(*executor_, scheduling, *line_);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;

    const std::vector<const Job*> done = execution_.done();
    std::vector<Record> records = execution_.take_records();
    print_failures(done, records, execution_.store(), out_);
    const bool passed = summarise(records, seconds.count());
    if (outcome == Scheduler::Outcome::Interrupted) {
      out_ << "interrupted; go on with --resume\n";
      return 3;
    }
    if (!execution_.without_result().empty()) {
      out_ << fmt::format("{} jobs ended without a result; go on with --resume:\n",
                          execution_.without_result().size());
      print_some(execution_.without_result(), out_);
      return 3;
    }
    batch.build = records.empty() ? this_build() : records.front().build;
    const std::int64_t id = ledger.add(batch, records);
    out_ << fmt::format("ledger: {} batch {}\n", ledger_file_, id);
    std::vector<report::JobResult> results;
    for (std::size_t i = 0; i < records.size(); ++i) {
      results.push_back({done[i]->folder(), std::move(records[i])});
    }
    const fs::path& folder = execution_.store().folder();
    const fs::path page = folder / "report.html";
    host::write_file(page,
                     report::to_html(report::page_of(folder, std::move(results), ledger_file_)));
    out_ << fmt::format("page: {}\n", page.string());
    if (outcome == Scheduler::Outcome::FailedFast) out_ << "stopped at the first failure\n";
    out_ << (passed ? "PASS\n" : "FAIL\n");
    return passed ? 0 : 1;
  }

 private:
  void say(const std::string& text) {
    if (line_) {
      line_->say(text);
    } else {
      out_ << text << std::endl;
    }
  }

  /// True if every job has passed.
  bool summarise(const std::vector<Record>& records, double seconds) {
    std::uint64_t passed = 0;
    double cpu = 0;
    for (const Record& record : records) {
      passed += record.passed() ? 1U : 0U;
      const auto time = record.host.find("cpu_s");
      cpu += time == record.host.end() ? 0 : time->second;
    }
    out_ << fmt::format(
        "\nsweep {}: {} of {} jobs done, {} passed, {} failed; {:.1f} s wall, {:.1f} s "
        "CPU of all jobs{}\n",
        plan_.name, records.size(), plan_.jobs.size(), passed, records.size() - passed, seconds,
        cpu,
        execution_.resumed() > 0
            ? fmt::format(", {} results of an earlier run", execution_.resumed())
            : "");
    out_ << fmt::format("results: {}\n", execution_.store().folder().string());
    return passed == plan_.jobs.size();
  }

  const BatchPlan& plan_;
  std::ostream& out_;
  std::string ledger_file_;
  std::optional<ProgressLine> line_;  ///< before the executor, which may have something to say
  std::unique_ptr<Executor> executor_;
  Execution execution_;
};

}  // namespace

int run_batch(const BatchPlan& plan, std::ostream& out, std::ostream& err) {
  try {
    return BatchRun(plan, out).run();
  } catch (const StoreError& error) {
    err << "xive-cosim: error: " << error.what() << "\n";
    return 2;
  } catch (const std::runtime_error& error) {
    // A full disk, a ledger that is damaged, a cluster that does not answer, ...
    err << "xive-cosim: error: " << error.what() << "\n";
    if (fs::exists(plan.folder / "sweep.json")) {
      err << fmt::format("results so far are in {}; go on with --resume\n", plan.folder.string());
    }
    return 3;
  }
}

}  // namespace xive::sweep
