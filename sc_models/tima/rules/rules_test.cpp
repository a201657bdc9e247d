// SPDX-License-Identifier: Apache-2.0
/// How the checker is fed: what it knows when, and what it does with observations out of the
/// common. The rules themselves are tested in rules_silent_test.cpp and rules_firing_test.cpp.
#include "sc_models/tima/rules/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "sc_models/rules/rule_report.h"
#include "sc_models/tima/rules/bits.h"

namespace xive::tima {
namespace {

using ::testing::HasSubstr;

constexpr std::uint32_t kWord2 = 0x80280123;  // V, blk 5, idx 0x123

class RulesTest : public ::testing::Test {
 protected:
  RulesTest() : rules_(Params{}, book_) {}

  std::uint64_t fired(std::string_view id) const { return book_.find(id)->fired; }
  std::uint64_t hits(std::string_view id) const { return book_.find(id)->hits; }

  void reset() {
    Event event;
    event.kind = EventKind::Reset;
    rules_.on_event(event);
  }
  static ThreadState reset_state(bool enabled) {
    ThreadState state;
    state.r = rules::kResetImage;
    state.enabled = enabled;
    return state;
  }
  void enable(unsigned thread) {
    Event event;
    event.kind = EventKind::Enable;
    event.thread = static_cast<std::uint8_t>(thread);
    event.before = reset_state(false);
    event.after = reset_state(true);
    rules_.on_event(event);
  }
  static Event poll(unsigned thread, const ThreadState& state) {
    Event event;
    event.thread = static_cast<std::uint8_t>(thread);
    event.mmio.thread = event.thread;
    event.mmio.page = Page::Hv;
    event.mmio.offset = 0x38;
    event.mmio_response.rdata = state.at(Ring::Phys, reg::kWord2);
    event.before = event.after = state;
    return event;
  }
  /// Push of kWord2 into a thread in the reset state, memory IPB `ipb`.
  static Event push(unsigned thread, std::uint8_t ipb) {
    Event event;
    event.thread = static_cast<std::uint8_t>(thread);
    event.mmio.thread = event.thread;
    event.mmio.page = Page::Hv;
    event.mmio.offset = 0x18;
    event.mmio.write = true;
    event.mmio.size_log2 = 2;
    event.mmio.wdata = kWord2;
    event.before = event.after = reset_state(true);
    event.after.at(Ring::Os, 8) = 0x80;
    event.after.at(Ring::Os, 9) = 0x28;
    event.after.at(Ring::Os, 10) = 0x01;
    event.after.at(Ring::Os, 11) = 0x23;
    event.after.at(Ring::Os, reg::kIpb) = ipb;
    event.after.at(Ring::Os, reg::kPipr) = rules::most_favoured(ipb);
    return event;
  }
  static MemoryRequest fetch(unsigned thread) {
    MemoryRequest request;
    request.thread = static_cast<std::uint8_t>(thread);
    request.blk = 5;
    request.idx = 0x123;
    return request;
  }
  static MemoryResponse answer(std::uint8_t ipb) {
    MemoryResponse response;
    response.ok = true;
    response.ipb = ipb;
    return response;
  }
  static PresenterRequest match_request() {
    PresenterRequest request;
    request.blk = 5;
    request.idx = 0x123;
    return request;
  }
  static PresenterResponse match_of(unsigned thread, Ring ring, std::uint8_t pipr) {
    PresenterResponse response;
    response.match = static_cast<std::uint8_t>(1U << thread);
    response.ring[thread] = ring;
    response.pipr[thread] = pipr;
    response.count = 1;
    return response;
  }

