// SPDX-License-Identifier: Apache-2.0
#include "tb/run/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include <sstream>

namespace xive::run {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

RunOptions small(bridge::TimaKind kind, FirmwareKind firmware = FirmwareKind::Tables) {
  RunOptions options;
  options.work.firmware = firmware;
  options.platform.tima = kind;
  options.work.triggers = 3000;
  return options;
}

class RunFirmware : public ::testing::TestWithParam<FirmwareKind> {};

TEST_P(RunFirmware, PassesOnEveryTimaWithEqualResults) {
  const RunResult model = execute(small(bridge::TimaKind::Model, GetParam()));
  const RunResult rtl = execute(small(bridge::TimaKind::Rtl, GetParam()));
  const RunResult lockstep = execute(small(bridge::TimaKind::Lockstep, GetParam()));
  for (const RunResult* result : {&model, &rtl, &lockstep}) {
    std::string first;
    if (!result->rules.clean()) {
      first = std::string(result->rules.violations()[0].rule) + " " +
              result->rules.violations()[0].detail;
    }
    for (const std::string& failure : result->report.failures) first += failure + "; ";
    EXPECT_TRUE(result->passed()) << result->error << first;
    EXPECT_EQ(result->report.calls.empty(), GetParam() == FirmwareKind::Tables);
    EXPECT_GT(result->report.load.handled, 1000U);
  }
  EXPECT_EQ(model.report.load.functional, rtl.report.load.functional);
  EXPECT_EQ(model.report.load.functional, lockstep.report.load.functional);
  // Comparing takes no simulated time and changes nothing.
  EXPECT_EQ(rtl.digest, lockstep.digest);
  EXPECT_GT(lockstep.compared_events, 1000U);
}

INSTANTIATE_TEST_SUITE_P(Each, RunFirmware,
                         ::testing::Values(FirmwareKind::Tables, FirmwareKind::Opal),
                         [](const auto& which) {
                           return which.param == FirmwareKind::Opal ? "Opal" : "Tables";
                         });

/// Sizes and paces that a configuration may ask for.
TEST(OpalRun, PassesOnUnusualMachines) {
  std::vector<std::pair<std::string, RunOptions>> runs(
      6, {"", small(bridge::TimaKind::Model, FirmwareKind::Opal)});
  for (auto& [name, options] : runs) options.work.triggers = 300;
  runs[0].first = "as many virtual processors as a chip has";
  runs[0].second.work.vps = 512;
  runs[1].first = "sixteen chips";
  runs[1].second.platform.chips = 16;
  runs[2].first = "longer than the decrementer counts";
  runs[2].second.work.pause_us = 500'000;
  runs[2].second.work.limit_s = 100;
  runs[3].first = "accesses that take long";
  runs[3].second.platform.instruction_ps = 1'000'000;
  runs[3].second.platform.hops[machine::HopId::CoreBus].latency = platform::kMicrosecond;
  runs[4].first = "TIMAs that take long";
  runs[4].second.platform.tima_period_ps = 1'000'000;
  runs[4].second.platform.chips = 2;
  runs[4].second.platform.cores = 4;
  runs[4].second.platform.threads = 8;
  runs[4].second.work.triggers = 5000;
  runs[4].second.work.vps = 100;
  runs[4].second.work.guest_sources = 1000;
  runs[4].second.work.device_percent = 0;
  runs[4].second.work.dispatch_percent = 0;
  runs[5].first = "many threads that wait for each other";
  runs[5].second.platform.chips = 8;
  runs[5].second.platform.cores = 12;
  for (const auto& [name, options] : runs) {
    const RunResult result = execute(options);
    std::string first;
    if (!result.rules.clean()) first = result.rules.violations()[0].detail;
    for (const std::string& failure : result.report.failures) first += failure + "; ";
    EXPECT_TRUE(result.passed()) << name << ": " << result.error << first;
  }
}

TEST_P(RunFirmware, NothingIsCheckedWithoutChecksAndTheDigestIsTheSame) {
  RunOptions options = small(bridge::TimaKind::Rtl, GetParam());
  const std::string digest = execute(options).digest;
  options.work.checks = false;
  RunResult result = execute(options);
  EXPECT_TRUE(result.passed()) << result.error;
  EXPECT_EQ(result.digest, digest);
  EXPECT_TRUE(result.rules.entries().empty());
  EXPECT_THAT(to_text(options, result), HasSubstr("rules         off, not checked\n"));
  EXPECT_EQ(to_json(options, result)["rules"]["checked"], false);
  EXPECT_THAT(to_junit(options, result), HasSubstr("<skipped message=\"off, not checked\"/>"));
}

TEST_P(RunFirmware, LockstepComparesWithoutChecks) {
  RunOptions options = small(bridge::TimaKind::Lockstep, GetParam());
  options.work.checks = false;
  RunResult result = execute(options);
  EXPECT_GT(result.compared_events, 1000U);
  ASSERT_FALSE(result.rules.entries().empty());
  for (const RuleBook::Entry& entry : result.rules.entries()) {
    EXPECT_THAT(std::string(entry.info.id), MatchesRegex("(LS|BUS)-.*"));
  }
  EXPECT_THAT(to_text(options, result), HasSubstr("off, not checked; lock-step's own: "));
}

TEST(Run, TheFirmwareMakesEveryCall) {
  RunOptions options = small(bridge::TimaKind::Model, FirmwareKind::Opal);
  options.platform.chips = 2;
  const RunResult result = execute(options);
  EXPECT_TRUE(result.passed()) << result.error;
  std::size_t exploitation = 0;
  for (const CallCount& call : result.report.calls) {
    EXPECT_GT(call.calls, 0U);
    EXPECT_EQ(call.failures, 0U) << call.name;
    if (call.name.rfind("XIVE_", 0) == 0) ++exploitation;
  }
  EXPECT_EQ(exploitation, 18U);
  EXPECT_GT(result.report.load.escalations, 100U);
  for (const std::uint64_t handled : result.report.load.handled_by_kind) EXPECT_GT(handled, 10U);
}

TEST(Run, DigestDoesNotDependOnSkippingOrWaves) {
  RunOptions options = small(bridge::TimaKind::Rtl);
  options.work.triggers = 500;
  const std::string digest = execute(options).digest;
  options.platform.skip_idle = false;
  EXPECT_EQ(execute(options).digest, digest);
  options.platform.skip_idle = true;
  const auto waves =
      std::filesystem::temp_directory_path() / ("xive-run-waves-" + std::to_string(getpid()));
  options.waves = waves.string();
  EXPECT_EQ(execute(options).digest, digest);
  for (unsigned core = 0; core < options.platform.cores; ++core) {
    EXPECT_GT(std::filesystem::file_size(waves / ("core_" + std::to_string(core) + ".fst")), 1000U);
  }
  std::filesystem::remove_all(waves);
  options.waves.clear();
  options.work.seed = 2;
  EXPECT_NE(execute(options).digest, digest);
}

TEST(Run, ReportsWhatWentWrong) {
  RunOptions options = small(bridge::TimaKind::Model);
  options.work.limit_s = 1e-5;  // far too short for the load
  std::ostringstream out, err;
  EXPECT_EQ(run_machine(options, out, err), 1);
  EXPECT_NE(out.str().find("FAIL\n  did not come to its end within 1e-05 s of simulated time "
                           "(run.limit_s), last activity at "),
            std::string::npos)
      << out.str();
  EXPECT_EQ(out.str().find("lost\n"), std::string::npos) << "under way is not lost\n" << out.str();
  const RunResult result = execute(options);
  EXPECT_NE(to_junit(options, result).find("<failure"), std::string::npos);
  EXPECT_EQ(to_json(options, result)["verdict"], "FAIL");
}

TEST(Run, TellsWhatHardwareWouldHaveFlagged) {
  RunOptions options = small(bridge::TimaKind::Model);
  RunResult result = execute(options);
  EXPECT_THAT(to_text(options, result), HasSubstr("\nfaults        none\n"));
  EXPECT_TRUE(to_json(options, result)["faults"].empty());

  // The firmware makes its POOL contexts valid through the HV page, as operating systems do: by the
  // mask of spec/tima.md 1.5 they stay invalid, and its operations are undefined.
  options.work.firmware = FirmwareKind::Opal;
  std::string text;
  const auto undefined = [&] {
    RunResult opal = execute(options);
    EXPECT_TRUE(opal.passed());
    std::uint64_t count = 0;
    for (const Fault& fault : opal.faults) {
      if (fault.where == "TIMAs" && fault.name == "ERR_UNDEF") count = fault.count;
    }
    text = to_text(options, opal);
    EXPECT_EQ(text.find("TIMAs ERR_UNDEF") != std::string::npos, count > 0);
    return count;
  };
  options.platform.knobs.g1_pool_push = false;
  EXPECT_GT(undefined(), 100U);
  options.platform.knobs.g1_pool_push = true;
  EXPECT_EQ(undefined(), 0U);
  // What is left are the two words that XIVE_DUMP cannot read.
  EXPECT_THAT(text, HasSubstr("chip 0 tima-error: 2, the first: core 0 thread 0 ERR_NOACC\n"));
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
