// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tb/ledger/testing.h"

namespace xive::ledger {
namespace {

using result::Record;
using result::Verdict;
using testing::batch;
using testing::record;
using testing::TemporaryFolder;

Record failed(std::uint64_t seed, const std::string& why) {
  Record one = record(seed);
  one.verdict = Verdict::Fail;
  one.failures = {why};
  return one;
}

class Compare : public ::testing::Test {
 protected:
  Comparison of(const std::vector<Record>& base, const std::vector<Record>& head,
                const std::string& head_commit = "bbbbbbbbbbbb") {
    const std::int64_t b = ledger_.add(batch("night", "aaaaaaaaaaaa"), base);
    const std::int64_t h = ledger_.add(batch("night", head_commit), head);
    return compare(ledger_, ledger_.find(std::to_string(b)), ledger_.find(std::to_string(h)));
  }

 private:
  TemporaryFolder folder_;
  Ledger ledger_{folder_.file("a.sqlite"), Database::Mode::Write};
};

TEST_F(Compare, EqualBatchesAreGood) {
  const Comparison result = of({record(1), record(2)}, {record(1), record(2)}, "aaaaaaaaaaaa");
  EXPECT_TRUE(result.good());
  EXPECT_TRUE(result.same_commit);
  EXPECT_TRUE(result.metrics.empty());
}

TEST_F(Compare, FailuresAndFixes) {
  const Comparison result =
      of({record(1), failed(2, "old"), failed(3, "old"), record(5)},
         {failed(1, "CHK-EQ at 7 ns"), record(2), failed(3, "old"), failed(4, "CHK-EQ at 9 ns")});
  ASSERT_EQ(result.new_failures.size(), 2U);
  EXPECT_EQ(result.new_failures[0].head.key, record(1).key());
  EXPECT_EQ(result.new_failures[1].head.key, record(4).key()) << "a job that base does not have";
  ASSERT_EQ(result.fixed.size(), 1U);
  EXPECT_EQ(result.fixed[0].head.key, record(2).key());
  ASSERT_EQ(result.still_failing.size(), 1U);
  EXPECT_THAT(result.only_base, ::testing::ElementsAre(record(5).key()));
  ASSERT_EQ(result.failures.size(), 2U);
  EXPECT_EQ(result.failures[0].signature, "fail: CHK-EQ at # ns");
  EXPECT_EQ(result.failures[0].runs.size(), 2U);
  EXPECT_FALSE(result.good());
}

TEST_F(Compare, AnotherDigestOfTheSameCommitIsNondeterminism) {
  Record other = record(1);
  other.digest = "another";
  EXPECT_TRUE(of({record(1)}, {other}, "aaaaaaaaaaaa").nondeterministic());
  const Comparison changed = of({record(1)}, {other});
  EXPECT_FALSE(changed.nondeterministic()) << "another commit may behave differently";
  EXPECT_EQ(changed.other_digest.size(), 1U);
  EXPECT_TRUE(changed.good());
}

TEST_F(Compare, SimulatedMetricsAreComparedExactly) {
  Record slower = record(2);
  slower.metrics["hop_ns"] = 100.00001;
  const Comparison result = of({record(1), record(2)}, {record(1), slower});
  ASSERT_EQ(result.metrics.size(), 1U);
  EXPECT_EQ(result.metrics[0].name, "hop_ns");
  EXPECT_EQ(result.metrics[0].jobs, 1U);
  EXPECT_EQ(result.metrics[0].of, 2U);
  EXPECT_EQ(result.metrics[0].largest_job, record(2).key());
  EXPECT_GT(result.metrics[0].change(), 0);
}

TEST_F(Compare, HostMetricsNeedEvidence) {
  std::vector<Record> base, same, slower;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Record one = record(seed);
    one.host["wall_s"] = 1 + 0.01 * static_cast<double>(seed);
    base.push_back(one);
    one.host["wall_s"] = 1 + 0.01 * static_cast<double>(21 - seed);
    same.push_back(one);
    one.host["wall_s"] += 1;
    slower.push_back(one);
  }
  EXPECT_TRUE(of(base, same).host_metrics.empty());
  const Comparison result = of(base, slower);
  ASSERT_EQ(result.host_metrics.size(), 1U);
  EXPECT_LT(result.host_metrics[0].probability, 1e-6);
  EXPECT_TRUE(result.good()) << "timings never decide";
}

TEST_F(Compare, RulesGoneSilent) {
  Record silent = record(1);
  silent.rules = {{"CHK-EQ", 0, 0}};
  const Comparison result = of({record(1)}, {silent});
  EXPECT_THAT(result.silent_rules, ::testing::ElementsAre("CHK-EQ"));
  EXPECT_FALSE(result.good());
}

TEST(MannWhitney, KnownValues) {
  // U = 0 of 25: z = (12.5 - 0.5) / sqrt(25 * 11 / 12).
  EXPECT_NEAR(mann_whitney({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}), 0.0122, 0.0001);
  EXPECT_NEAR(mann_whitney({1, 3, 5, 7}, {2, 4, 6, 8}), 0.665, 0.01);
  EXPECT_EQ(mann_whitney({1, 1, 1}, {1, 1, 1}), 1);
  EXPECT_EQ(mann_whitney({1, 2}, {3, 4, 5}), 1);
}

}  // namespace
}  // namespace xive::ledger
