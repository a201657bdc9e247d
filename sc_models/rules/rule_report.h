// SPDX-License-Identifier: Apache-2.0
/// Views of a RuleBook: JSON for results and for shards that run in other processes, a text table
/// for people. Neither decides anything: the verdict is RuleBook::clean().
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sc_models/rules/rule_book.h"

namespace xive {

/// {"rules": [{"id", "sentence", "reference", "hits", "fired"}...], "violations": [{"rule", "time",
/// "detail"}...], "clean": bool, "never_hit": [id...]}; rules in the order of their registration.
nlohmann::json to_json(const RuleBook& book);

/// Adds the counters and violations of a to_json() value to `book`, whose rules must include all of
/// the value's. Throws std::invalid_argument (shape wrong or rule unknown) before changing
/// anything.
void merge_json(RuleBook& book, const nlohmann::json& value);

/// One line per rule: identifier, hits, violations, sentence. Rules that never had a chance to fire
/// are marked "NEVER HIT", rules that fired "FIRED". Ends with a line of totals.
std::string format_table(const RuleBook& book);

/// The violations kept, one line each, and how many more were only counted.
std::string format_violations(const RuleBook& book);

}  // namespace xive
