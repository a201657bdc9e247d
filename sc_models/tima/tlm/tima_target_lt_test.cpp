// SPDX-License-Identifier: Apache-2.0
/// b_transport, debug, DMI and the chip side.
#include <gtest/gtest.h>

#include <functional>

#include "sc_models/tima/tlm/testing/target_bench.h"

namespace xive::tima::testing {
namespace {

// --- b_transport ---------------------------------------------------------------------------------

TEST_F(TimaTlm, DataIsInAddressOrder) {
  run_in_thread([&] {
    store(kHv, 0x10, {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08});
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 0x02);
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kIpb), 0x03);
    Access load(false, kHv, 0x10, std::vector<unsigned char>(4));
    b(load);
    EXPECT_EQ(load.data, (std::vector<unsigned char>{1, 2, 3, 4}));
  });
}

TEST_F(TimaTlm, RequesterExtensionSelectsTheThread) {
  run_in_thread([&] {
    store(kOs, 0x11, {5}, 2);
    EXPECT_EQ(bench_.port.state(2).at(Ring::Os, reg::kCppr), 5);
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 0);
  });
}

TEST_F(TimaTlm, WaitStatesBecomeTransactionTime) {
  run_in_thread([&] {
    store(kOs, 0x11, {5});
    wait(cycles(10));
    EXPECT_EQ(store(kOs, 0x11, {6}), cycles(3));
    // Local time 20 cycles ahead, then between two edges.
    wait(cycles(100));
    Access first(false, kHv, 0x38, {0});
    EXPECT_EQ(b(first, cycles(20)), cycles(23));
    Access second(false, kHv, 0x38, {0});
    EXPECT_EQ(b(second, cycles(23) + sc_time(1, SC_NS)), cycles(27));
    EXPECT_EQ(bench_.port.now(), (sc_time_stamp() + cycles(27)) / kPeriod);
  });
}

TEST_F(TimaTlm, InitiatorBehindThePortPaysOnlyItsOwnCycles) {
  run_in_thread([&] {
    wait(cycles(10));
    Access ahead(false, kHv, 0x38, {0}, 0);
    EXPECT_EQ(b(ahead, cycles(500)), cycles(503));
    Access behind(false, kHv, 0x38, {0}, 1);
    EXPECT_EQ(b(behind, cycles(2)), cycles(5));
  });
}

TEST_F(TimaTlm, LinesAreToldBeforeTheAccessEnds) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    EXPECT_TRUE(chip_.lines[0].os_ext);
    ASSERT_EQ(chip_.requests.size(), 1U);
    EXPECT_EQ(chip_.requests[0].first.idx, 0x42U);
    EXPECT_EQ(chip_.line_times.back(), chip_.requests[0].second);
    Access ack(false, kOs, 0x810, {0, 0});
    b(ack);
    EXPECT_EQ(ack.data, (std::vector<unsigned char>{0x80, 0x03}));
    EXPECT_FALSE(chip_.lines[0].os_ext);
  });
}

TEST_F(TimaTlm, LateMemoryAnswerBlocksTheCallerForAsLong) {
  run_in_thread([&] {
    chip_.late = true;
    chip_.answer.ipb = 0x10;
    store(kOs, 0x11, {0xff});
    wait(cycles(20));
    const sc_time start = sc_time_stamp();
    sc_core::sc_spawn([&] {
      wait(cycles(50));
      bench_.target.answer_memory(chip_.answer);
    });
    const sc_time delay = store(kHv, 0x18, {0x80, 0x00, 0x00, 0x42});
    EXPECT_EQ(sc_time_stamp() + delay - start, cycles(51));
    EXPECT_TRUE(chip_.lines[0].os_ext);
  });
}

TEST_F(TimaTlm, MatchIsAnsweredWhileAPushWaitsForMemory) {
  run_in_thread([&] {
    chip_.late = true;
    bool pushed = false;
    sc_core::sc_spawn([&] {
      open_os();
      pushed = true;
    });
    wait(cycles(20));
    EXPECT_FALSE(pushed);
    sc_time delay;
    EXPECT_EQ(bench_.target.presenter(message(PresenterCmd::Match), delay).match, 1);
    EXPECT_EQ(delay, cycles(2));
    bench_.target.answer_memory({.ok = true});
    wait(cycles(20));
    EXPECT_TRUE(pushed);
  });
}

