// SPDX-License-Identifier: Apache-2.0
/// What changed between two batches, as a value; its views are in tb/report/comparison_views.h.
#pragma once

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tb/ledger/ledger.h"
#include "tb/ledger/moved.h"

namespace xive::ledger {

/// A job that is in both batches.
struct Pair {
  Run base, head;
};

/// Failures with one signature.
struct Bucket {
  std::string signature;
  std::vector<Run> runs;
};

struct Comparison {
  Batch base, head;
  std::vector<Pair> new_failures, fixed, still_failing;
  std::vector<Pair> other_digest;  ///< of jobs that pass in both
  /// A job of head and its run in another batch of the same commit, both without local changes and
  /// of the same configuration, with another digest or verdict: nobody may build on such results.
  std::vector<Pair> flakes;
  std::vector<Pair> other_config;  ///< jobs whose defaults have changed
  std::vector<std::string> only_base, only_head;
  std::vector<std::string> both;  ///< keys of the jobs that are in both
  std::vector<MovedMetric> metrics;
  std::vector<MovedHop> hops;
  std::vector<MovedHostMetric> host_metrics;
  std::vector<std::string> silent_rules;  ///< hit in base, never in head
  std::vector<Bucket> failures;           ///< of head, the largest first

  /// Key of the job in which a metric changed most.
  const std::string& largest_job(const MovedMetric& metric) const { return both[metric.largest]; }
  bool nondeterministic() const { return !flakes.empty(); }
  /// Nothing that somebody must look at: no new failure, no nondeterminism, no rule gone silent.
  bool good() const { return new_failures.empty() && !nondeterministic() && silent_rules.empty(); }
};

/// Jobs are the same job if their keys are, but for the settings named in `across`: what a change
/// of these settings does. Throws AmbiguousJobs when two jobs of a batch differ in nothing else.
Comparison compare(Ledger& ledger, const Batch& base, const Batch& head,
                   const std::set<std::string>& across = {});

class AmbiguousJobs : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Failures of a batch by signature, the largest bucket first.
std::vector<Bucket> buckets(const std::vector<Run>& runs);

}  // namespace xive::ledger
