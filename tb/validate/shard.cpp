// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/shard.h"

#include <chrono>
#include <stdexcept>

#include "bridge/verilated_tima.h"
#include "tb/validate/generator.h"

namespace xive::validate {

SubjectOptions subject_options(const ShardConfig& config, TimaKind kind, unsigned mutant,
                               bool skip_idle) {
  SubjectOptions options;
  options.kind = kind;
  options.params = config.params;
  options.mutant = mutant;
  options.skip_idle = skip_idle;
  options.stalls = config.stalls;
  options.stall_seed = derive_seed(config.seed, "stalls");
  return options;
}

ShardResult run_shard(const ShardConfig& config, const SubjectOptions& options,
                      SubjectFactory factory, const ShardRun& run, Stimulus* stimulus) {
  const auto start = std::chrono::steady_clock::now();
  const std::unique_ptr<Subject> subject = factory(options);
  std::optional<Generator> generator;
  if (stimulus == nullptr) stimulus = &generator.emplace(config);
  if (run.observer != nullptr) subject->listen(run.observer);
  Bench bench(*subject, *stimulus);
  bench.set_tap(run.tap);
  bench.set_progress(run.progress);
  bench.set_aftermath(run.aftermath);
  bench.set_waves(run.waves);
  BenchOutcome outcome = bench.run(config.inputs);

  ShardResult result;
  result.number = config.number;
  result.seed = config.seed;
  result.operations = outcome.operations;
  result.cycles = outcome.cycles;
  result.digest = outcome.digest.text();
  result.counters = outcome.counters;
  for (const RuleBook::Entry& entry : subject->rules()) {
    result.rules.push_back({std::string(entry.info.id), entry.hits, entry.fired});
  }
  for (const RuleInfo& rule : {kRuleHang, kRuleLost}) {
    const bool fired = outcome.violation && outcome.violation->rule == rule.id;
    result.rules.push_back({std::string(rule.id), outcome.operations, fired ? 1U : 0U});
  }
  if (outcome.violation) {
    result.finding = Finding{std::string(outcome.violation->rule),
                             outcome.violation->detail,
                             outcome.violation->time,
                             outcome.violation_operation,
                             {}};
    for (const RuleCount& rule : result.rules) {
      if (rule.fired != 0 && rule.id != result.finding->rule) {
        result.finding->also.push_back(rule.id);
      }
    }
  }
  if (run.difference != nullptr) *run.difference = subject->difference();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  result.seconds = seconds.count();
  return result;
}

ShardResult run_shard_in_batches(const ShardConfig& config, const SubjectOptions& options,
                                 SubjectFactory factory, const ShardRun& run) {
  SubjectOptions batched = options;
  batched.batch = bridge::kEfficientBatch;
  ShardResult result = run_shard(config, batched, factory, run);
  if (!result.finding) return result;
  ShardResult exact = run_shard(config, options, factory, run);
  // A shard is a pure function of its configuration, so that the violation comes again. Should it
  // not, the first run still counts.
  if (!exact.finding) return result;
  exact.seconds += result.seconds;
  return exact;
}

std::vector<RuleInfo> rules_of(const Subject& subject) {
  std::vector<RuleInfo> rules;
  for (const RuleBook::Entry& entry : subject.rules()) rules.push_back(entry.info);
  rules.push_back(kRuleHang);
  rules.push_back(kRuleLost);
  return rules;
}

nlohmann::json to_json(const ShardResult& result) {
  nlohmann::json value;
  value["shard"] = result.number;
  value["seed"] = result.seed;
  value["operations"] = result.operations;
  value["cycles"] = result.cycles;
  value["digest"] = result.digest;
  value["seconds"] = result.seconds;
  value["classes"] = result.counters.operations;
  value["seen"] = result.counters.seen;
  value["codes"] = result.counters.codes;
  nlohmann::json rules = nlohmann::json::array();
  for (const RuleCount& rule : result.rules) rules.push_back({rule.id, rule.hits, rule.fired});
  value["rules"] = std::move(rules);
  if (result.finding) {
    value["finding"] = {{"rule", result.finding->rule},
                        {"detail", result.finding->detail},
                        {"cycle", result.finding->cycle},
                        {"operation", result.finding->operation},
                        {"also", result.finding->also}};
  }
  return value;
}

namespace {

template <std::size_t N>
void read_counts(const nlohmann::json& value, std::array<std::uint64_t, N>& counts) {
  if (!value.is_array() || value.size() != N) throw std::invalid_argument("wrong number of counts");
  for (std::size_t i = 0; i < N; ++i) counts[i] = value[i].get<std::uint64_t>();
}

}  // namespace

ShardResult shard_result_from_json(const nlohmann::json& value) {
  ShardResult result;
  value.at("shard").get_to(result.number);
  value.at("seed").get_to(result.seed);
  value.at("operations").get_to(result.operations);
  value.at("cycles").get_to(result.cycles);
  value.at("digest").get_to(result.digest);
  value.at("seconds").get_to(result.seconds);
  read_counts(value.at("classes"), result.counters.operations);
  read_counts(value.at("seen"), result.counters.seen);
  read_counts(value.at("codes"), result.counters.codes);
  for (const nlohmann::json& rule : value.at("rules")) {
    result.rules.push_back({rule.at(0).get<std::string>(), rule.at(1).get<std::uint64_t>(),
                            rule.at(2).get<std::uint64_t>()});
  }
  if (const auto found = value.find("finding"); found != value.end()) {
    result.finding =
        Finding{found->at("rule").get<std::string>(), found->at("detail").get<std::string>(),
                found->at("cycle").get<tima::Cycle>(), found->at("operation").get<std::uint64_t>(),
                found->at("also").get<std::vector<std::string>>()};
  }
  return result;
}

}  // namespace xive::validate
