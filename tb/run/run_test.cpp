// SPDX-License-Identifier: Apache-2.0
#include "tb/run/run.h"

#include <gtest/gtest.h>

#include <sstream>

namespace xive::run {
namespace {

RunOptions small(bridge::TimaKind kind) {
  RunOptions options;
  options.platform.tima = kind;
  options.work.triggers = 3000;
  return options;
}

TEST(Run, PassesOnEveryTimaWithEqualResults) {
  const RunResult model = execute(small(bridge::TimaKind::Model));
  const RunResult rtl = execute(small(bridge::TimaKind::Rtl));
  const RunResult lockstep = execute(small(bridge::TimaKind::Lockstep));
  for (const RunResult* result : {&model, &rtl, &lockstep}) {
    std::string first;
    if (!result->rules.clean()) {
      first = std::string(result->rules.violations()[0].rule) + " " +
              result->rules.violations()[0].detail;
    }
    EXPECT_TRUE(result->passed()) << result->error << first;
    EXPECT_GT(result->report.load.handled, 1000U);
  }
  EXPECT_EQ(model.report.load.functional, rtl.report.load.functional);
  EXPECT_EQ(model.report.load.functional, lockstep.report.load.functional);
  // Comparing takes no simulated time and changes nothing.
  EXPECT_EQ(rtl.digest, lockstep.digest);
  EXPECT_GT(lockstep.compared_events, 1000U);
}

TEST(Run, DigestDoesNotDependOnSkippingOrFilter) {
  RunOptions options = small(bridge::TimaKind::Rtl);
  options.work.triggers = 500;
  const std::string digest = execute(options).digest;
  options.platform.skip_idle = false;
  EXPECT_EQ(execute(options).digest, digest);
  options.platform.skip_idle = true;
  options.work.seed = 2;
  EXPECT_NE(execute(options).digest, digest);
}

TEST(Run, ReportsWhatWentWrong) {
  RunOptions options = small(bridge::TimaKind::Model);
  options.work.limit_s = 1e-5;  // far too short for the load
  std::ostringstream out, err;
  EXPECT_EQ(run_machine(options, out, err), 1);
  EXPECT_NE(out.str().find("did not come to its end"), std::string::npos) << out.str();
  const RunResult result = execute(options);
  EXPECT_NE(to_junit(options, result).find("<failure"), std::string::npos);
  EXPECT_EQ(to_json(options, result)["verdict"], "FAIL");
}

TEST(Run, ViewsOfAGoodRun) {
  const RunOptions options = small(bridge::TimaKind::Model);
  RunResult result = execute(options);
  const std::string text = to_text(options, result);
  for (const char* word : {"PASS", "escalations", "source-exception", "digest", "by part"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  const nlohmann::json json = to_json(options, result);
  EXPECT_EQ(json["verdict"], "PASS");
  EXPECT_GT(json["latency"]["ipi"]["source_to_eoi"]["median_ns"].get<double>(), 0.0);
  EXPECT_EQ(to_junit(options, result).find("<failure"), std::string::npos);
}

}  // namespace
}  // namespace xive::run
