// SPDX-License-Identifier: Apache-2.0
#include "tb/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tb/ledger/testing.h"

namespace xive::report {
namespace {

using ledger::testing::record;
using ::testing::HasSubstr;
using ::testing::Not;

Page page() {
  Page page;
  page.title = "Sweep a";
  page.planned = 3;
  page.jobs = {{"000000", record(1)}, {"000001", record(2)}};
  page.jobs[1].record.settings["platform.cores"] = "4";
  page.jobs[1].record.verdict = result::Verdict::Fail;
  page.jobs[1].record.failures = {"CHK-EQ </script><b>"};
  page.jobs[1].record.capsule = "capsule-1";
  page.jobs[1].record.metrics["hop_ns"] = 123.456789;
  return page;
}

TEST(Html, DataHoldsEveryJobOnce) {
  const result::Json data = page_data(page());
  EXPECT_EQ(data.at("jobs").at("count"), 2);
  EXPECT_EQ(data.at("keys").at("platform.cores").dump(), R"({"words":["2","4"],"at":[0,1]})");
  EXPECT_EQ(data.at("metrics").at("hop_ns").dump(), R"({"each":[100,123.457]})");
  EXPECT_EQ(data.at("metrics").at("host.wall_s").dump(), R"({"all":0.5})") << "equal: stored once";
  EXPECT_EQ(data.at("rules")[0].dump(), R"({"id":"CHK-EQ","hits":20,"fired":0,"jobs":2})");
  EXPECT_EQ(data.at("failures")[0].at("jobs").dump(), "[1]");
  EXPECT_EQ(data.at("jobs").at("columns").at("capsule").dump(),
            R"({"words":["","capsule-1"],"at":[0,1]})");
}

TEST(Html, LeastTellingMetricsAreLeftOutOfAPageThatWouldBeTooLarge) {
  Page large = page();
  for (JobResult& job : large.jobs) {
    const auto n = static_cast<double>(job.record.seed);
    job.record.metrics = {{"latency.ipi.stations.line.p99_ns", n},
                          {"latency.ipi.stations.line.count", n},
                          {"lost", n}};
    job.record.host.clear();
  }
  const result::Json data = page_data(large, 4);
  EXPECT_TRUE(data.at("metrics").contains("latency.ipi.stations.line.p99_ns"));
  EXPECT_TRUE(data.at("metrics").contains("lost"));
  EXPECT_FALSE(data.at("metrics").contains("latency.ipi.stations.line.count"));
}

TEST(Html, IsOneFileThatNothingInTheDataCanBreak) {
  const std::string html = to_html(page());
  EXPECT_THAT(html, HasSubstr("Chart.js v"));
  EXPECT_THAT(html, HasSubstr(R"(<\/script><b>)"));
  EXPECT_THAT(html, Not(HasSubstr("@@")));
  EXPECT_THAT(html, Not(HasSubstr("<link")));
  EXPECT_THAT(html, Not(HasSubstr("src=")));
}

}  // namespace
}  // namespace xive::report
