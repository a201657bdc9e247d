// SPDX-License-Identifier: Apache-2.0
/// Which numbers are not what they were.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tb/ledger/measured.h"

namespace xive::ledger {

/// Places of a job's runs in the columns of base and head.
using Places = std::vector<std::pair<std::size_t, std::size_t>>;

/// A simulated metric that is not exactly what it was in each job that is in both batches.
struct MovedMetric {
  std::string name;
  std::uint64_t jobs = 0;   ///< in which it differs
  std::uint64_t of = 0;     ///< that have it in both batches
  std::uint64_t gone = 0;   ///< jobs that have it in base only
  std::uint64_t fresh = 0;  ///< jobs that have it in head only
  double base_mean = 0;     ///< over all jobs that have it in both
  double head_mean = 0;
  std::size_t largest = 0;  ///< which of the places changed most
  /// Relative change of the mean; 0 when both are 0, infinite when it was 0.
  double change() const;
};

/// The largest relative change of the mean first, then by name.
std::vector<MovedMetric> moved_metrics(const Columns& base, const Columns& head,
                                       const Places& places);

/// A hop of the timing model (docs/timing.md) whose median latency moved.
struct MovedHop {
  std::string name;
  std::string metric;
  double base_ns = 0;  ///< mean of its medians
  double head_ns = 0;
  std::uint64_t jobs = 0, of = 0;  ///< as in MovedMetric
  /// Relative change, weighed by the share of the jobs in which it happened. A slow hop is slow in
  /// every job; one that moves more bytes at a time moves in some.
  double weight = 0;
  double change() const;
};

/// From the metrics "hops.HOP.median_ns", which are of the hop alone, without what waits in front
/// of it; the largest weight first. `jobs` is the number of jobs in both batches.
std::vector<MovedHop> moved_hops(const std::vector<MovedMetric>& moved, std::size_t jobs);

/// A wall-clock metric whose distribution over the runs is not what it was.
struct MovedHostMetric {
  std::string name;
  double base_median = 0, head_median = 0;
  double probability = 1;  ///< of a difference like this by chance (Mann-Whitney, two-sided)
};

/// With a probability below 1 % and medians that differ by more than 5 %.
std::vector<MovedHostMetric> moved_host_metrics(const Columns& base, const Columns& head);

/// Two-sided probability of the Mann-Whitney test with the normal approximation and correction for
/// ties. 1 when a side has fewer than 3 values.
double mann_whitney(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace xive::ledger
