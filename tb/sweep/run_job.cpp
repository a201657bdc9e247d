// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/run_job.h"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>

#include "tb/build_info/build_info.h"
#include "tb/config/config.h"
#include "tb/config/nearest.h"
#include "tb/host/files.h"
#include "tb/run/run.h"
#include "tb/sweep/expression.h"
#include "tb/validate/validate.h"

namespace xive::sweep {
namespace {

namespace fs = std::filesystem;
using result::Json;
using result::Record;
using result::Verdict;

/// Numbers of a tree, by dotted path.
void flatten(const nlohmann::json& tree, const std::string& path,
             std::map<std::string, double>& numbers) {
  for (const auto& [key, value] : tree.items()) {
    const std::string below = path.empty() ? key : path + "." + key;
    if (value.is_object()) {
      flatten(value, below, numbers);
    } else if (value.is_number()) {
      numbers[below] = value.get<double>();
    }
  }
}

void add_rules(const nlohmann::json& rules, Record& record) {
  for (const auto& rule : rules) {
    record.rules.push_back({rule.at("id").get<std::string>(), rule.at("hits").get<std::uint64_t>(),
                            rule.at("fired").get<std::uint64_t>()});
    if (record.rules.back().fired > 0) {
      record.failures.push_back(fmt::format("{} fired {} times: {}", record.rules.back().id,
                                            record.rules.back().fired,
                                            rule.at("sentence").get<std::string>()));
    }
  }
}

void run_validation(const Job& job, const fs::path& folder, const config::Config& config,
                    std::ostream& out, std::ostream& err, Record& record) {
  validate::ValidateOptions options = config.validate;
  options.jobs = 1;
  options.progress = validate::Progress::Off;
  options.waves = job.waves;
  options.out = (folder / "validate").string();
  options.json = (folder / "validate.json").string();
  options.build = {record.build.version, record.build.commit, record.build.dirty};
  const int code = validate::run_validate(options, out, err);
  record.reproduce = "xive-cosim validate --config config.yaml";
  if (code > 1) {
    record.verdict = Verdict::Error;
    record.failures.push_back(fmt::format("validate ended with code {}", code));
    return;
  }
  const auto json = nlohmann::json::parse(host::read_file(options.json));
  record.digest = json.at("digest").get<std::string>();
  record.metrics["operations"] = json.at("operations").get<double>();
  record.metrics["cycles"] = json.at("cycles").get<double>();
  flatten(json.at("seen"), "seen", record.metrics);
  record.host["operations_per_s"] = json.at("operations_per_second").get<double>();
  add_rules(json.at("rules"), record);
  record.verdict = code == 0 ? Verdict::Pass : Verdict::Fail;
  if (json.contains("finding")) {
    const auto& finding = json.at("finding");
    if (finding.contains("capsule")) record.capsule = finding.at("capsule").get<std::string>();
  }
}

void run_machine(const Job& job, const config::Config& config, Record& record) {
  run::RunOptions options;
  options.platform = config.platform;
  options.work = config.run;
  options.work.firmware =
      job.suite == Suite::Opal ? run::FirmwareKind::Opal : run::FirmwareKind::Tables;
  run::RunResult result = run::execute(options);
  const nlohmann::json json = run::to_json(options, result);
  record.reproduce = fmt::format("xive-cosim run --config config.yaml --firmware {}",
                                 job.suite == Suite::Opal ? "opal" : "tables");
  record.digest = result.digest;
  for (const char* part : {"latency", "hops", "flow"}) {
    flatten(json.at(part), part, record.metrics);
  }
  flatten(json.at("interrupts"), "interrupts", record.metrics);
  flatten(json.at("exceptions"), "exceptions", record.metrics);
  for (const char* key : {"dispatches", "lost", "duplicated", "simulated_ns", "bus_accesses",
                          "tima_events", "rtl_cycles", "compared_events"}) {
    record.metrics[key] = json.at(key).get<double>();
  }
  flatten(json.at("speed"), "", record.host);
  add_rules(json.at("rules").at("rules"), record);
  if (!result.error.empty()) record.failures.insert(record.failures.begin(), result.error);
  record.failures.insert(record.failures.end(), result.report.failures.begin(),
                         result.report.failures.end());
  record.verdict = result.passed() ? Verdict::Pass : Verdict::Fail;
}

}  // namespace

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

int run_job(const std::string& folder, std::ostream& out, std::ostream& err) {
  const fs::path path = fs::absolute(folder);
  Job job;
  try {
    job = job_from_json(Json::parse(host::read_file(path / "job.json")));
  } catch (const std::exception& error) {
    err << "xive-cosim: error: " << (path / "job.json").string()
        << ": expected a job, found: " << error.what() << "\n";
    return 2;
  }
  Record record;
  record.suite = name(job.suite);
  record.settings = job.settings;
  record.seed = job.seed;
  record.build = this_build();
  config::Document<config::Config> document{config::config_schema()};
  document.load((path / "config.yaml").string());
  document.verify();
  try {
    if (job.suite == Suite::Validate) {
      run_validation(job, path, document.value(), out, err, record);
    } else {
      run_machine(job, document.value(), record);
    }
  } catch (const std::invalid_argument& error) {
    record.verdict = Verdict::Error;
    record.failures = {error.what()};
  }
  judge(job, record);
  for (const std::string& failure : record.failures) out << failure << "\n";
  out << name(record.verdict) << "\n";
  host::write_file(path / "host.json", host_json(record).dump(2) + "\n");
  // Last, because it says that the job is complete.
  host::write_file(path / "result.json", to_json(record).dump(2) + "\n");
  return record.passed() ? 0 : 1;
}

}  // namespace xive::sweep
