// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace xive::ledger {
namespace {

bool passes(const Run& run) {
  return run.verdict == result::Verdict::Pass;
}

bool same_config(const Run& a, const Run& b) {
  // Ledgers of schema 1 have no hash.
  return a.config_hash.empty() || b.config_hash.empty() || a.config_hash == b.config_hash;
}

/// A job's key without these settings.
std::string key_without(const std::string& key, const std::set<std::string>& settings) {
  std::string rest;
  std::istringstream parts(key);
  for (std::string part; std::getline(parts, part, '|');) {
    if (settings.count(part.substr(0, part.find('='))) != 0) continue;
    rest += (rest.empty() ? "" : "|") + part;
  }
  return rest;
}

/// The runs of a batch with keys without these settings, in the order of the keys.
std::vector<Run> runs_across(Ledger& ledger, const Batch& batch,
                             const std::set<std::string>& settings) {
  std::vector<Run> runs = ledger.runs(batch.id);
  if (settings.empty()) return runs;
  for (Run& run : runs) run.key = key_without(run.key, settings);
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.key < b.key; });
  const auto twin = std::adjacent_find(runs.begin(), runs.end(),
                                       [](const Run& a, const Run& b) { return a.key == b.key; });
  if (twin != runs.end()) {
    throw AmbiguousJobs(
        fmt::format("batch {}: expected one job {}, found several", batch.id, twin->key));
  }
  return runs;
}

/// Calls `both`, `only_a` and `only_b` with places in lists in the order of the keys.
template <class Both, class OnlyA, class OnlyB>
void merge(const std::vector<Run>& a, const std::vector<Run>& b, const Both& both,
           const OnlyA& only_a, const OnlyB& only_b) {
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (j == b.size() || (i < a.size() && a[i].key < b[j].key)) {
      only_a(i++);
    } else if (i == a.size() || b[j].key < a[i].key) {
      only_b(j++);
    } else {
      both(i++, j++);
    }
  }
}

void judge(const Run& before, const Run& after, Comparison& result) {
  if (!same_config(before, after)) result.other_config.push_back({before, after});
  if (passes(before) && passes(after)) {
    if (before.digest != after.digest) result.other_digest.push_back({before, after});
  } else if (passes(before)) {
    result.new_failures.push_back({before, after});
  } else {
    (passes(after) ? result.fixed : result.still_failing).push_back({before, after});
  }
}

/// Runs of the same commit that came out otherwise.
std::vector<Pair> flakes_of(Ledger& ledger, const Batch& head) {
  std::vector<Pair> flakes;
  if (head.build.dirty || head.build.commit == "unknown") return flakes;
  const std::vector<Run> runs = ledger.runs(head.id);
  for (const Batch& batch : ledger.batches()) {
    if (batch.id == head.id || batch.build.dirty || batch.build.commit != head.build.commit) {
      continue;
    }
    const std::vector<Run> others = ledger.runs(batch.id);
    const auto differs = [&](std::size_t i, std::size_t j) {
      const Run &other = others[i], &mine = runs[j];
      if (same_config(other, mine) &&
          (other.digest != mine.digest || other.verdict != mine.verdict)) {
        flakes.push_back({other, mine});
      }
    };
    const auto nothing = [](std::size_t) {};
    merge(others, runs, differs, nothing, nothing);
  }
  return flakes;
}

}  // namespace

std::vector<Bucket> buckets(const std::vector<Run>& runs) {
  std::map<std::string, Bucket> by_signature;
  for (const Run& run : runs) {
    if (passes(run)) continue;
    Bucket& bucket = by_signature[run.signature];
    bucket.signature = run.signature;
    bucket.runs.push_back(run);
  }
  std::vector<Bucket> result;
  result.reserve(by_signature.size());
  for (auto& [signature, bucket] : by_signature) result.push_back(std::move(bucket));
  std::stable_sort(result.begin(), result.end(),
                   [](const Bucket& a, const Bucket& b) { return a.runs.size() > b.runs.size(); });
  return result;
}

Comparison compare(Ledger& ledger, const Batch& base, const Batch& head,
                   const std::set<std::string>& across) {
  Comparison result;
  result.base = base;
  result.head = head;
  const std::vector<Run> before = runs_across(ledger, base, across);
  const std::vector<Run> after = runs_across(ledger, head, across);
  Places places;
  merge(
      before, after,
      [&](std::size_t b, std::size_t h) {
        places.emplace_back(b, h);
        result.both.push_back(after[h].key);
        judge(before[b], after[h], result);
      },
      [&](std::size_t b) { result.only_base.push_back(before[b].key); },
      [&](std::size_t h) {
        result.only_head.push_back(after[h].key);
        // A failure of a job that base does not have is new as well.
        if (!passes(after[h])) result.new_failures.push_back({Run{}, after[h]});
      });
  result.flakes = flakes_of(ledger, head);

  const Columns base_metrics = ledger.metrics(before, Origin::Simulated);
  result.metrics = moved_metrics(base_metrics, ledger.metrics(after, Origin::Simulated), places);
  result.hops = moved_hops(result.metrics, places.size());
  result.host_metrics =
      moved_host_metrics(ledger.metrics(before, Origin::Host), ledger.metrics(after, Origin::Host));

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
