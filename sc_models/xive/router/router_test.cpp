// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/router.h"

#include <gtest/gtest.h>

#include "sc_models/xive/router/trigger_data.h"
#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;
namespace w0 = gen1::end_w0;

constexpr std::uint32_t kVq = w0::kValid | w0::kEnqueue;
constexpr std::uint32_t kVqnb = kVq | w0::kUcondNotify | w0::kBacklog;
constexpr std::uint8_t kIpb6 = 0x80U >> 6U;

class RouterTest : public testing::Test {
 protected:
  ~RouterTest() override {
    if (!expect_violation) {
      m.rules().finish();
      EXPECT_TRUE(m.book().clean())
          << m.book().violations()[0].rule << ": " << m.book().violations()[0].detail;
    }
  }
  void shot() {
    m.trigger(Machine::kSource);
    m.esb(Machine::kSource, 0xc00);
  }
  std::uint32_t page_off() { return m.end_word(Machine::kEnd, 1) & end_w1::kPageOff; }
  bool generation() { return (m.end_word(Machine::kEnd, 1) & end_w1::kGeneration) != 0; }
  std::uint64_t fir(FirId id, unsigned n = 0) { return m.chip(n).fir().count(id); }
  Machine m;
  bool expect_violation = false;
};

TEST_F(RouterTest, CoalescesAtTheSource) {
  m.usual_path();
  for (int i = 0; i < 5; ++i) m.trigger(Machine::kSource);
  EXPECT_EQ(page_off(), 1U);
  EXPECT_EQ(m.esb(Machine::kSource, 0), 1U);
  EXPECT_EQ(page_off(), 2U);
  EXPECT_EQ(m.esb(Machine::kSource, 0), 0U);
  EXPECT_EQ(page_off(), 2U);
}

TEST_F(RouterTest, UndeliveredGoesToTheBacklog) {
  m.usual_path();
  m.memory().put32(m.vp_address(Machine::kVp) + 16, 0x12340056);
  shot();
  EXPECT_EQ(m.memory().be32(m.vp_address(Machine::kVp) + 16), 0x12340256U);
  EXPECT_EQ(m.memory().be32(m.eq_address()), 0x80001234U);
}

TEST_F(RouterTest, DeliveredToTheDispatchedVp) {
  m.usual_path();
  m.dispatch(1, 2, 0, Machine::kVp);
  shot();
  EXPECT_EQ(m.tima().ipb(1, 2, tima::Ring::Os), kIpb6);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
}

TEST_F(RouterTest, PushFetchesAndClearsTheBacklog) {
  m.usual_path();
  shot();
  m.dispatch(0, 0, 0, Machine::kVp);
  EXPECT_EQ(m.tima().ipb(0, 0, tima::Ring::Os), kIpb6);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
}

TEST_F(RouterTest, HardwareVpMatchesThePhysRing) {
  m.usual_path({.vp = 0x80 | 5});  // core 1, thread 1
  m.set_vp(0x85);
  m.set_reg(gen1::reg::kIndir0, 0x8005000000000000);
  m.store(m.ic() + 0x40000 + 0x38, 1, 0x80);
  shot();
  EXPECT_EQ(m.tima().ipb(1, 1, tima::Ring::Phys), kIpb6);
}

TEST_F(RouterTest, MaskedEasLosesTheEvent) {
  m.usual_path();
  m.set_eas(Machine::kSource, 0, Machine::kEnd, 0x1234, 0, true);
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.esb(Machine::kSource, 0x800), 2U);
  EXPECT_EQ(page_off(), 0U);
  m.set_eas(Machine::kSource, 0, Machine::kEnd, 0x1234);
  EXPECT_EQ(page_off(), 0U) << "unmasking delivers nothing";
  m.esb(Machine::kSource, 0xc00);
  m.trigger(Machine::kSource);
  EXPECT_EQ(page_off(), 1U);
}

