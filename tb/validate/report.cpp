// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sc_models/rules/junit.h"
#include "tb/validate/operation_json.h"
#include "tb/validate/progress.h"

namespace xive::validate {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass:
      return "PASS";
    case Verdict::Fail:
      return "FAIL";
    case Verdict::Interrupted:
      return "INTERRUPTED";
  }
  return "?";
}

void RunReport::add(const ShardResult& shard) {
  ++shards;
  operations += shard.operations;
  cycles += shard.cycles;
  counters.add(shard.counters);
  chain_.add(shard.number);
  chain_.add(std::string_view(shard.digest));
  for (const RuleCount& count : shard.rules) {
    const auto row = std::find_if(rules.begin(), rules.end(),
                                  [&](const RuleRow& r) { return r.id == count.id; });
    if (row == rules.end()) {
      rules.push_back({count.id, "", "", count.hits, count.fired});
    } else {
      row->hits += count.hits;
      row->fired += count.fired;
    }
  }
  if (shard.finding && !finding) {
    finding = shard.finding;
    finding_shard = shard.number;
    finding_seed = shard.seed;
    verdict = Verdict::Fail;
  }
}

void RunReport::close() {
  digest = chain_.text();
}

namespace {

std::string_view subject_text(TimaKind kind) {
  switch (kind) {
    case TimaKind::Model:
      return "the reference model alone";
    case TimaKind::Rtl:
      return "the RTL alone";
    case TimaKind::Lockstep:
      return "RTL against reference model";
  }
  return "?";
}

void add_rules(const RunReport& report, std::string& text) {
  std::size_t hit = 0;
  std::string never;
  for (const RuleRow& rule : report.rules) {
    if (rule.hits != 0 || rule.fired != 0) {
      ++hit;
    } else {
      never += (never.empty() ? "" : " ") + rule.id;
    }
  }
  fmt::format_to(std::back_inserter(text), "rules        {} live, {} were put to the test\n",
                 report.rules.size(), hit);
  if (!never.empty()) {
    fmt::format_to(std::back_inserter(text), "             never put to the test: {}\n", never);
  }
}

}  // namespace

std::string to_text(const RunReport& report) {
  const ValidateOptions& o = report.options;
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "\nvalidate: {}, generation {}, {} threads, seed {}{}\n\n",
                 subject_text(o.tima), o.generation, o.threads, o.seed,
                 o.mutant != 0 ? fmt::format(", mutant {}", o.mutant) : "");
  switch (report.verdict) {
    case Verdict::Pass:
      text += "PASS         no rule was violated\n";
      break;
    case Verdict::Interrupted:
      text += "INTERRUPTED  ended by a signal; no rule was violated so far, --resume goes on\n";
      break;
    case Verdict::Fail:
      fmt::format_to(out, "FAIL         {} in shard {}, cycle {}, operation {}\n",
                     report.finding->rule, report.finding_shard, report.finding->cycle,
                     report.finding->operation);
      for (const RuleRow& rule : report.rules) {
        if (rule.id != report.finding->rule || rule.sentence.empty()) continue;
        fmt::format_to(out, "             rule: {} ({})\n", rule.sentence, rule.reference);
      }
      fmt::format_to(out, "             seen: {}\n", report.finding->detail);
      if (!report.finding->also.empty()) {
        fmt::format_to(out, "             also: {}\n", fmt::join(report.finding->also, " "));
      }
      if (!report.capsule.empty()) fmt::format_to(out, "capsule      {}\n", report.capsule);
      if (!report.capsule_note.empty()) text += report.capsule_note;
      break;
  }
  fmt::format_to(out, "operations   {} in {} shards, {} clock cycles\n", grouped(report.operations),
                 report.shards, grouped(report.cycles));
  const double rate = static_cast<double>(report.new_operations) / std::max(report.seconds, 1e-3);
  fmt::format_to(out, "speed        {} operations/s, {} jobs, {:.1f} s\n",
                 grouped(static_cast<std::uint64_t>(rate)), o.jobs, report.seconds);
  if (report.resumed != 0) {
    fmt::format_to(out, "resumed      {} shards were there from an earlier run\n", report.resumed);
  }
  if (report.restarts != 0) {
    fmt::format_to(out, "restarts     {} workers were killed, their shards were run again\n",
                   report.restarts);
  }
  fmt::format_to(out, "digest       {}\n", report.digest);
  add_rules(report, text);
  text += "\noperations by class\n";
  for (std::size_t i = 0; i < kOpClasses; ++i) {
    if (report.counters.operations[i] == 0) continue;
    const auto op_class = static_cast<OpClass>(i);
    fmt::format_to(out, "  {:<16} {:>14}  {}\n", name(op_class),
                   grouped(report.counters.operations[i]), describe(op_class));
  }
  text += "\nwhat was seen\n";
  for (std::size_t i = 0; i < kSeen; ++i) {
    const auto seen = static_cast<Seen>(i);
    fmt::format_to(out, "  {:<20} {:>10}  {}\n", name(seen), grouped(report.counters.seen[i]),
                   describe(seen));
  }
  text += "\nanswers by code\n";
  for (std::size_t i = 0; i < kErrorCodes; ++i) {
    if (report.counters.codes[i] == 0) continue;
    fmt::format_to(out, "  {:<20} {:>10}\n", error_code_name(i), grouped(report.counters.codes[i]));
  }
  return text;
}

