// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"

#include <fmt/format.h>

#include <cmath>

namespace xive::report {
namespace {

using ledger::Batch;
using ledger::Comparison;
using ledger::Pair;
using result::Json;

constexpr std::size_t kShown = 20;

std::string percent(double change) {
  return std::isinf(change) ? std::string("from 0") : fmt::format("{:+.2f} %", 100 * change);
}

std::string moved(double base, double head, double change) {
  return fmt::format("{:>12.6g} -> {:>12.6g}  {:>10}", base, head, percent(change));
}

std::string metric_line(const ledger::MovedMetric& m) {
  std::string line = fmt::format("{:<48} {}  in {} of {} jobs", m.name,
                                 moved(m.base_mean, m.head_mean, m.change()), m.jobs, m.of);
  if (m.gone > 0) line += fmt::format(", gone in {}", m.gone);
  if (m.fresh > 0) line += fmt::format(", new in {}", m.fresh);
  return line;
}

std::string hop_line(const ledger::MovedHop& hop) {
  return fmt::format("{:<16} {}  in {} of {} jobs ({})", hop.name,
                     moved(hop.base_ns, hop.head_ns, hop.change()), hop.jobs, hop.of, hop.metric);
}

std::string flake_line(const Pair& flake) {
  return fmt::format("{}: {} {} in batch {}, {} {} in batch {}", flake.head.key,
                     name(flake.base.verdict), flake.base.digest, flake.base.batch,
                     name(flake.head.verdict), flake.head.digest, flake.head.batch);
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
  section(text, "same commit, same job, other result (RED)", c.flakes, flake_line);
  const auto failed = [](const Pair& pair) {
    return fmt::format("{}: {}", pair.head.key, pair.head.failure);
  };
  const auto head_key = [](const Pair& pair) { return pair.head.key; };
  section(text, "new failures", c.new_failures, failed);
  section(text, "fixed", c.fixed, head_key);
  section(text, "still failing", c.still_failing, failed);
  section(text, "other digest", c.other_digest, [](const Pair& pair) {
    return fmt::format("{}: {} -> {}", pair.head.key, pair.base.digest, pair.head.digest);
  });
  section(text, "other configuration, because defaults have changed", c.other_config, head_key);
  if (!c.hops.empty()) {
    text += fmt::format("\nTHE HOP THAT MOVED MOST: {}\n", hop_line(c.hops.front()));
  }
  section(text, "hops whose median latency moved, the likeliest cause first", c.hops, hop_line);
  section(text, "simulated metrics that moved, the largest change of the mean first", c.metrics,
          metric_line);
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
                       {"gone", m.gone},
                       {"fresh", m.fresh},
                       {"base_mean", m.base_mean},
                       {"head_mean", m.head_mean},
                       {"largest_job", m.jobs == 0 ? std::string() : c.largest_job(m)}});
  }
  Json hops = Json::array();
  for (const ledger::MovedHop& hop : c.hops) {
    hops.push_back({{"name", hop.name},
                    {"metric", hop.metric},
                    {"base_ns", hop.base_ns},
                    {"head_ns", hop.head_ns},
                    {"jobs", hop.jobs},
                    {"of", hop.of},
                    {"weight", hop.weight}});
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
          {"flakes", pairs_json(c.flakes)},
          {"other_digest", pairs_json(c.other_digest)},
          {"other_config", pairs_json(c.other_config)},
          {"hops", std::move(hops)},
          {"metrics", std::move(metrics)},
          {"host_metrics", std::move(host)},
          {"silent_rules", c.silent_rules},
          {"failures", std::move(buckets)},
          {"only_base", c.only_base},
          {"only_head", c.only_head}};
}

std::string trend_text(const std::string& what, const std::string& metric,
                       const std::vector<ledger::Ledger::Point>& points) {
  std::string text = fmt::format("{} of {}\n", metric, what);
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
