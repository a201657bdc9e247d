// SPDX-License-Identifier: Apache-2.0
/// The result of a run as a value, and its three views: text for people, JSON, JUnit.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sc_models/rules/digest.h"
#include "tb/validate/shard.h"
#include "tb/validate/validate_options.h"

namespace xive::validate {

enum class Verdict : std::uint8_t {
  Pass,         ///< everything was run, no rule fired
  Fail,         ///< a rule fired, or the thing under test crashed its process
  Interrupted,  ///< ended by a signal before the end; no rule fired so far
};
std::string_view name(Verdict verdict);

/// A rule with its sentence and the counts of all shards.
struct RuleRow {
  std::string id;
  std::string sentence;
  std::string reference;
  std::uint64_t hits = 0;
  std::uint64_t fired = 0;
};

struct RunReport {
  ValidateOptions options;
  Verdict verdict = Verdict::Pass;
  std::uint64_t shards = 0;    ///< in this result, from 0 on without a gap
  std::uint64_t resumed = 0;   ///< of these, taken from an earlier run
  std::uint64_t restarts = 0;  ///< workers that were killed and whose shard was run again
  std::uint64_t operations = 0;
  std::uint64_t new_operations = 0;  ///< without the resumed ones
  tima::Cycle cycles = 0;
  double seconds = 0;
  std::string digest;
  Counters counters;
  std::vector<RuleRow> rules;
  std::optional<Finding> finding;
  std::uint64_t finding_shard = 0;
  std::uint64_t finding_seed = 0;
  std::string capsule;       ///< folder, empty = none
  std::string capsule_note;  ///< what came out of reproducing and shrinking

  /// Adds a shard; must be called in the order of the shards.
  void add(const ShardResult& shard);
  /// Sets the digest after the last shard.
  void close();

 private:
  Digest chain_;
};

std::string to_text(const RunReport& report);
nlohmann::json to_json(const RunReport& report);
/// One test case for the run and one for each rule.
std::string to_junit(const RunReport& report);

}  // namespace xive::validate
