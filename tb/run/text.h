// SPDX-License-Identifier: Apache-2.0
/// Parts that the reports of a machine run and of a boot have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sc_models/rules/junit.h"
#include "sc_models/rules/rule_book.h"
#include "tb/run/run_options.h"

namespace xive::run {

/// What became of the rules in one line. Says so when nothing, or nothing but what lock-step
/// compares, was checked.
std::string rules_text(const RunOptions& options, const RuleBook& rules);
/// The book, with "checked": false when no rule watched the run.
nlohmann::json rules_json(const RunOptions& options, const RuleBook& rules);
void add_rules(const RunOptions& options, const RuleBook& rules, Junit& junit);

/// Verdict, build, and the "configuration" of the platform.
nlohmann::json report_head(const RunOptions& options, bool passed);

}  // namespace xive::run
