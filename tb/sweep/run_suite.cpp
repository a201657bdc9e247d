// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/run_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "bridge/tima_kind.h"
#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/report.h"
#include "sc_models/platform/file_error.h"
#include "tb/host/files.h"
#include "tb/run/boot/boot_run.h"
#include "tb/run/run.h"
#include "tb/validate/validate.h"

namespace xive::sweep {
namespace {

namespace fs = std::filesystem;
using result::Record;
using result::Verdict;

/// Numbers of a tree, by dotted path.
void flatten(const nlohmann::json& tree, const std::string& path,
             std::map<std::string, double>& numbers) {
  for (const auto& [key, value] : tree.items()) {
    const std::string below = path.empty() ? key : fmt::format("{}.{}", path, key);
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
  if (code == 3) throw host::FileError("validate could not use its files");
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
  if (const std::string capsule = json.value("capsule", ""); !capsule.empty()) {
    record.capsule = fs::path(capsule).lexically_proximate(folder).string();
  }
}

run::RunOptions machine_options(const Job& job, const fs::path& folder,
                                const config::Config& config, run::FirmwareKind firmware) {
  run::RunOptions options;
  options.platform = config.platform;
  options.work = config.run;
  options.work.firmware = firmware;
  options.boot = config.boot;
  if (job.waves) options.waves = (folder / "waves").string();
  options.trace = job.trace;
  return options;
}

/// Numbers at the top of a result.
void add_numbers(const nlohmann::json& json, const std::vector<std::string>& keys, Record& record) {
  for (const std::string& key : keys) record.metrics[key] = json.at(key).get<double>();
}

void run_machine(const Job& job, const fs::path& folder, const config::Config& config,
                 Record& record) {
  const bool opal = job.suite == Suite::Opal;
  const run::RunOptions options = machine_options(
      job, folder, config, opal ? run::FirmwareKind::Opal : run::FirmwareKind::Tables);
  record.reproduce =
      fmt::format("xive-cosim run --config config.yaml --firmware {}", opal ? "opal" : "tables");
  const run::RunResult result = run::execute(options);
  const nlohmann::json json = run::to_json(options, result);
  record.digest = result.digest;
  for (const char* part : {"latency", "hops", "flow", "interrupts", "exceptions"}) {
    flatten(json.at(part), part, record.metrics);
  }
  add_numbers(json,
              {"dispatches", "lost", "duplicated", "simulated_ns", "bus_accesses", "tima_events",
               "rtl_cycles", "compared_events"},
              record);
  flatten(json.at("speed"), "", record.host);
  add_rules(json.at("rules").at("rules"), record);
  if (!result.error.empty()) record.failures.insert(record.failures.begin(), result.error);
  record.failures.insert(record.failures.end(), result.report.failures.begin(),
                         result.report.failures.end());
  record.verdict = result.passed() ? Verdict::Pass : Verdict::Fail;
}

void run_boot(const Job& job, const fs::path& folder, const config::Config& config,
              std::ostream& out, Record& record) {
  const run::RunOptions options = machine_options(job, folder, config, run::FirmwareKind::Skiboot);
  record.reproduce = "xive-cosim run --config config.yaml --firmware skiboot";
  const run::BootResult result = run::execute_boot(options, &out);
  if (result.end == run::BootEnd::Interrupted) {
    throw platform::EnvironmentError("interrupted by a signal");
  }
  const nlohmann::json json = run::to_json(options, result);
  record.digest = result.digest;
  add_numbers(json,
              {"instructions", "simulated_ns", "device_accesses", "tima_events", "tima_errors",
               "rtl_cycles", "compared_events"},
              record);
  for (const auto& stone : json.value("milestones", nlohmann::json::array())) {
    record.metrics[fmt::format("milestone.{}.simulated_ns", stone.at("name").get<std::string>())] =
        stone.at("simulated_ns").get<double>();
  }
  flatten(json.at("speed"), "", record.host);
  add_rules(json.at("rules").at("rules"), record);
  if (result.end != run::BootEnd::Exit || result.exit_code != 0) {
    record.failures.insert(record.failures.begin(),
                           fmt::format("{}, exit code {}: {}", to_string(result.end),
                                       result.exit_code, result.reason));
  }
  record.verdict = result.passed() ? Verdict::Pass : Verdict::Fail;
}

void run_one_scenario(const Job& job, const fs::path& folder, const config::Config& config,
                      std::ostream& out, Record& record) {
  const scenarios::Scenario* scenario = scenarios::find(config.scenario.id);
  if (scenario == nullptr || !scenario->runs()) {
    throw std::invalid_argument(fmt::format("no scenario {} that runs", config.scenario.id));
  }
  scenarios::RunPlan plan;
  plan.options.tima = config.platform.tima;
  plan.options.seed = config.run.seed;
  if (job.waves) {
    plan.options.waves = (folder / "waves").string();
    host::make_writable_directory(plan.options.waves);
  }
  plan.sweep = config.scenario.sweep;
  plan.faulty = config.scenario.faulty;
  record.reproduce = fmt::format("xive-cosim scenario run {} --tima {} --seed {}{}{}", scenario->id,
                                 to_string(plan.options.tima), plan.options.seed,
                                 plan.sweep ? " --sweep" : "", plan.faulty ? "" : " --right");
  scenarios::Report report;
  report.results.push_back(scenarios::run_scenario(*scenario, plan));
  const scenarios::ScenarioResult& result = report.results.front();
  out << scenarios::to_text(result);
  record.digest = report.digest();  // as the command prints it
  record.metrics["cases"] = static_cast<double>(result.cases.size());
  for (const scenarios::CaseResult& one : result.cases) {
    record.metrics["simulated_ns"] += static_cast<double>(one.simulated) / 1000.0;
    if (one.required && !one.passed) record.failures.push_back(scenarios::failure_text(one));
    if (one.variant.empty() || !one.required || !one.passed) continue;
    record.metrics[fmt::format("detection.{}_ns", one.variant)] =
        static_cast<double>(one.detection()) / 1000.0;
  }
  for (const RuleBook::Entry& entry : result.rules.entries()) {
    record.rules.push_back({std::string(entry.info.id), entry.hits, entry.fired});
  }
  record.verdict = result.passed() ? Verdict::Pass : Verdict::Fail;
}

}  // namespace

void run_suite(const Job& job, const fs::path& folder, const config::Config& config,
               std::ostream& out, std::ostream& err, Record& record) {
  switch (job.suite) {
    case Suite::Validate:
      run_validation(job, folder, config, out, err, record);
      break;
    case Suite::Load:
    case Suite::Opal:
      run_machine(job, folder, config, record);
      break;
    case Suite::Scenarios:
      run_one_scenario(job, folder, config, out, record);
      break;
    case Suite::Skiboot:
      run_boot(job, folder, config, out, record);
      break;
  }
}

}  // namespace xive::sweep
