// SPDX-License-Identifier: Apache-2.0
// The checks that software tells of: silent on what is right, fired by single faults.
#include <gtest/gtest.h>

#include "firmware_tests/scenarios/rules/chk_capability.h"
#include "firmware_tests/scenarios/rules/chk_lostipi.h"
#include "firmware_tests/scenarios/rules/chk_mig.h"
#include "firmware_tests/scenarios/rules/chk_plat.h"
#include "firmware_tests/scenarios/rules/chk_ring.h"
#include "firmware_tests/scenarios/rules/event_ledger.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/host/testing.h"

namespace xive::scenarios {
namespace {

class SoftwareRules : public ::testing::Test {
 protected:
  std::uint64_t fired(std::string_view id) const { return book.find(id)->fired; }
  std::uint64_t hits(std::string_view id) const { return book.find(id)->hits; }
  RuleBook book;
  machine::RuleContext context{.book = book, .now = [] { return platform::Time{0}; }};
};

TEST_F(SoftwareRules, LedgerAllowsWhatPqAllows) {
  EventLedger ledger(context, EventLedger::kConservation);
  ledger.event(1);
  ledger.handled(1);
  // Two more: P and Q.
  ledger.event(1);
  ledger.event(1);
  ledger.event(1);
  ledger.handled(1);
  ledger.handled(1);
  ledger.resent(1);
  ledger.handled(1);
  ledger.finish();
  EXPECT_EQ(fired("CHK-CONS"), 0U);
  EXPECT_GT(hits("CHK-CONS"), 0U);
  ledger.handled(1);
  EXPECT_EQ(fired("CHK-CONS"), 1U);
}

TEST_F(SoftwareRules, LedgerMissesEvents) {
  EventLedger ledger(context, EventLedger::kMigration);
  ledger.event(1);
  ledger.event(2);
  ledger.handled(2);
  EXPECT_FALSE(ledger.settled());
  ledger.finish();
  EXPECT_EQ(fired("CHK-MIG"), 1U);
  ledger.stray("a write that nobody meant");
  EXPECT_EQ(fired("CHK-MIG"), 2U);
}

TEST_F(SoftwareRules, LostIpi) {
  ChkLostIpi rule(context);
  const auto detail = [] { return std::string("detail"); };
  rule.judge(false, false, detail);
  rule.judge(true, true, detail);
  EXPECT_EQ(fired("CHK-LOSTIPI"), 0U);
  rule.judge(true, false, detail);
  EXPECT_EQ(fired("CHK-LOSTIPI"), 1U);
  EXPECT_EQ(hits("CHK-LOSTIPI"), 3U);
}

TEST_F(SoftwareRules, CallsOfTheWrongPlatform) {
  ppc::host::FiberExecutor executor;
  ppc::host::testing::Machine machine(executor, {});
  ChkPlat rule(context);
  machine.program(0, [&](ppc::host::Cpu& cpu) {
    rule.on_call(cpu, opal::Token::XiveGetIrqConfig, {});
    cpu.thread().set_msr(cpu.thread().msr() & ~ppc::msr::kHv);
    rule.on_hcall(cpu, 0x3b0);
    EXPECT_EQ(fired("CHK-PLAT"), 0U);
    rule.on_call(cpu, opal::Token::XiveGetIrqConfig, {});
    EXPECT_EQ(fired("CHK-PLAT"), 1U);
    cpu.thread().set_msr(cpu.thread().msr() | ppc::msr::kHv);
    rule.on_hcall(cpu, 0x3b0);
    EXPECT_EQ(fired("CHK-PLAT"), 2U);
  });
  machine.run(platform::kMillisecond);
  EXPECT_EQ(hits("CHK-PLAT"), 4U);
}

TEST_F(SoftwareRules, CapabilityIsAskedBefore) {
  ChkCapability rule(context);
  opal::Config config;
  config.chips.emplace_back().pirs = {0};
  rule.offered(opal::Firmware(config));
  EXPECT_EQ(fired("CHK-RC"), 0U);
  EXPECT_EQ(hits("CHK-RC"), 2U);
  config.absent = {opal::Token::XiveSetQueueState};
  rule.offered(opal::Firmware(config));
  EXPECT_EQ(fired("CHK-RC"), 1U);
}

TEST_F(SoftwareRules, RingAccess) {
  ChkRing rule(context);
  rule.judge(true, [] { return std::string(); });
  EXPECT_EQ(fired("CHK-RING"), 0U);
  rule.judge(false, [] { return std::string("page 3 reached ring 1"); });
  EXPECT_EQ(fired("CHK-RING"), 1U);
}

class Views : public SoftwareRules {
 protected:
  Views() {
    before.sources[0x100] = {6, 2, 0};
    before.sources[0x101] = {6, 0, 0};
    before.queues.push_back({GuestView::kGeneration | 3, 8, {0x100}, GuestView::kGeneration | 2});
    before.vcpus.push_back({0xff, 0x02});
    after = before;
  }
  std::uint64_t compare() {
    ChkMig rule(context);
    rule.compare(before, after);
    return fired("CHK-MIG");
  }
  GuestView before, after;
};

TEST_F(Views, EqualIsRight) {
  EXPECT_EQ(compare(), 0U);
}

TEST_F(Views, LaterEventsAreRight) {
  after.sources[0x101].pq = 2;
  after.sources[0x100].pq = 3;
  after.vcpus[0].ipb = 0x06;
  after.queues[0].unread = {0x100, 0x101, 1, 2, 3, 4};
  after.queues[0].position = 0;  // six entries on from 2 of 8: the wrap changes the generation
  EXPECT_EQ(compare(), 0U);
}

TEST_F(Views, EachDifferenceFires) {
  after.sources[0x100].pq = 0;
  EXPECT_EQ(compare(), 1U);
  after = before;
  after.sources.erase(0x101);
  EXPECT_EQ(compare(), 3U);
  after = before;
  after.sources[0x101].vp = 1;
  EXPECT_EQ(compare(), 4U);
  after = before;
  after.queues[0].unread.clear();
  EXPECT_EQ(compare(), 6U);  // the entry, and the position behind it
  after = before;
  after.queues[0].position = 3;
  EXPECT_EQ(compare(), 7U);
  after = before;
  after.vcpus[0] = {0x06, 0x00};
  EXPECT_EQ(compare(), 9U);
  ChkMig(context).refused(-14);
  EXPECT_EQ(fired("CHK-MIG"), 10U);
}

}  // namespace
}  // namespace xive::scenarios
