// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/compare.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tb/config/error.h"
#include "tb/crosscheck/crosscheck.h"
#include "tb/crosscheck/defaults.h"

namespace xive::crosscheck {
namespace {

constexpr const char* kConsole =
    "[    0.1,5] OPAL starting\n"
    "ok 9 - of the firmware 1\n"
    "\r\r\npayload: xive-cosim big-endian\r\r\n"
    "ok 1 - name of it 0x10\r\n"
    "[  1.5,3] XIVE: a line of the firmware\r\n"
    "not ok 2 - rc of a call -1 expected 0\r\n"
    "ok 3 - holds\r\n"
    "note value 0x7\r\n"
    "info ticks 999\r\n"
    "dump end ring os = 0x1 0x2\r\n"
    "skip smp\r\n"
    "1..3\r\n"
    "verdict: FAIL checks 3 failed 1\r\n"
    "ok 4 - behind the verdict 1\r\n";

TEST(Transcript, ReadsTheLinesOfThePayloadOnly) {
  const Transcript t = read_transcript(kConsole);
  EXPECT_TRUE(t.started);
  EXPECT_TRUE(t.finished);
  EXPECT_FALSE(t.passed);
  EXPECT_EQ(t.checks, 3U);
  using Kind = Line::Kind;
  const std::vector<Line> expected = {{Kind::Check, "name of it", "0x10", "", true},
                                      {Kind::Check, "rc of a call", "-1", "0", false},
                                      {Kind::Check, "holds", "", "", true},
                                      {Kind::Note, "value", "0x7", "", true},
                                      {Kind::Dump, "end ring os", "0x1 0x2", "", true},
                                      {Kind::Skip, "smp", "", "", true}};
  EXPECT_EQ(t.lines, expected);
  EXPECT_EQ(t.measures, std::vector<std::string>{"info ticks 999"});
}

TEST(Transcript, AVerdictCountsWhenItsLineIsComplete) {
  EXPECT_FALSE(has_verdict("payload: x\nverdict: PASS checks 1"));
  EXPECT_TRUE(has_verdict("payload: x\nverdict: PASS checks 1\n"));
  EXPECT_FALSE(has_verdict("verdict: PASS checks 1\n"));  // not of the payload
}

TEST(Versions, Ranges) {
  EXPECT_TRUE(version_in("7.2.19", ""));
  EXPECT_TRUE(version_in("7.2.19", "<8.0"));
  EXPECT_TRUE(version_in("9.2", "<10.0"));
  EXPECT_FALSE(version_in("10.0.2", "<10.0"));
  EXPECT_TRUE(version_in("10.0.2", ">=10.0"));
  EXPECT_THROW(version_in("7.2", "=7"), std::invalid_argument);
  EXPECT_THROW(version_in("7.2", "<x"), std::invalid_argument);
}

Transcript transcript(const std::string& lines) {
  return read_transcript("payload: test\n" + lines + "verdict: PASS checks 1 failed 0\n");
}

class Compare : public ::testing::Test {
 protected:
  Comparison run(const std::string& qemu, const std::string& platform,
                 const std::string& version = "7.2") {
    used_.assign(plan_.differences.size(), false);
    const Transcript other = transcript(platform);
    return compare(plan_, "s", version, transcript(qemu), platform == "none" ? nullptr : &other,
                   used_);
  }

