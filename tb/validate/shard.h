// SPDX-License-Identifier: Apache-2.0
/// One shard: configuration in, result out. The unit of work of a run, of resuming, and of replay.
#pragma once

#include <atomic>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tb/validate/bench.h"
#include "tb/validate/counters.h"
#include "tb/validate/shard_config.h"
#include "tb/validate/subject.h"

namespace xive::validate {

/// A violation with the place where it was found.
struct Finding {
  std::string rule;
  std::string detail;
  tima::Cycle cycle = 0;
  std::uint64_t operation = 0;    ///< number of the operation submitted last, from 1
  std::vector<std::string> also;  ///< other rules that fired in the same step

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct RuleCount {
  std::string id;
  std::uint64_t hits = 0;
  std::uint64_t fired = 0;
};

struct ShardResult {
  std::uint64_t number = 0;
  std::uint64_t seed = 0;
  std::uint64_t operations = 0;
  tima::Cycle cycles = 0;
  std::string digest;
  double seconds = 0;  ///< wall time; not part of what is compared
  Counters counters;
  std::vector<RuleCount> rules;
  std::optional<Finding> finding;
};

/// The rules that live in a subject and its bench.
std::vector<RuleInfo> rules_of(const Subject& subject);

/// How a shard is run; what does not change its result.
struct ShardRun {
  std::atomic<std::uint64_t>* progress = nullptr;
  Tap* tap = nullptr;
  tima::Observer* observer = nullptr;
  WaveWindow waves{};
  tima::Cycle aftermath = 0;
  std::optional<Difference>* difference = nullptr;  ///< receives the first one of lock-step
};

/// The subject that a shard is run on.
SubjectOptions subject_options(const ShardConfig& config, TimaKind kind, unsigned mutant,
                               bool skip_idle);

/// Runs the generator's stimulus, or `stimulus` if there is one.
ShardResult run_shard(const ShardConfig& config, const SubjectOptions& options,
                      SubjectFactory factory, const ShardRun& run = {},
                      Stimulus* stimulus = nullptr);

/// The same result in less time: reference and rules hear of events in batches. If a rule fires all
/// the same, the shard is run once more with every event judged at once, which finds out where.
ShardResult run_shard_in_batches(const ShardConfig& config, const SubjectOptions& options,
                                 SubjectFactory factory, const ShardRun& run = {});

nlohmann::json to_json(const ShardResult& result);
/// Throws nlohmann::json::exception or std::invalid_argument when the shape is wrong.
ShardResult shard_result_from_json(const nlohmann::json& value);

}  // namespace xive::validate