TEST_F(RouterTest, InvalidEasIsReportedOnce) {
  m.usual_path();
  m.memory().put64(m.eas_address(Machine::kSource), 0);
  shot();
  EXPECT_EQ(fir(FirId::EasInvalid), 1U);
  EXPECT_EQ(m.chip().fir().total(), 1U);
}

TEST_F(RouterTest, InvalidEnd) {
  m.usual_path({.w0 = w0::kEnqueue | w0::kUcondNotify});
  shot();
  EXPECT_EQ(fir(FirId::EndInvalid), 1U);
  EXPECT_EQ(m.memory().be32(m.eq_address()), 0U);
}

TEST_F(RouterTest, WrapFlipsTheGenerationExactlyAtTheEnd) {
  for (const std::uint32_t qsize : {0U, 4U, 9U, 12U}) {
    const std::uint32_t last = (1024U << qsize) - 1U;
    const std::uint64_t eq = 0x100000000;
    m.memory().map(eq + 4ULL * (last - 1), 8);
    m.memory().map(eq, 8);
    m.usual_path({.w0 = kVqnb, .qsize = qsize, .w1 = end_w1::kGeneration | (last - 1), .eq = eq});
    shot();
    EXPECT_EQ(page_off(), last);
    EXPECT_TRUE(generation());
    shot();
    EXPECT_EQ(page_off(), 0U);
    EXPECT_FALSE(generation());
    shot();
    EXPECT_EQ(m.memory().be32(eq), 0x00001234U) << "new generation bit";
    EXPECT_EQ(m.memory().be32(eq + 4ULL * last), 0x80001234U);
  }
}

TEST_F(RouterTest, QueueAddressesAreUsedInFull) {
  for (const std::uint64_t eq : {0x0000000280000000ULL, 0x0080012340000000ULL}) {
    m.memory().map(eq, 16);
    m.usual_path({.eq = eq});
    shot();
    EXPECT_EQ(m.memory().be32(eq), 0x80001234U);
  }
}

TEST_F(RouterTest, NoQueueStillNotifies) {
  m.usual_path({.w0 = w0::kValid | w0::kUcondNotify | w0::kBacklog});
  shot();
  EXPECT_EQ(page_off(), 0U);
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
}

TEST_F(RouterTest, EsnCoalescesNotificationsButNotEntries) {
  m.usual_path({.w0 = kVq | w0::kBacklog});
  shot();
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) >> 30U, 2U);
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
  m.memory().put32(m.vp_address(Machine::kVp) + 16, 0);
  shot();
  shot();
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) >> 30U, 3U);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
  EXPECT_EQ(page_off(), 3U);
}

TEST_F(RouterTest, UnconditionalNotificationLeavesEsn) {
  m.usual_path({.w1 = 0x40000000U | end_w1::kGeneration});  // ESn 01
  shot();
  EXPECT_EQ(m.end_word(Machine::kEnd, 1) >> 30U, 1U);
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
}

TEST_F(RouterTest, MaskedPriorityWritesTheQueueOnly) {
  m.usual_path({.w0 = kVqnb | w0::kEscalate, .w7 = 0x00ff0000, .w4 = 9, .w5 = 0x77});
  shot();
  EXPECT_EQ(page_off(), 1U);
  EXPECT_EQ(m.memory().be32(m.vp_address(Machine::kVp) + 16), 0U);
  EXPECT_EQ(fir(FirId::EndInvalid), 0U) << "no escalation";
}

TEST_F(RouterTest, IllegalPriorityIsReported) {
  m.usual_path({.w7 = 0x00080000});
  shot();
  EXPECT_EQ(fir(FirId::EndPriority), 1U);
}

