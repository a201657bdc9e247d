// SPDX-License-Identifier: Apache-2.0
#include "tb/run/text.h"

#include <fmt/format.h>

#include "sc_models/rules/rule_report.h"

namespace xive::run {

std::string rules_text(const RunOptions& options, const RuleBook& rules) {
  std::size_t hit = 0, fired = 0;
  for (const RuleBook::Entry& entry : rules.entries()) {
    if (entry.hits > 0) ++hit;
    if (entry.fired > 0) ++fired;
  }
  const std::string found = fmt::format("{} put to the test, {} violated", hit, fired);
  if (!options.work.checks) {
    return rules.entries().empty() ? "off, not checked"
                                   : "off, not checked; lock-step's own: " + found;
  }
  return fmt::format("{}, {} never had a chance", found, rules.entries().size() - hit);
}

nlohmann::json rules_json(const RunOptions& options, const RuleBook& rules) {
  nlohmann::json value = to_json(rules);
  value["checked"] = options.work.checks;
  return value;
}

void add_rules(const RunOptions& options, const RuleBook& rules, Junit& junit) {
  if (!options.work.checks) junit.skipped("run.rules", "rules", "off, not checked");
  junit.rules("run.rules", rules);
}

nlohmann::json report_head(const RunOptions& options, bool passed) {
  const PlatformOptions& p = options.platform;
  return {{"command", "run"},
          {"verdict", passed ? "PASS" : "FAIL"},
          {"version", options.build.version},
          {"commit", options.build.commit},
          {"dirty", options.build.dirty},
          {"configuration",
           {{"generation", p.generation},
            {"chips", p.chips},
            {"cores", p.cores},
            {"threads", p.threads},
            {"tima", to_string(p.tima)},
            {"tima_period_ps", p.tima_period_ps},
            {"vp_filter", p.vp_filter},
            {"skip_idle", p.skip_idle},
            {"checks", options.work.checks}}}};
}

}  // namespace xive::run