nlohmann::json to_json(const RunReport& report) {
  const ValidateOptions& o = report.options;
  nlohmann::json value;
  value["command"] = "validate";
  value["verdict"] = name(report.verdict);
  value["version"] = o.build.version;
  value["commit"] = o.build.commit;
  value["dirty"] = o.build.dirty;
  value["configuration"] = {{"generation", o.generation},
                            {"threads", o.threads},
                            {"tima", to_string(o.tima)},
                            {"random_knobs", o.random_knobs},
                            {"knobs", to_json(o.knobs)},
                            {"mutant", o.mutant},
                            {"seed", o.seed},
                            {"ops", o.ops},
                            {"minutes", o.minutes},
                            {"shard_ops", o.shard_ops},
                            {"jobs", o.jobs},
                            {"stalls", o.stalls},
                            {"skip_idle", o.skip_idle}};
  value["shards"] = report.shards;
  value["resumed_shards"] = report.resumed;
  value["restarts"] = report.restarts;
  value["operations"] = report.operations;
  value["cycles"] = report.cycles;
  value["seconds"] = report.seconds;
  value["operations_per_second"] =
      static_cast<double>(report.new_operations) / std::max(report.seconds, 1e-3);
  value["digest"] = report.digest;
  for (std::size_t i = 0; i < kOpClasses; ++i) {
    value["classes"][std::string(name(static_cast<OpClass>(i)))] = report.counters.operations[i];
  }
  for (std::size_t i = 0; i < kSeen; ++i) {
    value["seen"][std::string(name(static_cast<Seen>(i)))] = report.counters.seen[i];
  }
  for (std::size_t i = 0; i < kErrorCodes; ++i) {
    value["codes"][std::string(error_code_name(i))] = report.counters.codes[i];
  }
  value["rules"] = nlohmann::json::array();
  for (const RuleRow& rule : report.rules) {
    value["rules"].push_back({{"id", rule.id},
                              {"sentence", rule.sentence},
                              {"reference", rule.reference},
                              {"hits", rule.hits},
                              {"fired", rule.fired}});
  }
  if (report.finding) {
    value["finding"] = {{"rule", report.finding->rule},   {"detail", report.finding->detail},
                        {"shard", report.finding_shard},  {"shard_seed", report.finding_seed},
                        {"cycle", report.finding->cycle}, {"operation", report.finding->operation}};
    value["capsule"] = report.capsule;
  }
  return value;
}

std::string to_junit(const RunReport& report) {
  Junit junit("validate");
  junit.attribute("time", fmt::format("{:.3f}", report.seconds));
  junit.property("seed", std::to_string(report.options.seed));
  junit.property("operations", std::to_string(report.operations));
  junit.property("digest", report.digest);
  junit.property("commit", report.options.build.commit);
  if (report.verdict == Verdict::Fail) {
    junit.failed("validate", "run",
                 fmt::format("shard {} cycle {} operation {}: {} (capsule {})",
                             report.finding_shard, report.finding->cycle, report.finding->operation,
                             report.finding->detail, report.capsule),
                 report.finding->rule);
  } else if (report.verdict == Verdict::Interrupted) {
    junit.failed("validate", "run", "interrupted");
  } else {
    junit.passed("validate", "run");
  }
  for (const RuleRow& rule : report.rules) {
    junit.rule("validate.rules", rule.id, rule.sentence, rule.hits, rule.fired);
  }
  return junit.text();
}

}  // namespace xive::validate
