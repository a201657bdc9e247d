// SPDX-License-Identifier: Apache-2.0
/// What changed between two batches, as a value; its views are in compare_report.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tb/ledger/ledger.h"

namespace xive::ledger {

/// A job that is in both batches.
struct Pair {
  Run base, head;
};

/// A simulated metric that is not exactly what it was.
struct MovedMetric {
  std::string name;
  std::uint64_t jobs = 0;  ///< in which it differs
  std::uint64_t of = 0;    ///< that have it in both batches
  double base_mean = 0;    ///< over all jobs that have it
  double head_mean = 0;
  double largest = 0;       ///< relative change of the job that changed most
  std::string largest_job;  ///< its key
  /// Relative change of the mean; 0 when both are 0, infinite when it was 0.
  double change() const;
};

/// A wall-clock metric whose distribution over the runs is not what it was.
struct MovedHostMetric {
  std::string name;
  double base_median = 0, head_median = 0;
  double probability = 1;  ///< of a difference like this by chance (Mann-Whitney, two-sided)
};

/// Failures with one signature.
struct Bucket {
  std::string signature;
  std::vector<Run> runs;
};

struct Comparison {
  Batch base, head;
  bool same_commit = false;  ///< both clean and of one commit
  std::vector<Pair> new_failures, fixed, still_failing;
  std::vector<Pair> other_digest;  ///< of jobs that pass in both
  std::vector<std::string> only_base, only_head;
  std::vector<MovedMetric> metrics;  ///< the largest relative change first
  std::vector<MovedHostMetric> host_metrics;
  std::vector<std::string> silent_rules;  ///< hit in base, never in head
  std::vector<Bucket> failures;           ///< of head, the largest first

  /// Same commit, same job, another digest or verdict: nobody may build on such results.
  bool nondeterministic() const {
    return same_commit && !(other_digest.empty() && new_failures.empty() && fixed.empty());
  }
  /// Nothing that somebody must look at: no new failure, no nondeterminism, no rule gone silent.
  bool good() const { return new_failures.empty() && !nondeterministic() && silent_rules.empty(); }
};

Comparison compare(Ledger& ledger, const Batch& base, const Batch& head);

/// Failures of a batch by signature, the largest bucket first.
std::vector<Bucket> buckets(const std::vector<Run>& runs);

/// Two-sided probability of the Mann-Whitney test with the normal approximation and correction for
/// ties. 1 when a side has fewer than 3 values.
double mann_whitney(std::vector<double> a, std::vector<double> b);

}  // namespace xive::ledger
