// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/moved.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace xive::ledger {
namespace {

/// A wall-clock metric has moved if chance is this unlikely and the medians differ by this much.
constexpr double kProbability = 0.01;
constexpr double kRelevant = 0.05;
/// Changes of hops that took less than this are seen relative to this: from nothing to next to
/// nothing is no infinite change.
constexpr double kFloorNs = 1;

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

std::vector<double> present(const std::vector<double>& column) {
  std::vector<double> values;
  std::copy_if(column.begin(), column.end(), std::back_inserter(values),
               [](double value) { return !std::isnan(value); });
  return values;
}

/// Null: a metric that no run of the other batch has.
MovedMetric compared(const std::string& name, const std::vector<double>* base,
                     const std::vector<double>* head, const Places& places) {
  MovedMetric metric;
  metric.name = name;
  double worst = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double before = base == nullptr ? std::nan("") : (*base)[places[i].first];
    const double after = head == nullptr ? std::nan("") : (*head)[places[i].second];
    if (std::isnan(before) || std::isnan(after)) {
      metric.gone += std::isnan(before) ? 0U : 1U;
      metric.fresh += std::isnan(after) ? 0U : 1U;
      continue;
    }
    ++metric.of;
    metric.base_mean += before;
    metric.head_mean += after;
    if (before == after) continue;
    ++metric.jobs;
    const double change = std::abs(relative(before, after));
    if (change > worst) {
      worst = change;
      metric.largest = i;
    }
  }
  if (metric.of > 0) {
    metric.base_mean /= static_cast<double>(metric.of);
    metric.head_mean /= static_cast<double>(metric.of);
  }
  return metric;
}

/// HOP of "hops.HOP.median_ns"; empty for other metrics.
std::string hop_of(std::string_view name) {
  constexpr std::string_view kStem = "hops.", kEnd = ".median_ns";
  if (name.substr(0, kStem.size()) != kStem || name.size() <= kStem.size() + kEnd.size()) return {};
  name.remove_prefix(kStem.size());
  const std::size_t end = name.find('.');
  return std::string(name.substr(end) == kEnd ? name.substr(0, end) : std::string_view());
}

}  // namespace

double MovedMetric::change() const {
  return relative(base_mean, head_mean);
}

double MovedHop::change() const {
  return relative(base_ns, head_ns);
}

std::vector<MovedMetric> moved_metrics(const Columns& base, const Columns& head,
                                       const Places& places) {
  std::vector<MovedMetric> result;
  const auto add = [&](MovedMetric metric) {
    if (metric.jobs + metric.gone + metric.fresh > 0) result.push_back(std::move(metric));
  };
  for (const auto& [name, column] : base) {
    const auto there = head.find(name);
    add(compared(name, &column, there == head.end() ? nullptr : &there->second, places));
  }
  for (const auto& [name, column] : head) {
    if (base.count(name) == 0) add(compared(name, nullptr, &column, places));
  }
  std::stable_sort(result.begin(), result.end(), [](const MovedMetric& a, const MovedMetric& b) {
    return std::abs(a.change()) > std::abs(b.change());
  });
  return result;
}

std::vector<MovedHop> moved_hops(const std::vector<MovedMetric>& moved, std::size_t jobs) {
  std::vector<MovedHop> result;
  for (const MovedMetric& metric : moved) {
    const std::string name = hop_of(metric.name);
    if (name.empty() || metric.jobs == 0) continue;
    const double share = static_cast<double>(metric.jobs) / static_cast<double>(jobs);
    const double weight =
        (metric.head_mean - metric.base_mean) / std::max(metric.base_mean, kFloorNs) * share;
    result.push_back(
        {name, metric.name, metric.base_mean, metric.head_mean, metric.jobs, metric.of, weight});
  }
  std::stable_sort(result.begin(), result.end(), [](const MovedHop& a, const MovedHop& b) {
    return std::abs(a.weight) > std::abs(b.weight);
  });
  return result;
}

std::vector<MovedHostMetric> moved_host_metrics(const Columns& base, const Columns& head) {
  std::vector<MovedHostMetric> result;
  for (const auto& [name, column] : base) {
    const auto there = head.find(name);
    if (there == head.end()) continue;
    const std::vector<double> before = present(column), after = present(there->second);
    MovedHostMetric metric{name, median(before), median(after), mann_whitney(before, after)};
    if (metric.probability < kProbability &&
        std::abs(relative(metric.base_median, metric.head_median)) > kRelevant) {
      result.push_back(std::move(metric));
    }
  }
  return result;
}

double mann_whitney(const std::vector<double>& a, const std::vector<double>& b) {
  const double n = static_cast<double>(a.size());
  const double m = static_cast<double>(b.size());
  if (a.size() < 3 || b.size() < 3) return 1;
  std::vector<std::pair<double, bool>> all;
  all.reserve(a.size() + b.size());
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

}  // namespace xive::ledger