  Plan plan_{
      "powernv9", {{"s"}}, {}, {{"s", "value", 2, "0x1", "0x2", "<8.0", "because", "tima.md"}}};
  std::vector<bool> used_;
};

TEST_F(Compare, EqualTranscriptsAgree) {
  const Comparison c = run("ok 1 - a 1\nnote b 2\n", "ok 1 - a 1\nnote b 2\n");
  EXPECT_TRUE(c.deviations.empty());
  EXPECT_EQ(c.compared, 2U);
}

TEST_F(Compare, TimesAndNumbersOfChecksAreNotCompared) {
  EXPECT_TRUE(run("info t 1\nok 1 - a 1\n", "info t 2\nok 7 - a 1\n").deviations.empty());
}

TEST_F(Compare, AnotherValueIsADeviation) {
  const Comparison c = run("ok 1 - a 1\nnote b 2\n", "ok 1 - a 1\nnote b 3\n");
  ASSERT_EQ(c.deviations.size(), 1U);
  EXPECT_EQ(c.deviations[0].text(), "QEMU: note b = 2; platform: note b = 3");
  EXPECT_FALSE(c.agrees());
}

TEST_F(Compare, AMissingLineIsADeviationAndTheRestStillFits) {
  const Comparison c = run("ok 1 - a\nok 2 - b\nok 3 - c\n", "ok 1 - a\nok 2 - c\n");
  ASSERT_EQ(c.deviations.size(), 1U);
  EXPECT_EQ(c.deviations[0].text(), "QEMU: ok b; platform: no such line");
}

TEST_F(Compare, ACheckThatFailsOnBothSidesIsADeviation) {
  EXPECT_FALSE(run("not ok 1 - a 1 expected 2\n", "not ok 1 - a 1 expected 2\n").agrees());
}

TEST_F(Compare, AKnownDifferenceIsTakenWhereItBelongs) {
  const std::string qemu = "ok 1 - value 0x5\nnot ok 2 - value 0x1 expected 0x2\n";
  const std::string platform = "ok 1 - value 0x5\nok 2 - value 0x2\n";
  EXPECT_TRUE(run(qemu, platform).agrees());
  EXPECT_TRUE(used_[0]);
  EXPECT_FALSE(run(qemu, platform, "8.1").agrees());  // another version
  EXPECT_FALSE(used_[0]);
  EXPECT_FALSE(
      run("not ok 1 - value 0x1 expected 0x2\n", "ok 1 - value 0x2\n").agrees());  // the first
  EXPECT_FALSE(run(qemu, "ok 1 - value 0x5\nok 2 - value 0x3\n").agrees());        // another value
}

TEST_F(Compare, WithoutThePlatformFailedChecksMustBeKnown) {
  EXPECT_TRUE(run("ok 1 - value 5\nnot ok 2 - value 0x1 expected 0x2\n", "none").agrees());
  EXPECT_FALSE(run("not ok 1 - other 0x1 expected 0x2\n", "none").agrees());
}

/// Prints a fixed console.
class Fake final : public Runner {
 public:
  explicit Fake(std::string console, bool late = false, std::string complaint = "")
      : console_(std::move(console)), complaint_(std::move(complaint)), late_(late) {}
  host::ProcessOutcome run(const Job&) const override {
    host::ProcessOutcome outcome;
    outcome.output = console_;
    outcome.late = late_;
    return outcome;
  }
  std::string complaint(const Job&, const host::ProcessOutcome&) const override {
    return complaint_;
  }

