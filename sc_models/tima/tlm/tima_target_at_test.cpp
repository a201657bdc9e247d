// SPDX-License-Identifier: Apache-2.0
/// nb_transport and the asynchronous presenter.
#include <gtest/gtest.h>

#include <deque>

#include "sc_models/tima/tlm/testing/target_bench.h"

namespace xive::tima::testing {
namespace {

// --- nb_transport --------------------------------------------------------------------------------

TEST_F(TimaTlm, FourPhasesTakeTheCyclesOfTheOperation) {
  sc_time start;
  Access access(true, kOs, 0x11, {5});
  run_in_thread([&] {
    wait(cycles(10));
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(access, phase), tlm::TLM_UPDATED);
    EXPECT_EQ(phase, tlm::END_REQ);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
  });
  ASSERT_EQ(bench_.responses.size(), 1U);
  EXPECT_EQ(bench_.responses[0].second, start + cycles(3));
  EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 5);
  EXPECT_EQ(manager_.freed, 1);
}

TEST_F(TimaTlm, AnnotatedRequestBeginsLater) {
  sc_time start;
  Access access(true, kOs, 0x11, {5});
  run_in_thread([&] {
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(access, phase, cycles(7)), tlm::TLM_ACCEPTED);
  });
  EXPECT_EQ(bench_.request_ends, (std::vector{start + cycles(7)}));
  ASSERT_EQ(bench_.responses.size(), 1U);
  EXPECT_EQ(bench_.responses[0].second, start + cycles(10));
}

TEST_F(TimaTlm, FullQueueHoldsEndReqBackUntilAResponseLeaves) {
  sc_time start;
  std::deque<Access> accesses;
  run_in_thread([&] {
    start = sc_time_stamp();
    for (unsigned i = 0; i < 3; ++i)
      accesses.emplace_back(true, kOs, 0x11, std::vector<unsigned char>{5});
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(accesses[0], phase), tlm::TLM_UPDATED);
    EXPECT_EQ(begin(accesses[1], phase), tlm::TLM_UPDATED);
    EXPECT_EQ(begin(accesses[2], phase), tlm::TLM_ACCEPTED);
  });
  EXPECT_EQ(bench_.request_ends, (std::vector{start + cycles(3)}));
  ASSERT_EQ(bench_.responses.size(), 3U);
  for (unsigned i = 0; i < 3; ++i) {
    EXPECT_EQ(bench_.responses[i].first, &accesses[i].trans);
    EXPECT_EQ(bench_.responses[i].second, start + cycles(3 * (i + 1)));
  }
}

TEST_F(TimaTlm, NextResponseWaitsForEndResp) {
  sc_time start;
  Access first(true, kOs, 0x11, {5}), second(true, kOs, 0x11, {6});
  bench_.hold_responses = true;
  run_in_thread([&] {
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    begin(first, phase);
    begin(second, phase);
    wait(cycles(20));
    ASSERT_EQ(bench_.responses.size(), 1U);
    phase = tlm::END_RESP;
    sc_time delay = cycles(1);
    EXPECT_EQ(bench_.socket->nb_transport_fw(first.trans, phase, delay), tlm::TLM_COMPLETED);
    wait(cycles(5));
    ASSERT_EQ(bench_.responses.size(), 2U);
    EXPECT_EQ(bench_.responses[1].second, start + cycles(21));
    delay = SC_ZERO_TIME;
    bench_.socket->nb_transport_fw(second.trans, phase, delay);
  });
  EXPECT_EQ(manager_.freed, 2);
}

TEST_F(TimaTlm, RefusedTransactionCompletesAtOnce) {
  run_in_thread([&] {
    Access access(false, 4, 0, {0});
    tlm::tlm_phase phase;
    EXPECT_EQ(begin(access, phase), tlm::TLM_COMPLETED);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  });
}

/// While the operation runs, another process acts in each cycle: what it sees must be exact.
TEST_F(TimaTlm, PortRunsNoFurtherThanTheNextActivity) {
  Access access(true, kOs, 0x11, {5});
  std::vector<int> seen;
  run_in_thread([&] {
    sc_core::sc_spawn([&] {
      for (int i = 0; i < 6; ++i) {
        wait(kPeriod);
        seen.push_back(bench_.port.state(0).at(Ring::Os, reg::kCppr));
        EXPECT_LE(bench_.port.now(), sc_time_stamp() / kPeriod + 1);
      }
    });
    wait(sc_time(1, SC_NS));  // between the edges of the other process
    tlm::tlm_phase phase;
    begin(access, phase);
  });
  // Submitted in cycle 1 (the edge after 1 ns), effective in cycle 4.
  EXPECT_EQ(seen, (std::vector{0, 0, 0, 5, 5, 5}));
}

