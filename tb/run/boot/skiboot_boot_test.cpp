// SPDX-License-Identifier: Apache-2.0
// The unmodified skiboot of the system boots to its payload, on machines of several sizes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "sc_models/platform/file_error.h"
#include "tb/run/boot/boot_run.h"
#include "tb/run/boot/firmware_file.h"
#include "tb/run/boot/hello_payload.h"

namespace xive::run {
namespace {

using ::testing::HasSubstr;

class Skiboot : public ::testing::Test {
 protected:
  void SetUp() override {
    try {
      options_.boot.image = find_firmware();
    } catch (const platform::EnvironmentError& error) {
      GTEST_SKIP() << error.what();
    }
    options_.work.firmware = FirmwareKind::Skiboot;
    options_.work.limit_s = 2;
    options_.platform.tima = bridge::TimaKind::Model;
    options_.platform.cores = 1;
    options_.platform.threads = 1;
    options_.platform.instruction_ps = 1000;
    options_.boot.payload = "hello";
  }

  BootResult boot() {
    console_.str("");
    BootResult result = execute_boot(options_, &console_);
    EXPECT_TRUE(result.passed()) << result.reason << "\n" << result.state;
    for (const auto& violation : result.rules.violations()) {
      ADD_FAILURE() << violation.rule << ": " << violation.detail;
    }
    EXPECT_THAT(console_.str(), HasSubstr(std::string(kHelloText)));
    EXPECT_EQ(result.bus_error_count, 0U);
    EXPECT_TRUE(result.unimplemented.empty());
    return result;
  }
  void machine(unsigned chips, unsigned cores, unsigned threads) {
    options_.platform.chips = chips;
    options_.platform.cores = cores;
    options_.platform.threads = threads;
  }

  RunOptions options_;
  std::ostringstream console_;
};

TEST_F(Skiboot, SmallestMachineInTheExpectedNumberOfInstructions) {
  const BootResult result = boot();
  EXPECT_THAT(console_.str(), HasSubstr("OPAL v"));
  // skiboot-boot.md 1: 52 M with version 7.0, 26 M with a later one.
  if (console_.str().find("OPAL v7.0 ") == std::string::npos) return;
  ASSERT_EQ(result.milestones.size(), 3U);
  EXPECT_NEAR(static_cast<double>(result.milestones[1].instructions), 52.1e6, 0.521e6);
  EXPECT_TRUE(result.unknown_xscom.empty());
}

TEST_F(Skiboot, TimaInLockstep) {
  options_.platform.tima = bridge::TimaKind::Rtl;
  const BootResult rtl = boot();
  options_.platform.tima = bridge::TimaKind::Lockstep;
  const BootResult lockstep = boot();
  EXPECT_EQ(rtl.digest, lockstep.digest);
  EXPECT_GE(lockstep.compared_events, 4U);
  options_.platform.skip_idle = false;
  // Every idle cycle of 50 ms is 100 million cycles: only a part of the boot.
  options_.work.limit_s = 1e-4;
  const std::string slow = execute_boot(options_, nullptr).digest;
  options_.platform.skip_idle = true;
  EXPECT_EQ(execute_boot(options_, nullptr).digest, slow);
}

TEST_F(Skiboot, WithoutTheShortCutsForSimulators) {
  options_.boot.awan = false;
  options_.boot.strict_xscom = false;
  boot();
}

TEST_F(Skiboot, SerialPortBehindLpcWithInterrupts) {
  options_.boot.uart = platform::ConsoleKind::Lpc;
  options_.boot.psi = true;
  boot();
  EXPECT_THAT(console_.str(), HasSubstr("LPC"));
}

TEST_F(Skiboot, FourThreads) {
  machine(1, 1, 4);
  const BootResult result = boot();
  EXPECT_EQ(result.threads.size(), 4U);
  for (const auto& thread : result.threads) EXPECT_GT(thread.instructions, 1000U);
  EXPECT_EQ(boot().digest, result.digest);
  options_.work.checks = false;
  const BootResult unchecked = boot();
  EXPECT_EQ(unchecked.digest, result.digest);
  EXPECT_TRUE(unchecked.rules.entries().empty());
}

TEST_F(Skiboot, TwoCoresThatSleep) {
  machine(1, 2, 2);
  options_.boot.awan = false;
  const BootResult result = boot();
  std::uint64_t interrupts = 0;
  for (const auto& thread : result.threads) interrupts += thread.interrupts;
  EXPECT_GT(interrupts, 0U);  // they were woken
}

TEST_F(Skiboot, TwoChips) {
  machine(2, 1, 2);
  options_.platform.chip_ids = {0, 8};
  const BootResult result = boot();
  EXPECT_EQ(result.threads.back().pir, 0x801U);
  EXPECT_THAT(console_.str(), HasSubstr("chip 8"));
}

TEST_F(Skiboot, WithoutPayloadFirmwareGivesUp) {
  options_.boot.payload.clear();
  options_.boot.watchdog_s = 0.05;
  const BootResult result = execute_boot(options_, &console_);
  EXPECT_FALSE(result.passed());
  EXPECT_THAT(console_.str(), HasSubstr("Kernel is zeros"));
  EXPECT_THAT(result.state, HasSubstr("load_and_boot_kernel"));
}

}  // namespace
}  // namespace xive::run