 private:
  std::string console_, complaint_;
  bool late_;
};

const std::string kPass = "payload: x\nok 1 - value 0x2\nverdict: PASS checks 1 failed 0\n";

Plan plan_of(std::vector<Exclusion> excluded, std::vector<Difference> differences) {
  return {"powernv9", {{"s"}, {"t", 1, 1, 2}}, std::move(excluded), std::move(differences)};
}

TEST(Crosscheck, AnUnusedDifferenceFails) {
  const Plan plan = plan_of({}, {{"s", "value", 0, "0x1", "0x2", "", "because", "tima.md"}});
  const Fake good(kPass);
  const Result result = run_crosscheck(plan, {}, {"qemu", "7.2"}, good, &good);
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.unused, std::vector<std::size_t>{0});
  EXPECT_NE(to_text(plan, result).find("unused   s: 'value'"), std::string::npos);
}

TEST(Crosscheck, DifferencesOfAnotherVersionOrSuiteNeedNotShow) {
  const Plan plan = plan_of({}, {{"s", "value", 0, "0x1", "0x2", "<7.0", "because", "tima.md"},
                                 {"u", "value", 0, "0x1", "0x2", "", "because", "tima.md"}});
  const Fake good(kPass);
  EXPECT_TRUE(run_crosscheck(plan, {}, {"qemu", "7.2"}, good, &good).passed());
}

TEST(Crosscheck, AHangingMachineFails) {
  const Plan plan = plan_of({}, {});
  const Result result =
      run_crosscheck(plan, {}, {"qemu", "7.2"}, Fake("payload: x\nok 1 - a\n", true), nullptr);
  EXPECT_FALSE(result.passed());
  EXPECT_EQ(result.suites[0].qemu.problem, "no verdict within 60 s; last line: ok 1 - a");
}

TEST(Crosscheck, AViolatedRuleOfThePlatformFails) {
  const Plan plan = plan_of({}, {});
  const Fake violated(kPass, false, "the run ended with exit code 1: CHK-EQ at 5: wrong");
  const Result result = run_crosscheck(plan, {}, {"qemu", "7.2"}, Fake(kPass), &violated);
  EXPECT_FALSE(result.passed());
  EXPECT_NE(to_text(plan, result).find("failed   s on platform: the run ended"), std::string::npos);
}

TEST(Crosscheck, AnExcludedSuiteStillRunsOnThePlatform) {
  const Plan plan = plan_of({{"*", "<10.0", "it hangs", "skiboot-boot.md 10"}}, {});
  const Fake good(kPass);
  const Fake bad("payload: x\nnot ok 1 - value 1 expected 2\nverdict: FAIL checks 1 failed 1\n");
  Result result = run_crosscheck(plan, {}, {"qemu", "7.2"}, good, &good);
  EXPECT_TRUE(result.passed());
  EXPECT_EQ(result.suites[1].qemu.skipped, "it hangs (skiboot-boot.md 10)");
  EXPECT_FALSE(result.suites[1].qemu.ran);
  EXPECT_TRUE(result.suites[1].platform.ran);
  result = run_crosscheck(plan, {}, {"qemu", "10.0"}, good, &good);
  EXPECT_TRUE(result.suites[1].qemu.ran);
  result = run_crosscheck(plan, {}, {"qemu", "7.2"}, good, &bad);
  EXPECT_FALSE(result.suites[1].passed);
}

TEST(Crosscheck, ThePlansOfTheTreeAreGood) {
  for (const char* machine : {"powernv9", "powernv10"}) {
    const Plan plan = load_plan(default_plan(machine));
    EXPECT_EQ(plan.machine, machine);
    EXPECT_GE(plan.suites.size(), 20U);
    for (const Difference& d : plan.differences) {
      EXPECT_NE(d.spec.find(".md"), std::string::npos) << d.text();
    }
  }
}

TEST(Crosscheck, AMistakeInThePlanIsToldWithItsLine) {
  const auto path = std::filesystem::temp_directory_path() / "xive_bad_plan.yaml";
  std::ofstream(path) << "suites:\n  - {name: ipi}\nexcluded:\n  - suite: ipi\n    qemu: new\n"
                         "    reason: r\n    spec: s\n";
  try {
    load_plan(path.string());
    FAIL() << "no error";
  } catch (const config::ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("xive_bad_plan.yaml:5"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("versions like <10.0"), std::string::npos)
        << error.what();
  }
  std::filesystem::remove(path);
}

TEST(Qemu, SomethingElseIsNoQemu) {
  EXPECT_THROW(find_qemu("sh"), host::ProcessError);
  try {
    find_qemu("no-such-qemu");
    FAIL() << "no error";
  } catch (const host::ProcessError& error) {
    EXPECT_STREQ(error.what(),
                 "no QEMU found: no-such-qemu (package qemu-system-ppc, or --qemu PATH)");
  }
}

}  // namespace
}  // namespace xive::crosscheck
