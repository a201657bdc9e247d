// SPDX-License-Identifier: Apache-2.0
// Calls on fibers, b_transport and four phases: the same functional result. SystemC elaborates once
// per process, so that every run has a process of its own.
#include <gtest/gtest.h>

#include <string>

#include "tb/run/run.h"
#include "tb/run/testing/in_process.h"

namespace xive::run {
namespace {

RunOptions options_for(TransportTiming timing, bridge::TimaKind tima, FirmwareKind firmware) {
  RunOptions options;
  options.platform.timing = timing;
  options.platform.tima = tima;
  options.work.firmware = firmware;
  options.work.triggers = 2000;
  return options;
}

struct Outcome {
  std::string text;  ///< verdict and functional digest
  std::string digest;
};

Outcome run_in_process(const RunOptions& options) {
  const std::string all = testing::in_process([&] {
    const RunResult result = execute(options);
    std::string text = result.passed() ? "PASS " : "FAIL " + result.error;
    if (!result.rules.clean()) {
      text += std::string(result.rules.violations()[0].rule) + " " +
              result.rules.violations()[0].detail;
    }
    for (const std::string& failure : result.report.failures) text += failure + "; ";
    const RuleBook::Entry* protocol = result.rules.find("TLM-BP-STATUS-FINAL");
    const bool sockets = options.platform.timing != TransportTiming::Direct && options.work.checks;
    if (sockets != (protocol != nullptr && protocol->hits > 0)) text += "protocol not checked; ";
    return text + result.report.load.functional + "\n" + result.digest;
  });
  const std::size_t end = all.find('\n');
  return {all.substr(0, end), end == std::string::npos ? "" : all.substr(end + 1)};
}

class Timing : public ::testing::TestWithParam<std::pair<bridge::TimaKind, FirmwareKind>> {};

TEST_P(Timing, SameFunctionalResult) {
  const auto [tima, firmware] = GetParam();
  const auto run = [&, t = tima, f = firmware](TransportTiming timing) {
    return run_in_process(options_for(timing, t, f));
  };
  const Outcome direct = run(TransportTiming::Direct);
  const Outcome lt = run(TransportTiming::Lt);
  const Outcome at = run(TransportTiming::At);
  EXPECT_EQ(direct.text.substr(0, 5), "PASS ") << direct.text;
  EXPECT_EQ(lt.text, direct.text);
  EXPECT_EQ(at.text, direct.text);
  RunOptions ahead = options_for(TransportTiming::Lt, tima, firmware);
  ahead.platform.quantum_ns = 500;
  EXPECT_EQ(run_in_process(ahead).text, direct.text);
  // Contention moves things in time, so these runs did differ.
  EXPECT_NE(at.digest, direct.digest);
}

TEST_P(Timing, SameRunTwice) {
  const auto [tima, firmware] = GetParam();
  const RunOptions options = options_for(TransportTiming::At, tima, firmware);
  EXPECT_EQ(run_in_process(options).digest, run_in_process(options).digest);
}

TEST(TimingWithoutChecks, SameDigest) {
  RunOptions options =
      options_for(TransportTiming::Lt, bridge::TimaKind::Model, FirmwareKind::Tables);
  const Outcome checked = run_in_process(options);
  options.work.checks = false;
  const Outcome unchecked = run_in_process(options);
  EXPECT_EQ(unchecked.text, checked.text);
  EXPECT_EQ(unchecked.digest, checked.digest);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Timing,
    ::testing::Values(std::pair{bridge::TimaKind::Model, FirmwareKind::Tables},
                      std::pair{bridge::TimaKind::Model, FirmwareKind::Opal},
                      std::pair{bridge::TimaKind::Lockstep, FirmwareKind::Tables}),
    [](const auto& which) {
      return std::string(which.param.first == bridge::TimaKind::Model ? "Model" : "Lockstep") +
             (which.param.second == FirmwareKind::Opal ? "Opal" : "Tables");
    });

}  // namespace
}  // namespace xive::run