class Escalation : public RouterTest {
 protected:
  static constexpr std::uint32_t kTarget = 9;
  std::uint64_t target_eq() { return m.eq_address() + 0x10000; }
  void chain(std::uint32_t flags, std::uint32_t w1 = end_w1::kGeneration) {
    m.usual_path({.w0 = kVqnb | w0::kEscalate | flags,
                  .w1 = w1,  // V and M bits of W4-W5 set on purpose
                  .w4 = 0x80000000U | kTarget,
                  .w5 = 0xffffffff});
    m.set_end(kTarget, {.eq = target_eq(), .vp = 0x301, .w7 = 0});
    m.set_vp(0x301);
  }
  std::uint32_t escalations() { return m.end_word(kTarget, 1) & end_w1::kPageOff; }
  unsigned ese() { return m.end_word(Machine::kEnd, 1) >> 28U & 3U; }
};

TEST_F(Escalation, CoalescesInEse) {
  chain(0);
  shot();
  EXPECT_EQ(escalations(), 1U);
  EXPECT_EQ(ese(), 2U);
  EXPECT_EQ(m.memory().be32(target_eq()), 0xffffffffU) << "31 bits of W5 and the generation";
  EXPECT_EQ(m.backlog(0x301), 0x80U);
  shot();
  EXPECT_EQ(escalations(), 1U);
  EXPECT_EQ(ese(), 3U);
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, true) + 0xc00), 3U);
  shot();
  EXPECT_EQ(escalations(), 2U);
}

TEST_F(Escalation, UnconditionalEscalatesEachTime) {
  chain(w0::kUncondEscalate, 0x10000000U | end_w1::kGeneration);  // ESe 01
  shot();
  shot();
  EXPECT_EQ(escalations(), 2U);
  EXPECT_EQ(ese(), 1U);
}

TEST_F(Escalation, UnconditionalNeedsItsEnable) {
  m.set_reg(gen1::reg::kEqcConfig, gen1::reg::kEnableS);
  chain(w0::kUncondEscalate);
  shot();
  shot();
  EXPECT_EQ(escalations(), 1U);
}

TEST_F(Escalation, SilentSkipsNotification) {
  chain(w0::kSilentEscalate);
  m.dispatch(0, 0, 0, Machine::kVp);
  shot();
  EXPECT_EQ(m.tima().ipb(0, 0, tima::Ring::Os), 0);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
  EXPECT_EQ(escalations(), 1U);
}

TEST_F(Escalation, DeliveredEventsDoNotEscalate) {
  chain(w0::kUncondEscalate | w0::kPreclEscalate);
  m.dispatch(0, 0, 0, Machine::kVp);
  shot();
  EXPECT_EQ(escalations(), 0U);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
}

TEST_F(Escalation, ALoopEndsWithAReport) {
  m.usual_path({.w0 = kVqnb | w0::kEscalate | w0::kUncondEscalate, .w4 = Machine::kEnd});
  shot();
  EXPECT_EQ(fir(FirId::EscalationLoop), 1U);
  EXPECT_EQ(page_off(), Router::kMaxDepth + 1U);
}

TEST_F(Escalation, EscalationEoiReforwards) {
  chain(0, 0x30000000U | end_w1::kGeneration);  // ESe 11
  EXPECT_EQ(m.load(m.end_page(Machine::kEnd, true)), 1U);
  EXPECT_EQ(escalations(), 1U);
  EXPECT_EQ(ese(), 2U);
}

TEST_F(RouterTest, UserEvents) {
  m.usual_path({.w0 = kVq | w0::kUcondNotify, .w7 = 0x4711, .format = true});
  m.dispatch(0, 1, 0, Machine::kVp);
  auto& state = m.tima().thread(0, 1).state;
  state.at(tima::Ring::User, 8) = 0x80;
  state.at(tima::Ring::User, 10) = 0x47;
  state.at(tima::Ring::User, 11) = 0x11;
  shot();
  EXPECT_EQ(m.tima().presents, 0U) << "delivered without PRESENT";
  EXPECT_EQ(m.chip().fir().total(), 0U);
}

TEST_F(RouterTest, UserEventsHaveNoBacklog) {
  m.usual_path({.w0 = kVqnb, .w7 = 0x4711, .format = true});
  shot();
  EXPECT_EQ(fir(FirId::EndFormat), 1U);
}

