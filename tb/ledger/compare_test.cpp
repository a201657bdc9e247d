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
                const std::string& head_commit = "bbbbbbbbbbbb",
                const std::set<std::string>& across = {}) {
    const std::int64_t b = ledger_.add(batch("night", "aaaaaaaaaaaa"), base);
    const std::int64_t h = ledger_.add(batch("night", head_commit), head);
    return compare(ledger_, ledger_.find(std::to_string(b)), ledger_.find(std::to_string(h)),
                   across);
  }

 private:
  TemporaryFolder folder_;
  Ledger ledger_{folder_.file("a.sqlite"), Database::Mode::Write};
};

TEST_F(Compare, EqualBatchesAreGood) {
  const Comparison result = of({record(1), record(2)}, {record(1), record(2)}, "aaaaaaaaaaaa");
  EXPECT_TRUE(result.good());
  EXPECT_FALSE(result.nondeterministic());
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
  const Comparison result = of({record(1)}, {other}, "aaaaaaaaaaaa");
  EXPECT_TRUE(result.nondeterministic());
  EXPECT_FALSE(result.good());
  ASSERT_EQ(result.flakes.size(), 1U);
  EXPECT_EQ(result.flakes[0].base.digest, "digest");
}

TEST_F(Compare, AnotherCommitMayHaveAnotherDigest) {
  Record other = record(1);
  other.digest = "another";
  const Comparison result = of({record(1)}, {other});
  EXPECT_FALSE(result.nondeterministic());
  EXPECT_EQ(result.other_digest.size(), 1U);
  EXPECT_TRUE(result.good());
}

TEST_F(Compare, AFlakeIsFoundInAnyBatchOfTheSameCommit) {
  // Yesterday's batch of head's commit failed where head passes, whatever base is.
  of({record(1)}, {failed(1, "now and then")});
  const Comparison result = of({record(1)}, {record(1)});
  EXPECT_TRUE(result.new_failures.empty());
  ASSERT_EQ(result.flakes.size(), 1U);
  EXPECT_EQ(result.flakes[0].base.failure, "now and then");
  EXPECT_FALSE(result.good());
}

TEST_F(Compare, AnotherConfigurationOfTheSameKeyIsNoFlake) {
  Record before = record(1), after = record(1);
  before.config_hash = "1";
  after.config_hash = "2";
  after.digest = "another";
  const Comparison result = of({before}, {after}, "aaaaaaaaaaaa");
  EXPECT_FALSE(result.nondeterministic());
  EXPECT_EQ(result.other_config.size(), 1U);
}

TEST_F(Compare, SimulatedMetricsAreComparedExactly) {
  Record slower = record(2);
  slower.metrics["hop_ns"] = 100.00001;
  const Comparison result = of({record(1), record(2)}, {record(1), slower});
  ASSERT_EQ(result.metrics.size(), 1U);
  EXPECT_EQ(result.metrics[0].name, "hop_ns");
  EXPECT_EQ(result.metrics[0].jobs, 1U);
  EXPECT_EQ(result.metrics[0].of, 2U);
  EXPECT_EQ(result.largest_job(result.metrics[0]), record(2).key());
  EXPECT_GT(result.metrics[0].change(), 0);
}

TEST_F(Compare, AMetricThatIsGoneHasMoved) {
  Record without = record(1), with = record(2);
  without.metrics = {{"other_ns", 1}};
  const Comparison result = of({record(1), with}, {without, with});
  ASSERT_EQ(result.metrics.size(), 2U);
  EXPECT_EQ(result.metrics[0].name, "hop_ns");
  EXPECT_EQ(result.metrics[0].gone, 1U);
  EXPECT_EQ(result.metrics[0].of, 1U);
  EXPECT_EQ(result.metrics[1].name, "other_ns");
  EXPECT_EQ(result.metrics[1].fresh, 1U);
}

TEST_F(Compare, AcrossASetting) {
  Record slow = record(1), slower = record(1), other = record(2);
  slow.settings["slow"] = "1";
  slower.settings["slow"] = "2";
  slower.metrics["hop_ns"] = 150;
  EXPECT_TRUE(of({slow}, {slower}).metrics.empty()) << "no job in common";
  const Comparison result = of({slow}, {slower}, "bbbbbbbbbbbb", {"slow"});
  ASSERT_EQ(result.metrics.size(), 1U);
  EXPECT_EQ(result.largest_job(result.metrics[0]), record(1).key());
  EXPECT_THROW(of({slow, slower}, {other}, "bbbbbbbbbbbb", {"slow"}), AmbiguousJobs);
}

/// Three hops, and what is behind them.
Record with_hops(std::uint64_t seed, double presenter, double esb) {
  Record one = record(seed);
  one.metrics = {{"hops.end.median_ns", 10},
                 {"hops.presenter.median_ns", presenter},
                 {"hops.presenter.max_ns", presenter * 50},
                 {"hops.presenter.wait.median_ns", presenter * 9},
                 {"latency.ipi.stations.present.median_ns", presenter * 3},
                 {"hops.esb.median_ns", esb}};
  return one;
}

TEST_F(Compare, NamesTheHopThatBecameSlow) {
  // Another moves further, but not in every job.
  const Comparison result = of(
      {with_hops(1, 10, 0), with_hops(2, 10, 500), with_hops(3, 10, 500), with_hops(4, 10, 500)},
      {with_hops(1, 13, 1), with_hops(2, 13, 500), with_hops(3, 13, 500), with_hops(4, 13, 500)});
  ASSERT_EQ(result.hops.size(), 2U);
  EXPECT_EQ(result.hops[0].name, "presenter");
  EXPECT_NEAR(result.hops[0].change(), 0.3, 1e-9);
  EXPECT_EQ(result.hops[0].jobs, 4U);
  EXPECT_EQ(result.hops[1].name, "esb");
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

}  // namespace
}  // namespace xive::ledger
