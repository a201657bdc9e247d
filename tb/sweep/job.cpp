// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/job.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "sc_models/rules/digest.h"
#include "tb/host/files.h"

namespace xive::sweep {

std::string Job::folder() const {
  return fmt::format("{:06}", number);
}

result::Record Job::blank_record() const {
  result::Record record;
  record.suite = name(suite);
  record.settings = settings;
  record.seed = seed;
  // Without its comments, which say where each value is from.
  Digest digest;
  digest.add(YAML::Dump(YAML::Load(config)));
  // They decide on the verdict.
  for (const std::string& text : expect) digest.add(text);
  record.config_hash = digest.text();
  return record;
}

result::Json to_json(const Job& job) {
  return {{"job", 1},
          {"number", job.number},
          {"suite", std::string(name(job.suite))},
          {"seed", job.seed},
          {"settings", job.settings},
          {"config", job.config},
          {"expect", job.expect},
          {"deadline_s", job.limits.deadline_s},
          {"memory_mib", job.limits.memory_mib},
          {"waves", job.waves}};
}

Job job_from_json(const result::Json& json) {
  try {
    Job job;
    json.at("number").get_to(job.number);
    const auto suite = json.at("suite").get<std::string>();
    const auto known = std::find_if(suites().begin(), suites().end(),
                                    [&](const auto& one) { return one.first == suite; });
    if (known == suites().end()) {
      throw result::RecordError(fmt::format("unknown suite '{}'", suite));
    }
    job.suite = known->second;
    json.at("seed").get_to(job.seed);
    json.at("settings").get_to(job.settings);
    json.at("config").get_to(job.config);
    json.at("expect").get_to(job.expect);
    json.at("deadline_s").get_to(job.limits.deadline_s);
    json.at("memory_mib").get_to(job.limits.memory_mib);
    json.at("waves").get_to(job.waves);
    return job;
  } catch (const result::Json::exception& error) {
    throw result::RecordError(fmt::format("no job: {}", error.what()));
  }
}

namespace {

template <typename From>
auto read(const std::filesystem::path& file, const char* what, From from) {
  try {
    return from(host::read_file(file));
  } catch (const std::exception& error) {
    throw result::RecordError(
        fmt::format("{}: expected {}, found: {}", file.string(), what, error.what()));
  }
}

}  // namespace

Job read_job(const std::filesystem::path& folder) {
  return read(folder / "job.json", "a job",
              [](const std::string& text) { return job_from_json(result::Json::parse(text)); });
}

result::Record read_result(const std::filesystem::path& folder) {
  return read(folder / "result.json", "a result",
              [](const std::string& text) { return result::from_text(text); });
}

}  // namespace xive::sweep