TEST_F(RouterTest, GroupsAreNotAGeneration1Thing) {
  m.usual_path({.w7 = 0x80060000});
  m.dispatch(0, 0, 0, Machine::kVp);
  shot();
  EXPECT_EQ(fir(FirId::GroupGen1), 1U);
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
}

TEST_F(RouterTest, MissingAndInvalidNvt) {
  m.usual_path();
  m.set_vp(Machine::kVp, false);
  shot();
  EXPECT_EQ(fir(FirId::NvtInvalid), 1U);
  m.usual_path({.vp = 0x7ffff});
  shot();
  EXPECT_EQ(fir(FirId::VsdNotProvisioned), 1U);
  m.usual_path({.vp_blk = 3});
  shot();
  EXPECT_EQ(fir(FirId::VsdMissing), 1U);
}

TEST_F(RouterTest, QueueOutsideMemory) {
  m.usual_path({.eq = 0x00f0000000000000});
  shot();
  EXPECT_EQ(fir(FirId::EqBusError), 1U);
  EXPECT_EQ(page_off(), 0U);
  m.usual_path({.qsize = 13});
  shot();
  m.usual_path({.w1 = 0x3fffff});
  shot();
  EXPECT_EQ(fir(FirId::EndQueueSize), 2U);
}

TEST_F(RouterTest, MessagesRunThePqOnlyIfTheSenderDidNot) {
  m.usual_path();
  const std::uint64_t notify = m.ic() + 0x10000;
  m.esb(Machine::kSource, 0xd00);
  m.store(notify + 0x100, 8, trigger_data::for_eas(0, Machine::kSource, false));
  EXPECT_EQ(page_off(), 0U);
  m.store(notify + 0x100, 8, trigger_data::for_eas(0, Machine::kSource, true));
  EXPECT_EQ(page_off(), 1U);
  EXPECT_EQ(m.esb(Machine::kSource, 0x800), 1U);
  m.store(notify + 0x800, 8, trigger_data::for_end(0, Machine::kEnd, 0x99));
  EXPECT_EQ(m.memory().be32(m.eq_address() + 4), 0x80000099U);
}

TEST_F(RouterTest, PacedStepsShowTheWay) {
  m.usual_path();
  m.chip().router().set_paced(true);
  m.trigger(Machine::kSource);
  EXPECT_FALSE(m.chip().router().idle());
  EXPECT_TRUE(m.chip().router().step());  // EAS
  EXPECT_EQ(page_off(), 0U);
  EXPECT_TRUE(m.chip().router().step());  // END and queue
  EXPECT_EQ(page_off(), 1U);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
  EXPECT_TRUE(m.chip().router().step());  // search and backlog in one step
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
  EXPECT_TRUE(m.chip().router().step());  // escalation decision
  EXPECT_FALSE(m.chip().router().step());
  EXPECT_TRUE(m.chip().router().idle());
}

struct HopLog final : HopObserver {
  std::vector<Hop> hops;
  TraceId trace = 0;
  void on_hop(const HopRecord& record) override {
    hops.push_back(record.hop);
    trace = record.trace;
  }
};

TEST_F(RouterTest, EveryHopIsSeenInOrder) {
  m.usual_path();
  m.dispatch(0, 0, 0, Machine::kVp);
  HopLog log;
  m.chip().observe_hops(&log);
  m.trigger(Machine::kSource);
  EXPECT_EQ(log.hops, (std::vector<Hop>{Hop::Source, Hop::Esb, Hop::Eas, Hop::End, Hop::EqWrite,
                                        Hop::Match, Hop::Present}));
  EXPECT_NE(log.trace, 0U);
}

// A fixture of its own, because the number of chips is fixed when the machine is built.
class MultiChip : public testing::Test {
 protected:
  Machine m{Machine::Options{.chips = 2}};
  void TearDown() override {
    m.rules().finish();
    EXPECT_TRUE(m.book().clean()) << m.book().violations()[0].rule << ": "
                                  << m.book().violations()[0].detail;
  }
};