TEST_F(TimaTlm, PresenterIsImmediateAndCostsItsCycles) {
  run_in_thread([&] {
    open_os();
    wait(cycles(20));
    sc_time delay = cycles(4);
    EXPECT_EQ(bench_.target.presenter(message(PresenterCmd::Match), delay).match, 1);
    EXPECT_EQ(delay, cycles(6));
    EXPECT_TRUE(bench_.target.presenter(message(PresenterCmd::Present), delay).ack);
    EXPECT_EQ(delay, cycles(9));
    EXPECT_TRUE(chip_.lines[0].os_ext);
  });
}

TEST_F(TimaTlm, ErrorCodesBecomeResponses) {
  struct {
    const char* what;
    std::function<void(Access&)> spoil;
    tlm::tlm_response_status status;
    bool ones;
  } const cases[] = {
      {"page without the right", [](Access& a) { a.trans.set_address(kUser << 16U | 0x810U); },
       tlm::TLM_GENERIC_ERROR_RESPONSE, true},
      {"misaligned", [](Access& a) { a.trans.set_address(kHv << 16U | 0x11U); },
       tlm::TLM_BURST_ERROR_RESPONSE, true},
      {"no such thread", [](Access& a) { a.requester.thread = 4; }, tlm::TLM_GENERIC_ERROR_RESPONSE,
       true},
      {"no requester", [](Access& a) { a.trans.clear_extension(&a.requester); },
       tlm::TLM_COMMAND_ERROR_RESPONSE, false},
      {"outside of the window", [](Access& a) { a.trans.set_address(0x40000); },
       tlm::TLM_ADDRESS_ERROR_RESPONSE, false},
      {"streaming", [](Access& a) { a.trans.set_streaming_width(1); },
       tlm::TLM_BURST_ERROR_RESPONSE, false},
      {"ignore command", [](Access& a) { a.trans.set_command(tlm::TLM_IGNORE_COMMAND); },
       tlm::TLM_OK_RESPONSE, false},
      {"executed, pulls an invalid context",
       [](Access& a) {
         a.trans.set_address(kHv << 16U | 0x818U);
         a.data.resize(4);
         a.trans.set_data_ptr(a.data.data());
         a.trans.set_data_length(4);
         a.trans.set_streaming_width(4);
       },
       tlm::TLM_OK_RESPONSE, false},
  };
  run_in_thread([&] {
    for (const auto& c : cases) {
      SCOPED_TRACE(c.what);
      Access access(false, kOs, 0x810, {0x55, 0x66});
      c.spoil(access);
      b(access);
      EXPECT_EQ(access.trans.get_response_status(), c.status);
      EXPECT_EQ(access.data[0] == 0xff && access.data[1] == 0xff, c.ones);
      EXPECT_FALSE(access.trans.is_dmi_allowed());
    }
    EXPECT_EQ(chip_.errors, (std::vector{ErrorCode::PullInvalid}));
  });
}

TEST_F(TimaTlm, LengthThatIsNoAccessSizeIsABurstError) {
  run_in_thread([&] {
    for (const unsigned length : {3U, 5U, 6U, 7U, 16U}) {
      Access access(false, kHv, 0x10, std::vector<unsigned char>(length));
      b(access);
      EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_BURST_ERROR_RESPONSE);
      EXPECT_EQ(access.data, std::vector<unsigned char>(length, 0xff));
    }
  });
}

TEST_F(TimaTlm, ByteEnablesMustAllBeSet) {
  run_in_thread([&] {
    unsigned char all[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    unsigned char some[8] = {0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xff, 0xff};
    for (const unsigned length : {1U, 4U, 8U}) {
      Access access(true, kHv, 0x10, {0, 7, 0, 0});
      access.trans.set_byte_enable_ptr(all);
      access.trans.set_byte_enable_length(length);
      b(access);
      EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_OK_RESPONSE);
    }
    const ThreadState before = bench_.port.state(0);
    Access access(true, kHv, 0x10, {0, 1, 0, 0});
    access.trans.set_byte_enable_ptr(some);
    access.trans.set_byte_enable_length(4);
    b(access);
    EXPECT_EQ(access.trans.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    EXPECT_EQ(bench_.port.state(0), before);
  });
}

TEST_F(TimaTlm, DebugReadsTheImageWithoutSideEffects) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    const ThreadState before = bench_.port.state(0);
    const Cycle now = bench_.port.now();
    Access all(false, kUser, 0x000, std::vector<unsigned char>(100));
    EXPECT_EQ(bench_.socket->transport_dbg(all.trans), 64U);
    EXPECT_TRUE(std::equal(before.r.begin(), before.r.end(), all.data.begin()));
    Access part(false, kHv, 0x13, std::vector<unsigned char>(3));
    EXPECT_EQ(bench_.socket->transport_dbg(part.trans), 3U);
    EXPECT_EQ(part.data[0], before.r[0x13]);
    Access tail(false, kHv, 0x3c, std::vector<unsigned char>(8));
    EXPECT_EQ(bench_.socket->transport_dbg(tail.trans), 4U);

    Access ack(false, kOs, 0x810, {0, 0});
    EXPECT_EQ(bench_.socket->transport_dbg(ack.trans), 0U);
    Access write(true, kHv, 0x10, {1, 2, 3, 4});
    EXPECT_EQ(bench_.socket->transport_dbg(write.trans), 0U);
    Access nobody(false, kHv, 0x10, {0}, 9);
    EXPECT_EQ(bench_.socket->transport_dbg(nobody.trans), 0U);
    EXPECT_EQ(bench_.port.state(0), before);
    EXPECT_EQ(bench_.port.now(), now);
  });
}