TEST_F(TimaTlm, IdleTargetCausesNoKernelEvents) {
  Access access(true, kOs, 0x11, {5});
  sc_dt::uint64 before = 0;
  run_in_thread([&] {
    tlm::tlm_phase phase;
    before = sc_core::sc_delta_count();
    begin(access, phase);
  });
  // One to run the port, one to send the response; nothing per cycle.
  EXPECT_LE(sc_core::sc_delta_count() - before, 4U);
  EXPECT_FALSE(sc_core::sc_pending_activity());
}

TEST_F(TimaTlm, PresenterAsyncCallsBackAtItsTime) {
  sc_time start;
  std::vector<sc_time> times;
  PresenterResponse match, present;
  run_in_thread([&] {
    open_os();
    wait(cycles(20));
    start = sc_time_stamp();
    bench_.target.presenter_async(message(PresenterCmd::Match), [&](const PresenterResponse& r) {
      match = r;
      times.push_back(sc_time_stamp());
      bench_.target.presenter_async(message(PresenterCmd::Present),
                                    [&](const PresenterResponse& r2) {
                                      present = r2;
                                      times.push_back(sc_time_stamp());
                                    });
    });
  });
  EXPECT_EQ(match.match, 1);
  EXPECT_TRUE(present.ack);
  EXPECT_EQ(times, (std::vector{start + cycles(2), start + cycles(5)}));
  EXPECT_TRUE(chip_.lines[0].os_ext);
}

TEST_F(TimaTlm, LateAnswerInFourPhases) {
  sc_time start;
  Access push(true, kHv, 0x18, {0x80, 0, 0, 0x42});
  chip_.late = true;
  run_in_thread([&] {
    start = sc_time_stamp();
    tlm::tlm_phase phase;
    begin(push, phase);
    wait(cycles(30));
    EXPECT_TRUE(bench_.responses.empty());
    bench_.target.answer_memory({.ok = true});
  });
  ASSERT_EQ(bench_.responses.size(), 1U);
  EXPECT_EQ(bench_.responses[0].second, start + cycles(31));
  EXPECT_EQ(chip_.requests[0].second, start + cycles(3));
}

/// LT and AT do the same, to the last byte.
TEST_F(TimaTlm, LooselyAndApproximatelyTimedGiveTheSameState) {
  const auto script = [](auto&& go) {
    for (unsigned i = 0; i < 64; ++i) {
      go(true, kOs, 0x11, std::vector<unsigned char>{static_cast<unsigned char>(i % 9)});
      go(true, kHv, 0x18, std::vector<unsigned char>{0x80, 0, 0, static_cast<unsigned char>(i)});
      go(true, kOs, 0x812, std::vector<unsigned char>{static_cast<unsigned char>(i * 5 % 8)});
      go(false, kOs, 0x810, std::vector<unsigned char>{0, 0});
      if (i % 3 == 0) go(false, kHv, 0x818, std::vector<unsigned char>(8));
    }
  };
  std::vector<std::vector<unsigned char>> lt, at;
  chip_.answer.ipb = 0x22;
  run_in_thread([&] {
    script([&](bool write, unsigned page, unsigned offset, std::vector<unsigned char> bytes) {
      Access access(write, page, offset, std::move(bytes), 1);
      b(access);
      lt.push_back(access.data);
    });
  });
  std::deque<Access> accesses;
  run_in_thread([&] {
    script([&](bool write, unsigned page, unsigned offset, std::vector<unsigned char> bytes) {
      accesses.emplace_back(write, page, offset, std::move(bytes), 2);
      tlm::tlm_phase phase;
      begin(accesses.back(), phase);
      while (bench_.responses.size() < accesses.size()) wait(kPeriod);
      at.push_back(accesses.back().data);
    });
  });
  EXPECT_EQ(lt, at);
  EXPECT_EQ(bench_.port.state(1), bench_.port.state(2));
}

}  // namespace
}  // namespace xive::tima::testing
