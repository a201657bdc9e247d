// SPDX-License-Identifier: Apache-2.0
#include "sc_models/rules/rule_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <vector>

namespace xive {

namespace {

std::optional<RuleBook::Index> index_of(const RuleBook& book, std::string_view id) {
  const RuleBook::Entry* entry = book.find(id);
  if (entry == nullptr) {
    return std::nullopt;
  }
  return static_cast<RuleBook::Index>(entry - book.entries().data());
}

RuleBook::Index known_rule(const RuleBook& book, const nlohmann::json& id) {
  const auto& text = id.get_ref<const std::string&>();
  const auto index = index_of(book, text);
  if (!index) {
    throw std::invalid_argument(
        fmt::format("rule report names a rule this book has not: {}", text));
  }
  return *index;
}

struct Counts {
  RuleBook::Index rule;
  std::uint64_t hits, fired;
};

struct Kept {
  RuleBook::Index rule;
  std::uint64_t time;
  std::string detail;
};

}  // namespace

nlohmann::json to_json(const RuleBook& book) {
  nlohmann::json rules = nlohmann::json::array();
  nlohmann::json never = nlohmann::json::array();
  for (const RuleBook::Entry& entry : book.entries()) {
    rules.push_back({{"id", entry.info.id},
                     {"sentence", entry.info.sentence},
                     {"reference", entry.info.reference},
                     {"hits", entry.hits},
                     {"fired", entry.fired}});
    if (entry.hits == 0) {
      never.push_back(entry.info.id);
    }
  }
  nlohmann::json violations = nlohmann::json::array();
  for (const Violation& violation : book.violations()) {
    violations.push_back(
        {{"rule", violation.rule}, {"time", violation.time}, {"detail", violation.detail}});
  }
  return {{"rules", std::move(rules)},
          {"violations", std::move(violations)},
          {"clean", book.clean()},
          {"never_hit", std::move(never)}};
}

void merge_json(RuleBook& book, const nlohmann::json& value) {
  // Everything is read before anything is added, so that a bad report leaves the book as it was.
  std::vector<Counts> counts;
  std::vector<Kept> kept;
  try {
    for (const auto& rule : value.at("rules")) {
      counts.push_back({known_rule(book, rule.at("id")), rule.at("hits").get<std::uint64_t>(),
                        rule.at("fired").get<std::uint64_t>()});
    }
    for (const auto& violation : value.at("violations")) {
      kept.push_back({known_rule(book, violation.at("rule")),
                      violation.at("time").get<std::uint64_t>(),
                      violation.at("detail").get<std::string>()});
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(fmt::format("not a rule report: {}", error.what()));
  }
  for (const Counts& count : counts) {
    book.add_counts(count.rule, count.hits, count.fired);
  }
  for (Kept& violation : kept) {
    book.add_violation(violation.rule, violation.time, std::move(violation.detail));
  }
}

std::string format_table(const RuleBook& book) {
  std::size_t width = 4;
  for (const RuleBook::Entry& entry : book.entries()) {
    width = std::max(width, entry.info.id.size());
  }
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "{:<{}}  {:>12}  {:>8}  {:<9}  {}\n", "rule", width, "hits", "fired", "",
                 "sentence");
  std::size_t never = 0;
  std::size_t fired = 0;
  for (const RuleBook::Entry& entry : book.entries()) {
    const bool hit = entry.hits != 0;
    never += hit ? 0 : 1;
    fired += entry.fired != 0 ? 1 : 0;
    const std::string_view mark = entry.fired != 0 ? "FIRED" : hit ? "" : "NEVER HIT";
    fmt::format_to(to, "{:<{}}  {:>12}  {:>8}  {:<9}  {}\n", entry.info.id, width, entry.hits,
                   entry.fired, mark, entry.info.sentence);
  }
  fmt::format_to(to, "{} rules, {} hit, {} never hit, {} fired\n", book.entries().size(),
                 book.entries().size() - never, never, fired);
  return out;
}

std::string format_violations(const RuleBook& book) {
  std::string out;
  auto to = std::back_inserter(out);
  for (const Violation& violation : book.violations()) {
    fmt::format_to(to, "{} at {}: {}\n", violation.rule, violation.time, violation.detail);
  }
  std::uint64_t total = 0;
  for (const RuleBook::Entry& entry : book.entries()) {
    total += entry.fired;
  }
  if (total > book.violations().size()) {
    fmt::format_to(to, "and {} more\n", total - book.violations().size());
  }
  return out;
}

}  // namespace xive