TEST_F(MultiChip, RemoteEndIsProcessedByItsOwnerOnce) {
  m.set_eas(0x20, 1, 8, 0x42, 0);
  m.set_end(8, {.vp_blk = 1, .vp = 0x10}, 1);
  m.set_vp(0x10, true, 1);
  m.esb(0x20, 0xc00, 0);
  m.trigger(0x20, 0);
  EXPECT_EQ(m.memory().be32(m.eq_address(1)), 0x80000042U);
  EXPECT_EQ(m.end_word(8, 1, 1) & end_w1::kPageOff, 1U);
  EXPECT_EQ(m.end_word(8, 1, 0), 0U);
  EXPECT_EQ(m.backlog(0x10, 1), 0x02);
}

TEST_F(MultiChip, RemoteVpBacklogAndSearchOverAllChips) {
  m.set_eas(0x20, 0, 8, 0x42, 0);
  m.set_end(8, {.vp_blk = 1, .vp = 0x10}, 0);
  m.set_vp(0x10, true, 1);
  m.esb(0x20, 0xc00, 0);
  m.trigger(0x20, 0);
  EXPECT_EQ(m.backlog(0x10, 1), 0x02);
  m.esb(0x20, 0xc00, 0);
  m.dispatch(3, 1, 1, 0x10, 1);  // core 3 is on chip 1
  EXPECT_EQ(m.tima().ipb(3, 1, tima::Ring::Os), 0x02);
  m.tima().thread(3, 1).state.at(tima::Ring::Os, 2) = 0;
  m.trigger(0x20, 0);
  EXPECT_EQ(m.tima().ipb(3, 1, tima::Ring::Os), 0x02);
}

TEST_F(MultiChip, RemoteEasMessageIsForwardedWithItsPqFlag) {
  m.set_eas(0x20, 1, 8, 0x42, 1);
  m.set_end(8, {.vp_blk = 1, .vp = 0x10}, 1);
  m.set_vp(0x10, true, 1);
  m.store(m.ic(0) + 0x10000, 8, trigger_data::for_eas(1, 0x20, false), 0);
  EXPECT_EQ(m.end_word(8, 1, 1) & end_w1::kPageOff, 0U) << "PQ of chip 1 is off";
  m.esb(0x20, 0xc00, 1);
  m.store(m.ic(0) + 0x10000, 8, trigger_data::for_eas(1, 0x20, false), 0);
  EXPECT_EQ(m.end_word(8, 1, 1) & end_w1::kPageOff, 1U);
}

TEST_F(MultiChip, ForwardingInACircleEndsWithAReport) {
  // Block 5 belongs to nobody: each chip says the other one has it.
  for (unsigned n = 0; n < 2; ++n) {
    m.set_reg(gen1::reg::kVcVsdAddr, 0x0002000500000000, n);
    m.set_reg(gen1::reg::kVcVsdData, 0xc000000000000000 | (m.ic(1 - n) + 0x10000), n);
  }
  m.store(m.ic(0) + 0x10000, 8, trigger_data::for_end(5, 1, 1), 0);
  EXPECT_EQ(m.chip(0).fir().count(FirId::ForwardLoop) + m.chip(1).fir().count(FirId::ForwardLoop),
            1U);
}

TEST_F(MultiChip, ForwardToNobody) {
  m.set_reg(gen1::reg::kVcVsdAddr, 0x0002000600000000, 0);
  m.set_reg(gen1::reg::kVcVsdData, 0xc000700000000000, 0);
  m.store(m.ic(0) + 0x10000, 8, trigger_data::for_end(6, 1, 1), 0);
  EXPECT_EQ(m.chip(0).fir().count(FirId::ForwardNoTarget), 1U);
}

}  // namespace
}  // namespace xive::ic
