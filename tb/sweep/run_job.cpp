// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/run_job.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <new>
#include <ostream>

#include "sc_models/platform/file_error.h"
#include "tb/build_info/build_info.h"
#include "tb/config/nearest.h"
#include "tb/host/files.h"
#include "tb/host/process.h"
#include "tb/sweep/expression.h"
#include "tb/sweep/run_suite.h"

namespace xive::sweep {

namespace fs = std::filesystem;
using result::Json;
using result::Record;
using result::Verdict;

result::Build this_build() {
  const BuildInfo& info = build_info();
  return {std::string(info.version),
          std::string(info.commit),
          info.dirty,
          {{"compiler", std::string(info.compiler)},
           {"systemc", std::string(info.systemc)},
           {"verilator", std::string(info.verilator)}}};
}

void judge(const Job& job, Record& record) {
  if (record.verdict != Verdict::Pass && record.verdict != Verdict::Fail) return;
  for (const std::string& text : job.expect) {
    std::string failure;
    try {
      const Expression expression(text);
      std::string seen;
      const bool good = expression.evaluate([&](const std::string& name) -> std::optional<double> {
        const auto metric = record.metrics.find(name);
        if (metric == record.metrics.end()) {
          std::vector<std::string> names;
          for (const auto& [known, value] : record.metrics) names.push_back(known);
          const std::string nearest = config::nearest_match(name, names);
          throw ExpressionError(
              fmt::format("no metric is called '{}'{}", name,
                          nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
        }
        seen += fmt::format("{}{} = {}", seen.empty() ? "" : ", ", name, metric->second);
        return metric->second;
      }) != 0;
      if (!good) failure = fmt::format("expected {}, found {}", text, seen);
    } catch (const ExpressionError& error) {
      failure = fmt::format("expected {}: {}", text, error.what());
    }
    if (!failure.empty()) {
      record.verdict = Verdict::Fail;
      record.failures.push_back(failure);
    }
  }
}

namespace {

/// What the job took so far: of the processor, with the processes that it has started (validate
/// does), and on the clock.
void add_times(std::chrono::steady_clock::time_point begin, Record& record) {
  record.host["cpu_s"] =
      host::processor_seconds(RUSAGE_SELF) + host::processor_seconds(RUSAGE_CHILDREN);
  record.host["wall_s"] =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int run_job(const std::string& folder, std::ostream& out, std::ostream& err) {
  const auto begin = std::chrono::steady_clock::now();
  const fs::path path = fs::absolute(folder);
  Job job;
  try {
    job = read_job(path);
  } catch (const std::exception& error) {
    err << "xive-cosim: error: " << error.what() << "\n";
    return 2;
  }
  Record record = job.blank_record();
  record.build = this_build();
  config::Document<config::Config> document{config::config_schema()};
  document.load((path / "config.yaml").string());
  document.verify();
  const auto failed = [&](std::string text) {
    record.verdict = Verdict::Error;
    record.failures = {std::move(text)};
  };
  try {
    run_suite(job, path, document.value(), out, err, record);
  } catch (const host::FileError&) {
    throw;  // the environment's, not the job's
  } catch (const platform::EnvironmentError&) {
    throw;
  } catch (const std::bad_alloc&) {
    failed(fmt::format("out of memory; the job may have {} MiB", job.limits.memory_mib));
  } catch (const std::exception& error) {
    failed(error.what());
  }
  judge(job, record);
  for (const std::string& failure : record.failures) out << failure << "\n";
  out << name(record.verdict) << "\n";
  add_times(begin, record);
  host::write_file(path / "host.json", host_text(record));
  // Last, because it says that the job is complete.
  host::write_file(path / "result.json", to_text(record));
  return record.passed() ? 0 : 1;
}

}  // namespace xive::sweep
