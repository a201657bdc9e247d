// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/rules/catalogue.h"

#include <fmt/format.h>

#include <iterator>

#include "sc_models/tima/rules/rule_table.h"

namespace xive::tima::rules {

namespace {

constexpr unsigned kProperties = 96;

const char* text_of(Generations generations) {
  return generations == Generations::One ? "1" : generations == Generations::Two ? "2" : "1, 2";
}

bool has_rule(unsigned property) {
  const std::string id = fmt::format("TIMA-P{:02}", property);
  for (const RuleRow& row : rule_table()) {
    if (row.info.id == id) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string catalogue_markdown() {
  std::string out =
      "# Rules of the TIMA\n"
      "\n"
      "Generated from the table of registered rules (`sc_models/tima/rules/rule_table.cpp`) by\n"
      "`tima_rules_doc --write docs/rules.md`; the test `tima_rules_doc` fails when this page is "
      "stale.\n"
      "\n"
      "Each rule is live on every committed event of a TIMA, counts its chances to fire, and has "
      "a\n"
      "test in which it stays silent and one in which a deliberate fault makes it fire. The "
      "column\n"
      "\"gen\" is the marking of the property; the checks are those of generation 1.\n"
      "\n"
      "\"Clean\" in a sentence: NSR and line latch of the ring were last set by an evaluation, an\n"
      "accept or a reset, not by a raw store (docs/decisions.md).\n"
      "\n"
      "| rule | gen | reference | what must hold |\n"
      "|---|---|---|---|\n";
  auto to = std::back_inserter(out);
  for (const RuleRow& row : rule_table()) {
    fmt::format_to(to, "| {} | {} | {} | {} |\n", row.info.id, text_of(row.generations),
                   row.info.reference, row.info.sentence);
  }
  fmt::format_to(to,
                 "\nProperties of tima.md section 7 without a rule yet, all of generation 2 only:");
  const char* separator = " ";
  for (unsigned property = 1; property <= kProperties; ++property) {
    if (!has_rule(property)) {
      fmt::format_to(to, "{}{}", separator, property);
      separator = ", ";
    }
  }
  out += ".\n";
  return out;
}

}  // namespace xive::tima::rules
