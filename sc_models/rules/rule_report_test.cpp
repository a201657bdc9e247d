// SPDX-License-Identifier: Apache-2.0
#include "sc_models/rules/rule_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace xive {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr RuleInfo kFirst{"T-01", "The first sentence.", "test 1"};
constexpr RuleInfo kSecond{"T-02", "The second sentence.", "test 2"};
constexpr RuleInfo kThird{"T-03", "The third sentence.", "test 3"};

RuleBook two_rules(unsigned hits_of_first) {
  RuleBook book;
  const auto first = book.add(kFirst);
  book.add(kSecond);
  for (unsigned i = 0; i < hits_of_first; ++i) {
    book.hit(first);
  }
  return book;
}

TEST(RuleBook, MergeAddsCountersByIdentifier) {
  RuleBook a = two_rules(3);
  RuleBook b;
  const auto second = b.add(kSecond);  // another order and a rule more
  const auto first = b.add(kFirst);
  const auto third = b.add(kThird);
  b.hit(first);
  b.hit(second);
  b.hit(third);
  b.fire(second, 17, "seen 1, expected 2");

  a.merge(b);

  ASSERT_EQ(a.entries().size(), 3U);
  EXPECT_EQ(a.find("T-01")->hits, 4U);
  EXPECT_EQ(a.find("T-02")->hits, 1U);
  EXPECT_EQ(a.find("T-02")->fired, 1U);
  EXPECT_EQ(a.find("T-03")->hits, 1U);
  ASSERT_EQ(a.violations().size(), 1U);
  EXPECT_EQ(a.violations()[0].rule, "T-02");
  EXPECT_EQ(a.violations()[0].time, 17U);
  EXPECT_FALSE(a.clean());
}

TEST(RuleBook, KeepsTheFirstViolationsAndCountsAll) {
  RuleBook book;
  const auto rule = book.add(kFirst);
  for (std::uint64_t i = 0; i < RuleBook::kMaxViolations + 10; ++i) {
    book.fire(rule, i, "x");
  }
  EXPECT_EQ(book.violations().size(), RuleBook::kMaxViolations);
  EXPECT_EQ(book.entries()[rule].fired, RuleBook::kMaxViolations + 10);
  EXPECT_THAT(format_violations(book), HasSubstr("and 10 more\n"));
}

TEST(RuleReport, JsonRoundTripThroughAShardGivesTheSameCounters) {
  RuleBook shard = two_rules(5);
  shard.fire(1, 99, "seen a, expected b");
  RuleBook total = two_rules(2);

  merge_json(total, nlohmann::json::parse(to_json(shard).dump()));

  RuleBook direct = two_rules(2);
  direct.merge(shard);
  EXPECT_EQ(to_json(total), to_json(direct));
  EXPECT_EQ(to_json(total).at("clean"), false);
  EXPECT_EQ(to_json(total).at("never_hit"), nlohmann::json::array({"T-02"}));
}

TEST(RuleReport, ABadReportIsRefusedAndChangesNothing) {
  RuleBook book = two_rules(1);
  const nlohmann::json before = to_json(book);
  RuleBook other = two_rules(7);
  other.add(kThird);
  EXPECT_THROW(merge_json(book, to_json(other)), std::invalid_argument);
  EXPECT_THROW(merge_json(book, nlohmann::json::object()), std::invalid_argument);
  nlohmann::json wrong = before;
  wrong["rules"][1]["hits"] = "many";
  EXPECT_THROW(merge_json(book, wrong), std::invalid_argument);
  EXPECT_EQ(to_json(book), before);
}

TEST(RuleReport, TableMarksRulesThatNeverHadAChance) {
  RuleBook book = two_rules(5);
  EXPECT_THAT(format_table(book), HasSubstr("NEVER HIT  The second sentence."));
  EXPECT_THAT(format_table(book), HasSubstr("2 rules, 1 hit, 1 never hit, 0 fired"));
  EXPECT_THAT(format_table(book), Not(HasSubstr("FIRED")));
  book.hit(1);
  book.fire(1, 3, "seen 1, expected 0");
  EXPECT_THAT(format_table(book), HasSubstr("FIRED      The second sentence."));
  EXPECT_EQ(format_violations(book), "T-02 at 3: seen 1, expected 0\n");
}

}  // namespace
}  // namespace xive
