// SPDX-License-Identifier: Apache-2.0
#include "tb/report/export.h"

#include <fmt/format.h>

#include <cmath>

#include "sc_models/rules/junit.h"

namespace xive::report {
namespace {

using ledger::Batch;
using ledger::Columns;
using ledger::Origin;
using ledger::Run;
using result::Json;

std::string csv(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

Columns all_metrics(ledger::Ledger& ledger, const std::vector<Run>& runs) {
  Columns columns = ledger.metrics(runs, Origin::Simulated);
  for (auto& [name, values] : ledger.metrics(runs, Origin::Host)) columns["host." + name] = values;
  return columns;
}

}  // namespace

std::string to_csv(ledger::Ledger& ledger, const Batch& batch) {
  const std::vector<Run> runs = ledger.runs(batch.id);
  const Columns metrics = all_metrics(ledger, runs);
  std::string text = "key,verdict,digest,failure";
  for (const auto& [name, values] : metrics) text += "," + csv(name);
  text += "\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    text +=
        fmt::format("{},{},{},{}", csv(run.key), name(run.verdict), run.digest, csv(run.failure));
    for (const auto& [name, values] : metrics) {
      text += std::isnan(values[i]) ? "," : fmt::format(",{}", values[i]);
    }
    text += "\n";
  }
  return text;
}

Json to_json(ledger::Ledger& ledger, const Batch& batch) {
  const std::vector<Run> runs = ledger.runs(batch.id);
  const Columns metrics = all_metrics(ledger, runs);
  Json list = Json::array();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    std::map<std::string, double> values;  // adding to an ordered Json looks at all keys each time
    for (const auto& [name, column] : metrics) {
      if (!std::isnan(column[i])) values.emplace_hint(values.end(), name, column[i]);
    }
    list.push_back({{"key", run.key},
                    {"verdict", std::string(name(run.verdict))},
                    {"digest", run.digest},
                    {"config_hash", run.config_hash},
                    {"signature", run.signature},
                    {"failure", run.failure},
                    {"reproduce", run.reproduce},
                    {"capsule", run.capsule},
                    {"metrics", Json(values)}});
  }
  Json rules = Json::array();
  for (const result::RuleCount& rule : ledger.rules(batch.id)) {
    rules.push_back({{"id", rule.id}, {"hits", rule.hits}, {"fired", rule.fired}});
  }
  return {{"batch", batch.id},
          {"name", batch.name},
          {"started", batch.started},
          {"host", batch.host},
          {"version", batch.build.version},
          {"commit", batch.build.commit},
          {"dirty", batch.build.dirty},
          {"tools", batch.build.tools},
          {"runs", std::move(list)},
          {"rules", std::move(rules)}};
}

std::string to_junit(ledger::Ledger& ledger, const Batch& batch) {
  Junit junit(batch.name);
  junit.attribute("timestamp", batch.started);
  const std::vector<Run> runs = ledger.runs(batch.id);
  const Columns host = ledger.metrics(runs, Origin::Host);
  const auto wall = host.find("wall_s");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    const bool timed = wall != host.end() && !std::isnan(wall->second[i]);
    const double seconds = timed ? wall->second[i] : -1;
    if (run.verdict == result::Verdict::Pass) {
      junit.passed(batch.name, run.key, seconds);
    } else {
      junit.failed(batch.name, run.key, run.failure, name(run.verdict), seconds);
    }
  }
  return junit.text();
}

}  // namespace xive::report
