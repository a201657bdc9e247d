// SPDX-License-Identifier: Apache-2.0
// `xive-cosim report ...`: what the ledger and the folders of sweeps say.
#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "tb/cli/command.h"
#include "tb/cli/paths.h"
#include "tb/config/document.h"
#include "tb/host/files.h"
#include "tb/ledger/compare.h"
#include "tb/report/comparison.h"
#include "tb/report/export.h"
#include "tb/report/folder.h"
#include "tb/sweep/job.h"
#include "tb/sweep/trace_job.h"

namespace xive::cli {
namespace {

using ledger::Database;
using ledger::Ledger;

/// The ledger that a command reads.
class LedgerOption {
 public:
  void declare(CLI::App& app) {
    app.add_option("--ledger", file_, "ledger of results")
        ->type_name("FILE")
        ->capture_default_str();
  }
  const std::string& file() const { return file_; }
  Ledger open() const {
    std::error_code error;
    if (!std::filesystem::exists(file_, error)) {
      throw UsageError(fmt::format("--ledger: expected a ledger, found no file {}", file_));
    }
    return {file_, Database::Mode::Read};
  }

 private:
  std::string file_ = "xive-sweep-out/ledger.sqlite";
};

/// A damaged ledger may hold any bytes.
std::string text_of(const result::Json& json) {
  return json.dump(2, ' ', false, result::Json::error_handler_t::replace) + "\n";
}

ledger::Batch find(Ledger& ledger, const std::string& what) {
  try {
    return ledger.find(what);
  } catch (const ledger::UnknownBatch& error) {
    throw UsageError(error.what());
  }
}

class ListCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("list", "the batches of a ledger");
    ledger_.declare(*app);
    app->footer(
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out list && xive-cosim report list "
        "--ledger list/ledger.sqlite\n");
    return app;
  }
  int run(const Streams& streams) override {
    Ledger ledger = ledger_.open();
    for (const ledger::Batch& batch : ledger.batches()) {
      streams.out << fmt::format("{:>5}  {}  {:<12}{}  {:<16} {} of {} jobs, {} passed\n", batch.id,
                                 batch.started, batch.build.commit, batch.build.dirty ? "+" : " ",
                                 batch.name, batch.runs, batch.jobs, batch.passed);
    }
    return kGood;
  }

 private:
  LedgerOption ledger_;
};

class CompareCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("compare", "what changed between two batches");
    app->add_option("base", base_, "latest, previous, number of a batch, or commit")
        ->type_name("BASE");
    app->add_option("head", head_, "likewise")->type_name("HEAD");
    ledger_.declare(*app);
    app->add_option(
           "--across", across_,
           "setting that may differ between the same jobs: what its change does; repeatable")
        ->type_name("KEY")
        ->allow_extra_args(false);
    app->add_option("--json", json_, "write the comparison as JSON")->type_name("FILE");
    app->footer(
        "Exit code 1: new failures, nondeterminism, or a rule that is never hit any more.\n"
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out cmp && xive-cosim report "
        "compare latest latest --ledger cmp/ledger.sqlite\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (head_.empty()) throw UsageError("report compare: expected two batches, BASE and HEAD");
    check_output_file("--json", json_);
    Ledger ledger = ledger_.open();
    const auto comparison = compared(ledger);
    streams.out << report::to_text(comparison);
    if (!json_.empty()) {
      host::write_file(json_, text_of(report::to_json(comparison)));
    }
    return comparison.good() ? kGood : kFailed;
  }

 private:
  ledger::Comparison compared(Ledger& ledger) const {
    try {
      return compare(ledger, find(ledger, base_), find(ledger, head_),
                     {across_.begin(), across_.end()});
    } catch (const ledger::AmbiguousJobs& error) {
      throw UsageError(fmt::format("--across: {}", error.what()));
    }
  }

  LedgerOption ledger_;
  std::string base_, head_, json_;
  std::vector<std::string> across_;
};

class TrendCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("trend", "one metric over all batches");
    app->add_option("what", what_,
                    "a job, as `report export` names it, or a sweep: the mean over its jobs")
        ->type_name("JOB|SWEEP");
    app->add_option("metric", metric_, "name of the metric")->type_name("METRIC");
    ledger_.declare(*app);
    app->footer(
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out trend && xive-cosim report "
        "trend smoke latency.ipi.source_to_eoi.median_ns --ledger trend/ledger.sqlite\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (metric_.empty()) throw UsageError("report trend: expected a job or sweep, and a metric");
    Ledger ledger = ledger_.open();
    auto points = ledger.trend_of_means(what_, metric_);
    if (points.empty()) points = ledger.trend(what_, metric_);
    if (points.empty()) {
      throw UsageError(fmt::format(
          "report trend: expected a job or sweep and a metric of the ledger, found '{}' and '{}'; "
          "`report list` shows the sweeps, `report export --format csv` jobs and metrics",
          what_, metric_));
    }
    streams.out << report::trend_text(what_, metric_, points);
    return kGood;
  }

 private:
  LedgerOption ledger_;
  std::string what_, metric_;
};

class ExportCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand("export", "the results of a batch as CSV, JSON or JUnit");
    app->add_option("batch", batch_, "latest, previous, number of a batch, or commit")
        ->type_name("BATCH")
        ->capture_default_str();
    app->add_option("--format", format_, "csv, json or junit")->type_name("KIND");
    app->add_option("--file", file_, "where to; default: standard output")->type_name("FILE");
    ledger_.declare(*app);
    app->footer(
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out export && xive-cosim report "
        "export --ledger export/ledger.sqlite --format junit\n");
    return app;
  }
  int run(const Streams& streams) override {
    enum class Format { Csv, Json, Junit };
    const auto format = config::parse_option(
        config::choice<Format>(
            {{"csv", Format::Csv}, {"json", Format::Json}, {"junit", Format::Junit}}),
        format_, "--format");
    check_output_file("--file", file_);
    Ledger ledger = ledger_.open();
    const ledger::Batch batch = find(ledger, batch_);
    const std::string text = format == Format::Csv    ? report::to_csv(ledger, batch)
                             : format == Format::Json ? text_of(report::to_json(ledger, batch))
                                                      : report::to_junit(ledger, batch);
    if (file_.empty()) {
      streams.out << text;
    } else {
      host::write_file(file_, text);
    }
    return kGood;
  }

 private:
  LedgerOption ledger_;
  std::string batch_ = "latest", format_ = "csv", file_;
};

class TraceCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app =
        parent.add_subcommand("trace", "run one job of a sweep again, with a trace for Perfetto");
    app->add_option("folder", folder_, "folder of the sweep")->type_name("DIR");
    app->add_option("job", job_, "number of the job")->type_name("JOB");
    app->add_option("--out", out_, "the trace")->type_name("FILE")->capture_default_str();
    app->footer(
        "Exit code 1: the digest is not the one of the sweep.\n"
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out traced && xive-cosim report "
        "trace traced 3 --out trace.json\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (job_.empty()) throw UsageError("report trace: expected the folder of a sweep and a job");
    const auto number = config::parse_option(
        config::integer(std::uint64_t{0}, std::uint64_t{999'999'999}), job_, "report trace: job");
    check_output_file("--out", out_);
    try {
      sweep::Job job;
      job.number = number;
      return sweep::trace_job(std::filesystem::path(folder_) / "jobs" / job.folder(), out_,
                              streams.out, streams.err);
    } catch (const sweep::NotTraceable& error) {
      throw UsageError(fmt::format("report trace: {}", error.what()));
    }
  }

 private:
  std::string folder_, job_, out_ = "trace.json";
};

class HtmlCommand final : public Command {
 public:
  CLI::App* declare(CLI::App& parent) override {
    CLI::App* app = parent.add_subcommand(
        "html", "one self-contained page of a sweep's folder, also while it runs");
    app->add_option("folder", folder_, "folder of the sweep")->type_name("DIR");
    app->add_option("--file", file_, "the page (default: DIR/report.html)")->type_name("FILE");
    app->add_option("--ledger", ledger_, "ledger for the trend (default: DIR/ledger.sqlite)")
        ->type_name("FILE");
    app->footer(
        "Example: xive-cosim sweep configs/sweeps/smoke.yaml --out page && xive-cosim report html "
        "page --file page.html\n");
    return app;
  }
  int run(const Streams& streams) override {
    if (folder_.empty()) throw UsageError("report html: expected the folder of a sweep");
    check_output_file("--file", file_);
    const std::filesystem::path folder = folder_;
    std::error_code error;
    if (!std::filesystem::exists(folder / "sweep.json", error)) {
      throw UsageError(fmt::format("report html: expected the folder of a sweep, found no {}",
                                   (folder / "sweep.json").string()));
    }
    const std::string file = file_.empty() ? (folder / "report.html").string() : file_;
    const report::Page page = report::read_folder(
        folder, ledger_.empty() ? (folder / "ledger.sqlite").string() : ledger_, file);
    host::write_file(file, report::to_html(page));
    streams.out << fmt::format("{}: {} of {} jobs\n", file, page.jobs.size(), page.planned);
    return kGood;
  }

 private:
  std::string folder_, file_, ledger_;
};

}  // namespace

std::vector<std::unique_ptr<Command>> make_report_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(std::make_unique<ListCommand>());
  commands.push_back(std::make_unique<CompareCommand>());
  commands.push_back(std::make_unique<TrendCommand>());
  commands.push_back(std::make_unique<ExportCommand>());
  commands.push_back(std::make_unique<HtmlCommand>());
  commands.push_back(std::make_unique<TraceCommand>());
  return commands;
}

}  // namespace xive::cli
