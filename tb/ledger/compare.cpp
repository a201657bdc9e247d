// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace xive::ledger {
namespace {

/// A wall-clock metric has moved if chance is this unlikely and the medians differ by this much.
constexpr double kProbability = 0.01;
constexpr double kRelevant = 0.05;

double relative(double base, double head) {
  if (base == head) return 0;
  return base == 0 ? std::numeric_limits<double>::infinity() : (head - base) / std::abs(base);
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Head's run of the same job, by base's run id.
using Partners = std::map<std::int64_t, std::pair<std::int64_t, const std::string*>>;

std::vector<MovedMetric> moved(const Ledger::Metrics& base, const Ledger::Metrics& head,
                               const Partners& partners) {
  std::vector<MovedMetric> result;
  for (const auto& [name, values] : base) {
    const auto there = head.find(name);
    if (there == head.end()) continue;
    MovedMetric metric;
    metric.name = name;
    double worst = 0;
    for (const auto& [run, before] : values) {
      const auto partner = partners.find(run);
      if (partner == partners.end()) continue;
      const auto after = there->second.find(partner->second.first);
      if (after == there->second.end()) continue;
      ++metric.of;
      metric.base_mean += before;
      metric.head_mean += after->second;
      if (before == after->second) continue;
      ++metric.jobs;
      const double change = relative(before, after->second);
      if (std::abs(change) > worst) {
        worst = std::abs(change);
        metric.largest = change;
        metric.largest_job = *partner->second.second;
      }
    }
    if (metric.jobs == 0) continue;
    metric.base_mean /= static_cast<double>(metric.of);
    metric.head_mean /= static_cast<double>(metric.of);
    result.push_back(std::move(metric));
  }
  std::stable_sort(result.begin(), result.end(), [](const MovedMetric& a, const MovedMetric& b) {
    return std::abs(a.change()) > std::abs(b.change());
  });
  return result;
}

std::vector<double> values_of(const std::map<std::int64_t, double>& by_run) {
  std::vector<double> values;
  values.reserve(by_run.size());
  for (const auto& [run, value] : by_run) values.push_back(value);
  return values;
}

}  // namespace

double MovedMetric::change() const {
  return relative(base_mean, head_mean);
}

double mann_whitney(std::vector<double> a, std::vector<double> b) {
  const double n = static_cast<double>(a.size());
  const double m = static_cast<double>(b.size());
  if (a.size() < 3 || b.size() < 3) return 1;
  std::vector<std::pair<double, bool>> all;
  for (const double value : a) all.emplace_back(value, true);
  for (const double value : b) all.emplace_back(value, false);
  std::sort(all.begin(), all.end());
  double rank_sum = 0;  // of a
  double ties = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end].first == all[i].first) ++end;
    const double rank = static_cast<double>(i + end + 1) / 2;  // mean of i+1 .. end
    const double count = static_cast<double>(end - i);
    ties += count * count * count - count;
    for (; i < end; ++i) rank_sum += all[i].second ? rank : 0;
  }
  const double total = n + m;
  const double u = rank_sum - n * (n + 1) / 2;
  const double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 1;
  const double z = std::max(0.0, std::abs(u - n * m / 2) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::sqrt(2.0));
}

std::vector<Bucket> buckets(const std::vector<Run>& runs) {
  std::map<std::string, Bucket> by_signature;
  for (const Run& run : runs) {
    if (run.verdict == result::Verdict::Pass) continue;
    Bucket& bucket = by_signature[run.signature];
    bucket.signature = run.signature;
    bucket.runs.push_back(run);
  }
  std::vector<Bucket> result;
  for (auto& [signature, bucket] : by_signature) result.push_back(std::move(bucket));
  std::stable_sort(result.begin(), result.end(),
                   [](const Bucket& a, const Bucket& b) { return a.runs.size() > b.runs.size(); });
  return result;
}

Comparison compare(Ledger& ledger, const Batch& base, const Batch& head) {
  Comparison result;
  result.base = base;
  result.head = head;
  result.same_commit = base.build.commit == head.build.commit && base.build.commit != "unknown" &&
                       !base.build.dirty && !head.build.dirty;
  const std::vector<Run> before = ledger.runs(base.id);
  const std::vector<Run> after = ledger.runs(head.id);
  Partners partners;
  // Both are in the order of the keys.
  for (std::size_t b = 0, h = 0; b < before.size() || h < after.size();) {
    if (h == after.size() || (b < before.size() && before[b].key < after[h].key)) {
      result.only_base.push_back(before[b++].key);
      continue;
    }
    if (b == before.size() || after[h].key < before[b].key) {
      result.only_head.push_back(after[h++].key);
      continue;
    }
    const Run& old_run = before[b++];
    const Run& new_run = after[h++];
    partners[old_run.id] = {new_run.id, &new_run.key};
    const bool passed = old_run.verdict == result::Verdict::Pass;
    const bool passes = new_run.verdict == result::Verdict::Pass;
    if (passed && passes) {
      if (old_run.digest != new_run.digest) result.other_digest.push_back({old_run, new_run});
    } else {
      auto& list = passed ? result.new_failures : passes ? result.fixed : result.still_failing;
      list.push_back({old_run, new_run});
    }
  }
  // A failure of a job that base does not have is new as well.
  for (const Run& run : after) {
    if (run.verdict != result::Verdict::Pass &&
        std::binary_search(result.only_head.begin(), result.only_head.end(), run.key)) {
      result.new_failures.push_back({Run{}, run});
    }
  }

  result.metrics = moved(ledger.metrics(base.id, false), ledger.metrics(head.id, false), partners);
  const Ledger::Metrics host_before = ledger.metrics(base.id, true);
  const Ledger::Metrics host_after = ledger.metrics(head.id, true);
  for (const auto& [name, values] : host_before) {
    const auto there = host_after.find(name);
    if (there == host_after.end()) continue;
    MovedHostMetric metric{name, median(values_of(values)), median(values_of(there->second)),
                           mann_whitney(values_of(values), values_of(there->second))};
    if (metric.probability < kProbability &&
        std::abs(relative(metric.base_median, metric.head_median)) > kRelevant) {
      result.host_metrics.push_back(std::move(metric));
    }
  }

  std::set<std::string> hit;
  for (const result::RuleCount& rule : ledger.rules(head.id)) {
    if (rule.hits > 0) hit.insert(rule.id);
  }
  for (const result::RuleCount& rule : ledger.rules(base.id)) {
    if (rule.hits > 0 && hit.count(rule.id) == 0) result.silent_rules.push_back(rule.id);
  }
  result.failures = buckets(after);
  return result;
}

}  // namespace xive::ledger
