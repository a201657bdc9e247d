// SPDX-License-Identifier: Apache-2.0
// The ledger with a million results: time to add a night, size, time of each query.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <functional>

#include "tb/bench/stopwatch.h"
#include "tb/ledger/compare.h"
#include "tb/report/comparison.h"
#include "tb/report/export.h"
#include "tb/report/testing/sample_sweep.h"

namespace xive {
namespace {

namespace fs = std::filesystem;
using bench::Stopwatch;
using report::testing::SampleSweep;

constexpr double kBound = 1;  // second, for each query

double fill(const std::string& file, std::uint64_t nights, SampleSweep sweep) {
  ledger::Ledger ledger(file, ledger::Database::Mode::Write);
  std::vector<result::Record> records = report::testing::sample_records(sweep);
  double slowest = 0;
  for (sweep.night = 0; sweep.night < nights; ++sweep.night) {
    // What differs from night to night: a new sample of every tenth job is enough.
    for (std::size_t n = sweep.night % 10; n < records.size(); n += 10) {
      records[n] = report::testing::sample_record(sweep, n);
    }
    const Stopwatch watch;
    ledger.add(report::testing::sample_batch(sweep), records);
    slowest = std::max(slowest, watch.seconds());
  }
  return slowest;
}

/// Three times, each with a connection of its own. True if the fastest is within the bound: other
/// programs on this machine do not count.
bool query(const char* name, const std::string& file,
           const std::function<void(ledger::Ledger&)>& action) {
  double fastest = 1e9, slowest = 0, cpu = 1e9;
  for (int round = 0; round < 3; ++round) {
    const Stopwatch watch;
    const double begin = bench::cpu_seconds();
    ledger::Ledger ledger(file, ledger::Database::Mode::Read);
    action(ledger);
    cpu = std::min(cpu, bench::cpu_seconds() - begin);
    fastest = std::min(fastest, watch.seconds());
    slowest = std::max(slowest, watch.seconds());
  }
  fmt::print("  {:<40} {:>7.3f} s, slowest {:>7.3f} s, processor {:>7.3f} s{}\n", name, fastest,
             slowest, cpu, fastest < kBound ? "" : "  TOO SLOW");
  return fastest < kBound;
}

int run(const std::string& file, std::uint64_t nights, const SampleSweep& sweep) {
  fs::remove(file);
  const Stopwatch watch;
  const double slowest = fill(file, nights, sweep);
  fmt::print("{} nights of {} jobs: {} results, {:.2f} GB, {:.0f} s; slowest night {:.2f} s\n",
             nights, sweep.points, nights * sweep.points,
             static_cast<double>(fs::file_size(file)) / 1e9, watch.seconds(), slowest);
  const std::string key = report::testing::sample_record(sweep, 0).key();
  const std::string metric = "latency.ipi.source_to_exception.p99_ns";
  bool good = query("list all batches", file, [](ledger::Ledger& l) { l.batches(); });
  good &=
      query("find a batch by its commit", file, [](ledger::Ledger& l) { l.find("9e3779b97f4a"); });
  good &= query("compare the last two nights", file, [](ledger::Ledger& l) {
    report::to_text(compare(l, l.find("previous"), l.find("latest")));
  });
  good &= query("compare the first night with the last", file, [](ledger::Ledger& l) {
    report::to_text(compare(l, l.find("1"), l.find("latest")));
  });
  good &=
      query("trend of a metric of a job", file, [&](ledger::Ledger& l) { l.trend(key, metric); });
  good &= query("trend of the mean of a metric", file,
                [&](ledger::Ledger& l) { l.trend_of_means("sample", metric); });
  good &= query("all means of a night (for the page)", file,
                [](ledger::Ledger& l) { l.means(l.find("latest").id); });
  good &= query("export a night as CSV", file,
                [](ledger::Ledger& l) { report::to_csv(l, l.find("latest")); });
  good &= query("export a night as JSON", file,
                [](ledger::Ledger& l) { report::to_json(l, l.find("latest")).dump(2); });
  good &= query("export a night as JUnit", file,
                [](ledger::Ledger& l) { report::to_junit(l, l.find("latest")); });
  return good ? 0 : 1;
}

}  // namespace
}  // namespace xive

int main(int argc, char** argv) {
  CLI::App app("Fills a ledger and times what is asked of it; exit code 1: a query took a second.");
  std::uint64_t nights = 500;
  xive::report::testing::SampleSweep sweep;
  sweep.points = 2000;
  std::string file = "ledger_bench.sqlite";
  bool keep = false;
  app.add_option("--nights", nights, "batches")->capture_default_str();
  app.add_option("--jobs", sweep.points, "results of each batch")->capture_default_str();
  app.add_option("--file", file, "the ledger; removed at the end")->capture_default_str();
  app.add_flag("--keep", keep, "do not remove the ledger");
  CLI11_PARSE(app, argc, argv);
  const int code = xive::run(file, nights, sweep);
  if (!keep) std::filesystem::remove(file);
  return code;
}
