// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/suite.h"

#include <set>

#include "firmware_tests/opal/testing/rig.h"

namespace xive::opal {
namespace {

using testing::Rig;
using testing::RigOptions;

std::string first_failure(const std::vector<SuiteResult>& results) {
  for (const SuiteResult& result : results) {
    if (!result.passed) return result.name + ": " + result.detail;
  }
  return "";
}

RigOptions machine(unsigned chips, Fault fault = Fault::None) {
  RigOptions options;
  options.machine.chips = chips;
  options.machine.threads = 2;
  options.exploitation = false;
  options.allocatable_irqs = 20;
  options.fault = fault;
  return options;
}

TEST(Suite, PassesAndCoversEveryCall) {
  for (const unsigned chips : {1U, 2U, 4U}) {
    for (const unsigned thread : {0U, 1U}) {
      Rig rig(machine(chips));
      const auto results = run_call_suite(rig.cpus[thread], rig.firmware);
      EXPECT_EQ(first_failure(results), "");
      EXPECT_GT(results.size(), 150U);
      std::set<Token> good, bad;
      std::set<std::string> names;
      for (const SuiteResult& result : results) {
        good.insert(result.token);
        names.insert(result.name);
      }
      for (const Token token : kXiveTokens) EXPECT_EQ(good.count(token), 1U) << to_string(token);
      EXPECT_EQ(rig.machine.bus_errors, 0U);
      EXPECT_EQ(rig.violation(), "");
      // It can be run again: it leaves nothing behind.
      EXPECT_EQ(first_failure(run_call_suite(rig.cpus[thread], rig.firmware)), "");
    }
  }
}

TEST(Suite, CatchesTheFaultsThatACallerCanSee) {
  for (const Fault fault :
       {Fault::B1MarkerAsIrq, Fault::B2AnyChipIsFirst, Fault::B3EscalationSkipsEnd6,
        Fault::B4FreeKeepsEnd7, Fault::B5QueueFlagsStick, Fault::B6QueueNotReset,
        Fault::B7FreedEasInvalid, Fault::B11EndSetLeaks, Fault::B12LockKept,
        Fault::B13FreeChecksWholeOrder, Fault::B14MfrrNotReevaluated, Fault::B15TriggerPages,
        Fault::B17StoreEoiEnabled}) {
    Rig rig(machine(2, fault));
    const auto results = run_call_suite(rig.cpus[0], rig.firmware);
    EXPECT_NE(first_failure(results), "") << to_string(fault);
  }
}

TEST(Abi, DocumentedResults) {
  // Read as a signed 64-bit number: the old marker is not negative, and no interrupt number.
  EXPECT_FALSE(rc_documented(Token::XiveAllocateIrq, 0xffffffff));
  EXPECT_TRUE(rc_documented(Token::XiveAllocateIrq, rc::kResource));
  EXPECT_TRUE(rc_documented(Token::XiveAllocateIrq, 0x14));
  EXPECT_FALSE(rc_documented(Token::XiveAllocateIrq, 0));
  EXPECT_FALSE(rc_documented(Token::XiveSync, rc::kBusy));
  EXPECT_FALSE(rc_documented(Token::XiveAllocateVpBlock, 0x10));
  EXPECT_TRUE(rc_documented(Token::XiveAllocateVpBlock, 0x41000000));
  EXPECT_EQ(rc_name(-31), "XIVE_PROVISIONING");
  EXPECT_EQ(to_string(Token::XiveGetVpState), "XIVE_GET_VP_STATE");
  for (const FaultInfo& info : faults()) EXPECT_FALSE(info.caught_by.empty()) << info.name;
}

}  // namespace
}  // namespace xive::opal