  RuleBook book_;
  Rules rules_;
};

TEST_F(RulesTest, AGenerationWithoutRulesIsRefused) {
  Params params;
  params.generation = 2;
  RuleBook book;
  EXPECT_THROW(Rules(params, book), std::invalid_argument);
  EXPECT_TRUE(book.entries().empty());
}

TEST_F(RulesTest, RulesShareABookWithOthers) {
  RuleBook book;
  book.add({"OTHER-1", "Another rule.", "elsewhere"});
  Rules rules(Params{}, book);
  rules.on_event(poll(0, reset_state(true)));
  EXPECT_EQ(book.find("OTHER-1")->hits, 0U);
  EXPECT_EQ(book.find("TIMA-FOOT")->hits, 1U);
  EXPECT_TRUE(book.clean()) << format_violations(book);
}

TEST_F(RulesTest, AnObserverThatComesLateTakesTheFirstStateAsGiven) {
  ThreadState state = reset_state(true);
  state.at(Ring::Os, reg::kNsr) = 0xff;  // stored raw before anybody listened
  state.at(Ring::Os, reg::kIpb) = 0x55;
  rules_.on_event(poll(1, state));
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
  EXPECT_EQ(hits("TIMA-P21"), 0U);
  rules_.on_event(poll(1, state));
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
  EXPECT_EQ(hits("TIMA-P21"), 1U);
}

TEST_F(RulesTest, AfterAResetEveryThreadMustShowTheResetImage) {
  reset();
  enable(0);
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
  ThreadState wrong = reset_state(false);
  wrong.at(Ring::Os, reg::kPipr) = 0;
  rules_.on_event(poll(2, wrong));
  EXPECT_GT(fired("TIMA-P20"), 0U);
  EXPECT_EQ(fired("TIMA-P21"), 0U);
  EXPECT_THAT(book_.violations()[0].detail, HasSubstr("changed OS+7"));
}

TEST_F(RulesTest, ThreadsAreComparedOnRequest) {
  reset();
  enable(0);
  std::array<ThreadState, 4> now;
  now.fill(reset_state(false));
  now[0].enabled = true;
  rules_.check_threads(now, 10);
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
  now[0].at(Ring::Pool, reg::kIpb) = 1;
  rules_.check_threads(now, 20);
  ASSERT_EQ(fired("TIMA-P21"), 1U);
  EXPECT_EQ(book_.violations()[0].time, 20U);
  now[3].l_hv = true;
  rules_.check_threads(now, 30);
  EXPECT_EQ(fired("TIMA-P20"), 1U);
}

TEST_F(RulesTest, APushIsJudgedWithTheAnswerOfItsFetch) {
  reset();
  enable(1);
  rules_.on_memory(fetch(1), 1);
  rules_.on_memory_answer(answer(0x10), 2);
  rules_.on_event(push(1, 0x10));
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
  EXPECT_EQ(hits("TIMA-P77"), 1U);
}

TEST_F(RulesTest, APushWithoutFetchOrBeforeItsAnswerFires) {
  reset();
  enable(1);
  rules_.on_event(push(1, 0));
  EXPECT_EQ(fired("TIMA-P77"), 1U);
  reset();
  enable(1);
  rules_.on_memory(fetch(1), 1);
  rules_.on_event(push(1, 0));
  EXPECT_EQ(fired("TIMA-P77"), 2U);
  EXPECT_EQ(fired("TIMA-P96"), 1U);
}

TEST_F(RulesTest, AFetchOfAnotherVpFires) {
  reset();
  enable(1);
  MemoryRequest request = fetch(1);
  request.idx = 0x124;
  rules_.on_memory(request, 1);
  rules_.on_memory_answer(answer(0), 2);
  rules_.on_event(push(1, 0));
  EXPECT_EQ(fired("TIMA-P77"), 1U);
}

TEST_F(RulesTest, AnAnswerToNothingAndAnOpenRequestAtTheEndFire) {
  rules_.on_memory_answer(answer(0), 1);
  EXPECT_EQ(fired("TIMA-P96"), 1U);
  rules_.on_memory(fetch(0), 2);
  rules_.finish(3);
  EXPECT_EQ(fired("TIMA-P96"), 2U);
}

TEST_F(RulesTest, AResetForgetsWhatWasInFlight) {
  rules_.on_memory(fetch(0), 1);
  reset();
  rules_.finish(2);
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
}

/// A4: while a push waits for memory, MATCH sees its WORD2 already, and the other registers still.
TEST_F(RulesTest, AMatchDuringAPushSeesThePushedWord) {
  reset();
  enable(1);
  rules_.on_memory(fetch(1), 5);
  rules_.on_match(match_request(), match_of(1, Ring::Os, 0xff), 6);
  rules_.on_memory_answer(answer(0x10), 7);
  EXPECT_EQ(hits("TIMA-P88"), 0U) << "not judged before WORD2 is known";
  rules_.on_event(push(1, 0x10));
  EXPECT_TRUE(book_.clean()) << format_violations(book_);
  EXPECT_EQ(hits("TIMA-P88"), 1U);
}

TEST_F(RulesTest, AMatchDuringAPushThatMissesThePushedWordFires) {
  reset();
  enable(1);
  rules_.on_memory(fetch(1), 5);
  rules_.on_match(match_request(), PresenterResponse{}, 6);
  rules_.on_memory_answer(answer(0), 7);
  rules_.on_event(push(1, 0));
  ASSERT_EQ(fired("TIMA-P88"), 1U);
  EXPECT_EQ(book_.violations()[0].time, 6U) << "reported at the time of the answer";
}

TEST_F(RulesTest, TheHardwareCamIsJudgedOnlyWhenTheInputsAreKnown) {
  ThreadState state = reset_state(true);
  state.at(Ring::Phys, reg::kWord2) = 0x80;
  rules_.on_event(poll(0, state));
  PresenterRequest request = match_request();
  request.idx = 0x85;
  rules_.on_match(request, PresenterResponse{}, 1);
  EXPECT_EQ(hits("TIMA-P88"), 0U);
  StaticInputs inputs;
  inputs.blk = 5;
  inputs.pir[0] = 5;
  rules_.configure(inputs);
  rules_.on_match(request, PresenterResponse{}, 2);
  EXPECT_EQ(fired("TIMA-P88"), 1U);
  EXPECT_THAT(book_.violations()[0].detail,
              HasSubstr("thread 0 answered 0 ring 0 PIPR 00, expected 1 ring 3 PIPR FF"));
}

TEST_F(RulesTest, OneFaultIsReportedOnce) {
  reset();
  enable(0);
  ThreadState state = reset_state(true);
  Event bad = poll(0, state);
  bad.after.at(Ring::Pool, reg::kIpb) = 0x40;
  rules_.on_event(bad);
  const auto first = book_.violations().size();
  EXPECT_GT(first, 0U);
  state = bad.after;
  rules_.on_event(poll(0, state));
  rules_.on_event(poll(0, state));
  EXPECT_EQ(book_.violations().size(), first);
}

}  // namespace
}  // namespace xive::tima
