// SPDX-License-Identifier: Apache-2.0
#include "tb/report/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tb/ledger/testing.h"
#include "tb/report/export.h"

namespace xive::report {
namespace {

using ledger::Database;
using ledger::Ledger;
using ledger::testing::batch;
using ledger::testing::record;
using ledger::testing::TemporaryFolder;
using ::testing::HasSubstr;

class Text : public ::testing::Test {
 protected:
  Text() {
    ledger_.add(batch("night", "aaaaaaaaaaaa"), {record(1), record(2)});
    result::Record failed = record(1);
    failed.verdict = result::Verdict::Fail;
    failed.failures = {"CHK-EQ, \"quoted\" <x>"};
    result::Record slower = record(2);
    slower.metrics["hop_ns"] = 150;
    ledger_.add(batch("night", "bbbbbbbbbbbb"), {failed, slower});
  }
  TemporaryFolder folder_;
  Ledger ledger_{folder_.file("a.sqlite"), Database::Mode::Write};
};

TEST_F(Text, ComparisonNamesTheMetricThatMoved) {
  const auto comparison = compare(ledger_, ledger_.find("previous"), ledger_.find("latest"));
  const std::string text = to_text(comparison);
  EXPECT_THAT(text, HasSubstr("new failures (1):\n  load|platform.cores=2|seed=1: CHK-EQ"));
  EXPECT_THAT(text, HasSubstr("hop_ns"));
  EXPECT_THAT(text, HasSubstr("+25.00 %  in 1 of 2 jobs"));
  EXPECT_THAT(text, HasSubstr("\nBAD\n"));
  const result::Json json = to_json(comparison);
  EXPECT_EQ(json.at("metrics")[0].at("name"), "hop_ns");
  EXPECT_FALSE(json.at("good").get<bool>());
}

TEST_F(Text, ComparisonNamesTheHopAndTheFlake) {
  result::Record before = record(3), after = record(3), flake = record(3);
  for (result::Record* one : {&before, &after, &flake}) {
    one->metrics = {{"hops.end.median_ns", 10}, {"hops.presenter.median_ns", 10}};
  }
  after.metrics["hops.presenter.median_ns"] = 25;
  flake.digest = "another";
  ledger_.add(batch("night", "cccccccccccc"), {before});
  ledger_.add(batch("night", "dddddddddddd"), {flake});
  ledger_.add(batch("night", "dddddddddddd"), {after});
  const auto comparison = compare(ledger_, ledger_.find("cccccccccccc"), ledger_.find("latest"));
  const std::string text = to_text(comparison);
  EXPECT_THAT(text, HasSubstr("\nTHE HOP THAT MOVED MOST: presenter  "));
  EXPECT_THAT(text, HasSubstr("+150.00 %  in 1 of 1 jobs"));
  EXPECT_THAT(text, HasSubstr("seed=3: pass another in batch 4, pass digest in batch 5"));
  EXPECT_THAT(text, HasSubstr("\nBAD\n"));
  EXPECT_EQ(to_json(comparison).at("hops")[0].at("name"), "presenter");
  EXPECT_EQ(to_json(comparison).at("flakes").size(), 1U);
}

TEST_F(Text, ExportsQuoteWhatMustBe) {
  const auto latest = ledger_.find("latest");
  EXPECT_THAT(
      to_csv(ledger_, latest),
      HasSubstr(
          "load|platform.cores=2|seed=1,fail,digest,\"CHK-EQ, \"\"quoted\"\" <x>\",100,0.5\n"));
  EXPECT_THAT(to_junit(ledger_, latest),
              HasSubstr("message=\"CHK-EQ, &quot;quoted&quot; &lt;x&gt;\""));
  EXPECT_THAT(to_junit(ledger_, latest), HasSubstr("seed=2\" time=\"0.500\"/>"));
  const result::Json json = to_json(ledger_, latest);
  EXPECT_EQ(json.at("runs").size(), 2U);
  EXPECT_EQ(json.at("runs")[1].at("metrics").dump(), R"({"hop_ns":150.0,"host.wall_s":0.5})");
}

TEST_F(Text, Trend) {
  const std::string text =
      trend_text(record(2).key(), "hop_ns", ledger_.trend(record(2).key(), "hop_ns"));
  EXPECT_THAT(text, HasSubstr("100.000000"));
  EXPECT_THAT(text, HasSubstr("150.000000  +50.00 %"));
}

}  // namespace
}  // namespace xive::report
