// SPDX-License-Identifier: Apache-2.0
// The framework itself: a right variant that is not silent fails, a faulty one that nobody catches
// fails, and the views say so.
#include <gtest/gtest.h>

#include <set>

#include "firmware_tests/scenarios/catalogue.h"
#include "firmware_tests/scenarios/report.h"

namespace xive::scenarios {
namespace {

Scenario toy() {
  Scenario s;
  s.id = "S0.1";
  s.title = "toy";
  s.axes = {{"a", {1, 2, 3}}, {"b", {10, 20}}};
  s.faulty = {{.name = "seen", .what = "", .caught_by = {"SCN-STEP"}, .at = {{"a", 2}}},
              {.name = "unseen", .what = "", .caught_by = {"SCN-END"}},
              {.name = "loud", .what = "", .caught_by = {"SCN-END"}, .silent = {"SCN-STEP"}}};
  s.body = [](Context& c) {
    c.expect(!c.faulty("seen") || c["a"] != 2, "a is {}", c["a"]);
    c.expect(!c.faulty("loud"), "loud");
    c.ended(!c.faulty("loud"), "toy");
  };
  return s;
}

TEST(Scenario, SweepBeginsAtTheBasePointAndLeavesInvalidOnesOut) {
  Scenario s = toy();
  EXPECT_EQ(s.sweep().size(), 6U);
  EXPECT_EQ(s.sweep()[0].text(), "a=1 b=10");
  EXPECT_EQ(s.sweep()[1].text(), "a=1 b=20");
  EXPECT_EQ(s.sweep()[5].text(), "a=3 b=20");
  s.valid = [](const Point& p) { return p["a"] != 2; };
  EXPECT_EQ(s.sweep().size(), 4U);
  EXPECT_EQ(s.point({{"a", 3}}).index(), 2U);
  EXPECT_EQ(s.point({{"a", 7}})["a"], 7);  // outside of the sweep
  EXPECT_THROW(s.point({{"c", 1}}), std::out_of_range);
}

TEST(Runner, JudgesByTheNamedChecks) {
  const Scenario s = toy();
  const ScenarioResult result = run_scenario(s, {.sweep = true});
  ASSERT_EQ(result.cases.size(), 9U);
  for (unsigned n = 0; n < 6; ++n) EXPECT_TRUE(result.cases[n].passed) << n;
  EXPECT_TRUE(result.cases[6].passed);   // seen
  EXPECT_FALSE(result.cases[7].passed);  // unseen
  EXPECT_EQ(result.cases[7].missing, std::vector<std::string>{"SCN-END"});
  EXPECT_FALSE(result.cases[8].passed);  // caught, but with noise
  EXPECT_EQ(result.cases[8].loud, std::vector<std::string>{"SCN-STEP"});
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.digest(), run_scenario(s, {.sweep = true}).digest());
}

TEST(Runner, RightVariantThatFiresOrThrowsFails) {
  Scenario s = toy();
  s.faulty.clear();
  s.body = [](Context& c) { c.expect(c["b"] == 10, "b is {}", c["b"]); };
  EXPECT_TRUE(run_scenario(s, {}).passed());
  const ScenarioResult swept = run_scenario(s, {.sweep = true});
  EXPECT_FALSE(swept.passed());
  EXPECT_NE(to_text(swept).find("SCN-STEP fired 1 times"), std::string::npos);
  s.body = [](Context&) { throw std::runtime_error("broken"); };
  const ScenarioResult broken = run_scenario(s, {});
  EXPECT_FALSE(broken.passed());
  EXPECT_NE(to_text(broken).find("ended by: broken"), std::string::npos);
}

// A variant promises to be caught at its listed point only, whoever asks for another one.
TEST(Runner, OnePointMustCatchOnlyWhatListsIt) {
  Scenario s = toy();
  const ScenarioResult other = run_scenario(s, {.variant = "seen", .point = 0});
  EXPECT_TRUE(other.passed());
  EXPECT_NE(to_text(other).find("seen               need not be, and was not caught at point 0"),
            std::string::npos)
      << to_text(other);
  s.faulty[0].at = {{"a", 1}};
  const ScenarioResult listed = run_scenario(s, {.variant = "seen", .point = 0});
  EXPECT_FALSE(listed.passed());
  EXPECT_NE(to_text(listed).find("NOT CAUGHT at point 0"), std::string::npos) << to_text(listed);
}

TEST(Report, SaysWhatFailed) {
  const Scenario s = toy();
  Report report;
  report.results.push_back(run_scenario(s, report.plan));
  EXPECT_FALSE(report.passed());
  const nlohmann::json value = to_json(report);
  EXPECT_EQ(value["passed"], false);
  EXPECT_EQ(value["scenarios"][0]["cases"].size(), 4U);
  EXPECT_EQ(value["scenarios"][0]["cases"][2]["missing"][0], "SCN-END");
  const std::string junit = to_junit(report);
  EXPECT_NE(junit.find("tests=\"4\" failures=\"2\""), std::string::npos) << junit;
}

TEST(Catalogue, EveryScenarioIsComplete) {
  std::set<std::string> ids;
  for (const Scenario& s : catalogue()) {
    EXPECT_TRUE(ids.insert(s.id).second) << s.id;
    EXPECT_FALSE(s.title.empty());
    EXPECT_FALSE(s.reference.empty());
    EXPECT_EQ(s.runs(), static_cast<bool>(s.body)) << s.id;
    if (!s.runs()) continue;
    EXPECT_FALSE(s.faulty.empty()) << s.id;
    std::set<std::string> names;
    for (const FaultyVariant& variant : s.faulty) {
      EXPECT_TRUE(names.insert(variant.name).second) << s.id << " " << variant.name;
      EXPECT_FALSE(variant.caught_by.empty()) << s.id << " " << variant.name;
      EXPECT_NO_THROW(s.point(variant.at)) << s.id << " " << variant.name;
    }
  }
  EXPECT_EQ(find("s1.1"), find("S1.1"));
  EXPECT_EQ(find("S9.9"), nullptr);
}

}  // namespace
}  // namespace xive::scenarios
