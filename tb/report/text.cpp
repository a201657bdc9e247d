// SPDX-License-Identifier: Apache-2.0
#include "tb/report/text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <set>

#include "sc_models/rules/junit.h"

namespace xive::report {
namespace {

using ledger::Batch;
using ledger::Comparison;
using ledger::Pair;
using ledger::Run;
using result::Json;

constexpr std::size_t kShown = 20;

std::string percent(double change) {
  return std::isinf(change) ? std::string("from 0") : fmt::format("{:+.2f} %", 100 * change);
}

std::string title(const Batch& batch) {
  return fmt::format("batch {} ({}, commit {}{}, {} jobs, {} passed)", batch.id, batch.name,
                     batch.build.commit, batch.build.dirty ? " with local changes" : "", batch.runs,
                     batch.passed);
}

template <class List, class Line>
void section(std::string& text, const std::string& name, const List& list, const Line& line) {
  if (list.empty()) return;
  text += fmt::format("\n{} ({}):\n", name, list.size());
  std::size_t shown = 0;
  for (const auto& item : list) {
    if (shown++ == kShown) {
      text += fmt::format("  ... and {} more\n", list.size() - kShown);
      break;
    }
    text += "  " + line(item) + "\n";
  }
}

std::string csv(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

Json pair_json(const Pair& pair) {
  return {{"key", pair.head.key},
          {"base", std::string(name(pair.base.verdict))},
          {"head", std::string(name(pair.head.verdict))},
          {"base_digest", pair.base.digest},
          {"head_digest", pair.head.digest},
          {"failure", pair.head.failure},
          {"reproduce", pair.head.reproduce}};
}

Json pairs_json(const std::vector<Pair>& pairs) {
  Json list = Json::array();
  for (const Pair& pair : pairs) list.push_back(pair_json(pair));
  return list;
}

}  // namespace

std::string to_text(const Comparison& c) {
  std::string text = fmt::format("base: {}\nhead: {}\n", title(c.base), title(c.head));
  if (c.nondeterministic()) {
    text += "\nNONDETERMINISM: the same commit gave other results for the same jobs\n";
  }
  const auto failed = [](const Pair& pair) {
    return fmt::format("{}: {}", pair.head.key, pair.head.failure);
  };
  section(text, "new failures", c.new_failures, failed);
  section(text, "fixed", c.fixed, [](const Pair& pair) { return pair.head.key; });
  section(text, "still failing", c.still_failing, failed);
  section(text, c.same_commit ? "other digest, same commit" : "other digest", c.other_digest,
          [](const Pair& pair) {
            return fmt::format("{}: {} -> {}", pair.head.key, pair.base.digest, pair.head.digest);
          });
  section(text, "simulated metrics that moved, the largest change of the mean first", c.metrics,
          [](const ledger::MovedMetric& m) {
            return fmt::format("{:<48} {:>12.6g} -> {:>12.6g}  {:>10}  in {} of {} jobs", m.name,
                               m.base_mean, m.head_mean, percent(m.change()), m.jobs, m.of);
          });
  section(text, "wall-clock metrics that moved (evidence, no verdict)", c.host_metrics,
          [](const ledger::MovedHostMetric& m) {
            return fmt::format("{:<48} {:>12.6g} -> {:>12.6g}  p = {:.2g}", m.name, m.base_median,
                               m.head_median, m.probability);
          });
  section(text, "rules that were never hit any more", c.silent_rules,
          [](const std::string& rule) { return rule; });
  section(text, "failures of head by signature", c.failures, [](const ledger::Bucket& bucket) {
    return fmt::format("{:>5} x {}", bucket.runs.size(), bucket.signature);
  });
  section(text, "jobs only in base", c.only_base, [](const std::string& key) { return key; });
  section(text, "jobs only in head", c.only_head, [](const std::string& key) { return key; });
  return text + (c.good() ? "\nGOOD\n" : "\nBAD\n");
}

Json to_json(const Comparison& c) {
  Json metrics = Json::array();
  for (const ledger::MovedMetric& m : c.metrics) {
    metrics.push_back({{"name", m.name},
                       {"jobs", m.jobs},
                       {"of", m.of},
                       {"base_mean", m.base_mean},
                       {"head_mean", m.head_mean},
                       {"largest_job", m.largest_job}});
  }
  Json host = Json::array();
  for (const ledger::MovedHostMetric& m : c.host_metrics) {
    host.push_back({{"name", m.name},
                    {"base_median", m.base_median},
                    {"head_median", m.head_median},
                    {"probability", m.probability}});
  }
  Json buckets = Json::array();
  for (const ledger::Bucket& bucket : c.failures) {
    buckets.push_back({{"signature", bucket.signature}, {"jobs", bucket.runs.size()}});
  }
  return {{"base", c.base.id},
          {"head", c.head.id},
          {"good", c.good()},
          {"nondeterministic", c.nondeterministic()},
          {"new_failures", pairs_json(c.new_failures)},
          {"fixed", pairs_json(c.fixed)},
          {"still_failing", pairs_json(c.still_failing)},
          {"other_digest", pairs_json(c.other_digest)},
          {"metrics", std::move(metrics)},
          {"host_metrics", std::move(host)},
          {"silent_rules", c.silent_rules},
          {"failures", std::move(buckets)},
          {"only_base", c.only_base},
          {"only_head", c.only_head}};
}

std::string to_csv(ledger::Ledger& ledger, const Batch& batch) {
  const ledger::Ledger::Metrics metrics = ledger.metrics(batch.id, false);
  std::string text = "key,verdict,digest,failure";
  for (const auto& [name, values] : metrics) text += "," + csv(name);
  text += "\n";
  for (const Run& run : ledger.runs(batch.id)) {
    text +=
        fmt::format("{},{},{},{}", csv(run.key), name(run.verdict), run.digest, csv(run.failure));
    for (const auto& [name, values] : metrics) {
      const auto value = values.find(run.id);
      text += value == values.end() ? "," : fmt::format(",{}", value->second);
    }
    text += "\n";
  }
  return text;
}

Json to_json(ledger::Ledger& ledger, const Batch& batch) {
  const ledger::Ledger::Metrics metrics = ledger.metrics(batch.id, false);
  Json runs = Json::array();
  for (const Run& run : ledger.runs(batch.id)) {
    Json values = Json::object();
    for (const auto& [name, by_run] : metrics) {
      const auto value = by_run.find(run.id);
      if (value != by_run.end()) values[name] = value->second;
    }
    runs.push_back({{"key", run.key},
                    {"verdict", std::string(name(run.verdict))},
                    {"digest", run.digest},
                    {"signature", run.signature},
                    {"failure", run.failure},
                    {"metrics", std::move(values)}});
  }
  Json rules = Json::array();
  for (const result::RuleCount& rule : ledger.rules(batch.id)) {
    rules.push_back({{"id", rule.id}, {"hits", rule.hits}, {"fired", rule.fired}});
  }
  return {{"batch", batch.id},          {"name", batch.name},
          {"started", batch.started},   {"commit", batch.build.commit},
          {"dirty", batch.build.dirty}, {"runs", std::move(runs)},
          {"rules", std::move(rules)}};
}

std::string to_junit(ledger::Ledger& ledger, const Batch& batch) {
  Junit junit(batch.name);
  junit.attribute("timestamp", batch.started);
  for (const Run& run : ledger.runs(batch.id)) {
    if (run.verdict == result::Verdict::Pass) {
      junit.passed(batch.name, run.key);
    } else {
      junit.failed(batch.name, run.key, run.failure, name(run.verdict));
    }
  }
  return junit.text();
}

std::string trend_text(const std::string& key, const std::string& metric,
                       const std::vector<ledger::Ledger::Point>& points) {
  std::string text = fmt::format("{} of {}\n", metric, key);
  double last = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& point = points[i];
    const std::string change =
        i == 0 || point.value == last ? "" : percent((point.value - last) / std::abs(last));
    text += fmt::format("  batch {:>5}  {}  {:<12}  {:>14.6f}  {}\n", point.batch, point.started,
                        point.commit, point.value, change);
    last = point.value;
  }
  return text;
}

}  // namespace xive::report