TEST_F(TimaTlm, DmiIsRefused) {
  run_in_thread([&] {
    Access access(false, kHv, 0x10, {0, 0, 0, 0});
    tlm::tlm_dmi dmi;
    EXPECT_FALSE(bench_.socket->get_direct_mem_ptr(access.trans, dmi));
    EXPECT_TRUE(dmi.is_none_allowed());
  });
}

// --- Chip side -----------------------------------------------------------------------------------

TEST_F(TimaTlm, FallOfAnEnableDropsTheLineWithoutAnAccess) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    ASSERT_TRUE(chip_.lines[0].os_ext);
    wait(cycles(50));
    bench_.target.set_thread_enable(0b1110);
    wait(cycles(3));
    EXPECT_FALSE(chip_.lines[0].os_ext);
    EXPECT_FALSE(bench_.port.state(0).enabled);
  });
}

TEST_F(TimaTlm, ResetDropsEverythingAndKeepsTheEnables) {
  run_in_thread([&] {
    chip_.answer.ipb = 0x10;
    open_os();
    wait(cycles(50));
    bench_.target.reset();
    wait(cycles(10));
    EXPECT_FALSE(chip_.lines[0].os_ext);
    EXPECT_EQ(bench_.port.state(0).at(Ring::Os, reg::kCppr), 0);
    EXPECT_TRUE(bench_.port.state(0).enabled);
    EXPECT_TRUE(bench_.port.idle());
  });
}

TEST_F(TimaTlm, AnswerWithoutARequestIsRefused) {
  run_in_thread([&] { EXPECT_THROW(bench_.target.answer_memory({}), std::logic_error); });
}

TEST_F(TimaTlm, AccessFromInsideACallbackIsRefused) {
  run_in_thread([&] {
    chip_.during = [&] {
      Access inner(false, kHv, 0x38, {0});
      sc_time delay;
      EXPECT_THROW(bench_.target.b_transport(inner.trans, delay), std::logic_error);
      EXPECT_THROW(bench_.target.presenter(message(PresenterCmd::Match), delay), std::logic_error);
    };
    open_os();
    EXPECT_EQ(chip_.requests.size(), 1U);
    // And the refused access left nothing behind.
    EXPECT_EQ(bench_.port.state(0).word2(Ring::Os), 0x80000042U);
    EXPECT_TRUE(bench_.port.idle());
  });
}

/// Found out in elaborate(): a module cannot be built later.
std::vector<std::string>& construction_errors() {
  static std::vector<std::string> errors;
  return errors;
}

void try_to_construct(const char* name, const sc_time& period, unsigned depth) {
  static ReferencePort port{Params{}};
  static Chip chip;
  try {
    TimaTarget target(name, port, chip, period, depth);
  } catch (const std::invalid_argument& error) {
    construction_errors().push_back(error.what());
  }
}

TEST(TimaTlmConstruction, RefusesPeriodAndDepthOfZero) {
  EXPECT_EQ(construction_errors(), (std::vector<std::string>{"TimaTarget: the clock period is 0",
                                                             "TimaTarget: the queue depth is 0"}));
}

}  // namespace
}  // namespace xive::tima::testing

void xive::testing::elaborate() {
  tima::testing::try_to_construct("no_period", sc_core::SC_ZERO_TIME, 1);
  tima::testing::try_to_construct("no_depth", tima::testing::kPeriod, 0);
  for (int i = 0; i < 32; ++i) {
    tima::testing::pool().push_back(
        std::make_unique<tima::testing::Bench>(("bench" + std::to_string(i)).c_str()));
  }
}
