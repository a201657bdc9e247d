// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/presenter/presenter.h"

#include <gtest/gtest.h>

#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;
constexpr std::uint8_t kIpb6 = 0x80U >> 6U;

class PresenterTest : public testing::TestWithParam<bool> {
 protected:
  PresenterTest() { m.usual_path(); }
  void TearDown() override {
    m.rules().finish();
    EXPECT_TRUE(m.book().clean()) << m.book().violations()[0].rule << ": "
                                  << m.book().violations()[0].detail;
  }
  void again() { m.esb(Machine::kSource, 0xc00); }
  std::uint8_t os_ipb(unsigned c, unsigned t) { return m.tima().ipb(c, t, tima::Ring::Os); }
  Machine m{Machine::Options{.filter = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Filter, PresenterTest, testing::Bool(),
                         [](const auto& param) { return param.param ? "On" : "Off"; });

TEST_P(PresenterTest, AsksOnlyCandidates) {
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.tima().matches, GetParam() ? 0U : 2U);
  again();
  m.dispatch(1, 3, 0, Machine::kVp);
  m.tima().matches = 0;
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.tima().matches, GetParam() ? 1U : 2U);
  EXPECT_EQ(m.tima().presents, 1U);
  EXPECT_NE(os_ipb(1, 3), 0);
}

TEST_P(PresenterTest, TwoMatchesAreReportedOnceAndTheFirstIsTaken) {
  m.dispatch(1, 0, 0, Machine::kVp);
  m.dispatch(0, 2, 0, Machine::kVp);
  m.dispatch(0, 3, 0, Machine::kVp);
  m.trigger(Machine::kSource);
  EXPECT_EQ(os_ipb(0, 2), kIpb6);
  EXPECT_EQ(os_ipb(0, 3) | os_ipb(1, 0), 0);
  EXPECT_EQ(m.chip().fir().count(FirId::MultiMatch), 1U);
  EXPECT_EQ(m.tima().presents, 1U);
}

TEST_P(PresenterTest, RefusedPresentSearchesAgain) {
  m.dispatch(0, 0, 0, Machine::kVp);
  m.tima().before_present = [&] {
    m.tima().before_present = nullptr;
    m.tima().pull_os(0, 0);
    m.dispatch(1, 1, 0, Machine::kVp);
  };
  m.trigger(Machine::kSource);
  EXPECT_EQ(os_ipb(0, 0), 0);
  EXPECT_EQ(os_ipb(1, 1), kIpb6);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
}

TEST_P(PresenterTest, RefusedPresentOfAPulledVpGoesToTheBacklog) {
  m.dispatch(0, 0, 0, Machine::kVp);
  m.tima().before_present = [&] { m.tima().pull_os(0, 0); };
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
}

TEST_P(PresenterTest, DisabledThreadIsNotFound) {
  m.dispatch(0, 0, 0, Machine::kVp);
  m.set_reg(gen1::reg::kThreadEn0Clr, bit64(0));
  m.trigger(Machine::kSource);
  EXPECT_EQ(m.backlog(Machine::kVp), kIpb6);
}

TEST_P(PresenterTest, LateAnswersGiveTheSameResult) {
  m.dispatch(1, 0, 0, Machine::kVp);
  m.dispatch(0, 2, 0, Machine::kVp);
  m.tima().deferred = true;
  m.trigger(Machine::kSource);
  EXPECT_FALSE(m.chip().router().idle());
  m.tima().answer_all();
  EXPECT_TRUE(m.chip().router().idle());
  EXPECT_EQ(os_ipb(0, 2), kIpb6);
  EXPECT_EQ(m.chip().fir().count(FirId::MultiMatch), 1U);
}

TEST_P(PresenterTest, SyncWaitsForALateAnswer) {
  m.dispatch(0, 0, 0, Machine::kVp);
  m.tima().deferred = true;
  m.trigger(Machine::kSource);
  m.store(m.ic() + 0x10c00, 8, 0);
  EXPECT_EQ(m.reg(gen1::reg::kEqcConfig) & gen1::reg::kSyncBits, 0U);
  m.tima().answer_all();
  EXPECT_EQ(m.reg(gen1::reg::kEqcConfig) & gen1::reg::kSyncBits, gen1::reg::kSyncIpi);
}

// Order O2: a push that slips in between the answers of two cores must not lose the event.
TEST_P(PresenterTest, PushDuringTheSearchForcesANewSearch) {
  m.dispatch(1, 0, 0, Machine::kVp);  // makes core 1 a candidate with the filter, too
  m.tima().deferred = true;
  m.trigger(Machine::kSource);
  m.tima().pull_os(1, 0);
  if (!GetParam()) m.tima().answer_one();  // core 0 has said "nothing here"
  m.tima().push_os(0, 3, 0x80000000U | Machine::kVp, m.service());
  m.tima().answer_all();
  EXPECT_EQ(os_ipb(0, 3), kIpb6);
  EXPECT_EQ(m.backlog(Machine::kVp), 0);
}

// A VT store fetches nothing; with the filter the core was not asked in the first round.
TEST_P(PresenterTest, ContextThatAppearsWithoutAFetchDuringTheSearch) {
  m.set_end(Machine::kEnd, {.vp = 0x80 | 4});
  m.set_vp(0x84);
  m.set_reg(gen1::reg::kIndir0, 0x8004000000000000);
  m.dispatch(0, 0, 0, 0x84);  // something to wait for
  m.tima().deferred = true;
  m.trigger(Machine::kSource);
  m.tima().pull_os(0, 0);
  if (!GetParam()) m.tima().answer_one();
  m.store(m.ic() + 0x40038, 1, 0x80);
  m.tima().answer_all();
  EXPECT_EQ(m.tima().ipb(1, 0, tima::Ring::Phys), kIpb6);
}

TEST_P(PresenterTest, MemoryServiceRefusesWhatGeneration1DoesNotHave) {
  tima::MemoryRequest request;
  request.op = tima::MemoryOp::NvpCheckout;
  EXPECT_FALSE(m.service().execute(0, request).ok);
  request.op = tima::MemoryOp::NvtIpbFetchClr;
  request.idx = Machine::kVp;
  EXPECT_TRUE(m.service().execute(0, request).ok);
  EXPECT_FALSE(m.service().execute(9, request).ok);
  m.set_vp(Machine::kVp, false);
  EXPECT_FALSE(m.service().execute(0, request).ok);
  EXPECT_EQ(m.chip().fir().count(FirId::NvtInvalid), 1U);
}

}  // namespace
}  // namespace xive::ic
