// SPDX-License-Identifier: Apache-2.0
#include "sc_models/tima/reference_port.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>

#include "sc_models/tima/testing/port_driver.h"

namespace xive::tima::testing {
namespace {

constexpr std::uint32_t kWord2 = 0x80000042U;

/// Writes down what happens, in order, and answers nothing by itself.
class Scribe : public TimaClient, public Observer {
 public:
  explicit Scribe(TimaPort& port) : port_(port) {
    port.bind(*this);
    port.observe(this);
  }
  void on_mmio_response(const MmioResponse&, Cycle cycle) override { note("mmio", cycle); }
  void on_presenter_response(const PresenterResponse& response, Cycle cycle) override {
    note("presenter match=" + std::to_string(response.match), cycle);
  }
  void on_memory_request(const MemoryRequest&, Cycle cycle) override {
    note("request", cycle);
    if (answer_at_once) port_.respond(MemoryResponse{.ok = true, .ipb = 0x10});
  }
  void on_lines(unsigned thread, const Lines& lines, Cycle cycle) override {
    note("lines " + std::to_string(thread) + (lines.os_ext ? " os" : ""), cycle);
  }
  void on_error(unsigned, ErrorCode code, Cycle cycle) override {
    note("error " + std::to_string(static_cast<int>(code)), cycle);
  }
  void on_event(const Event& event) override {
    events.push_back(event);
    note("event " + std::to_string(static_cast<int>(event.kind)), event.cycle);
  }
  void on_match(const PresenterRequest&, const PresenterResponse&, Cycle cycle) override {
    note("observed match", cycle);
  }
  void on_memory(const MemoryRequest&, Cycle cycle) override { note("observed request", cycle); }
  void on_memory_answer(const MemoryResponse&, Cycle cycle) override {
    note("observed answer", cycle);
  }

  std::vector<std::string> take() { return std::exchange(log_, {}); }
  bool answer_at_once = false;
  std::vector<Event> events;

 private:
  void note(const std::string& what, Cycle cycle) {
    log_.push_back(what + " @" + std::to_string(cycle));
  }
  TimaPort& port_;
  std::vector<std::string> log_;
};

class ReferencePortTest : public ::testing::Test {
 protected:
  void SetUp() override {
    port_.set_thread_enable(0xf);
    port_.advance(10);
    ASSERT_TRUE(port_.idle());
    scribe_.take();
    scribe_.events.clear();
  }
  using Log = std::vector<std::string>;

  ReferencePort port_{Params{}};
  Scribe scribe_{port_};
  const MmioRequest push_ = PortDriver::access(1, Page::Hv, 0x18, 4, true, kWord2);
  const MmioRequest open_ = PortDriver::access(1, Page::Os, 0x11, 1, true, 0xff);
  const PresenterRequest match_ = PortDriver::directed(PresenterCmd::Match, 0, 0x42, 0);
};

TEST_F(ReferencePortTest, AdvanceJumpsOverIdleTime) {
  EXPECT_EQ(port_.advance(1'000'000'000'000), 1'000'000'000'000U);
  EXPECT_EQ(port_.advance(5), 1'000'000'000'000U);
  EXPECT_EQ(scribe_.take(), Log{});
}

TEST_F(ReferencePortTest, OperationTakesItsCyclesAndAdvanceStopsThere) {
  port_.submit(open_);
  EXPECT_FALSE(port_.idle());
  EXPECT_EQ(port_.advance(12), 12U);
  EXPECT_EQ(port_.advance(100), 13U);
  EXPECT_EQ(scribe_.take(), (Log{"event 0 @13", "mmio @13"}));
  EXPECT_TRUE(port_.idle());
}

TEST_F(ReferencePortTest, OperationsOfBothPortsRunOneAfterTheOther) {
  port_.submit(open_);
  port_.submit(PortDriver::directed(PresenterCmd::Present, 0, 0x42, 0));
  port_.submit(open_);
  while (!port_.idle()) port_.advance(100);
  EXPECT_EQ(scribe_.take(), (Log{"event 0 @13", "mmio @13", "event 1 @16", "presenter match=0 @16",
                                 "event 0 @19", "mmio @19"}));
}

TEST_F(ReferencePortTest, MemoryAnswerInsideTheCallbackLetsTheOperationGoOn) {
  scribe_.answer_at_once = true;
  port_.submit(open_);
  port_.advance(100);
  scribe_.take();
  port_.submit(push_);
  EXPECT_EQ(port_.advance(100), 16U);
  EXPECT_EQ(scribe_.take(), (Log{"observed request @16", "request @16", "observed answer @16",
                                 "event 0 @16", "lines 1 os @16", "mmio @16"}));
}

TEST_F(ReferencePortTest, AccessGivesTheAnswerItself) {
  const MmioRequest read = PortDriver::access(1, Page::Os, 0x10, 8, false, 0);
  MmioResponse response;
  EXPECT_TRUE(port_.access(read, response));
  EXPECT_EQ(response.rdata, 0x0000'00ff'ff00'00ffU);
  EXPECT_EQ(port_.now(), 13U);
  EXPECT_TRUE(port_.idle());
  EXPECT_EQ(scribe_.take(), Log{"event 0 @13"});
}

TEST_F(ReferencePortTest, AccessThatWaitsIsAnsweredThroughTheClient) {
  const MmioRequest read = PortDriver::access(1, Page::Os, 0x10, 8, false, 0);
  MmioResponse response;
  EXPECT_FALSE(port_.access(push_, response));
  EXPECT_EQ(scribe_.take(), (Log{"observed request @13", "request @13"}));
  EXPECT_FALSE(port_.access(read, response));
  port_.respond(MemoryResponse{.ok = true});
  while (!port_.idle()) port_.advance(100);
  EXPECT_EQ(scribe_.take(),
            (Log{"observed answer @13", "event 0 @14", "mmio @14", "event 0 @17", "mmio @17"}));
}

TEST_F(ReferencePortTest, AccessOfThePresenterGivesTheAnswerItself) {
  scribe_.answer_at_once = true;
  port_.submit(push_);
  port_.submit(open_);
  while (!port_.idle()) port_.advance(port_.now() + 1);
  scribe_.take();
  const Cycle begin = port_.now();
  PresenterResponse response;
  EXPECT_TRUE(port_.access(match_, response));
  EXPECT_EQ(response.match, 2);
  EXPECT_EQ(port_.now(), begin + 2);
  PresenterRequest present = match_;
  present.cmd = PresenterCmd::Present;
  present.thread = 1;
  present.ring = Ring::Os;
  EXPECT_TRUE(port_.access(present, response));
  EXPECT_TRUE(response.ack);
  EXPECT_EQ(response.match, 0);
  EXPECT_EQ(port_.now(), begin + 5);
  EXPECT_TRUE(port_.idle());
  const auto at = [&](Cycle cycles) { return " @" + std::to_string(begin + cycles); };
  EXPECT_EQ(scribe_.take(), (Log{"observed match" + at(2), "event 1" + at(5)}));
}

TEST_F(ReferencePortTest, AccessOfThePresenterWaitsForWhatIsThereAlready) {
  port_.submit(push_);
  PresenterResponse response;
  EXPECT_FALSE(port_.access(match_, response));
  port_.advance(100);
  EXPECT_EQ(scribe_.take(), (Log{"observed match @12", "presenter match=0 @12"}));
}

TEST_F(ReferencePortTest, LateMemoryAnswerLeavesThePartialStateVisibleToMatch) {
  port_.submit(match_);
  port_.submit(push_);
  port_.submit(match_);
  EXPECT_EQ(port_.advance(100), 12U);  // first MATCH: before the push
  EXPECT_EQ(port_.advance(100), 13U);  // request
  EXPECT_EQ(port_.state(1).word2(Ring::Os), kWord2);
  EXPECT_EQ(port_.advance(100), 14U);  // second MATCH: sees V
  EXPECT_EQ(port_.advance(50), 50U);
  EXPECT_FALSE(port_.idle());
  EXPECT_EQ(scribe_.take(),
            (Log{"observed match @12", "presenter match=0 @12", "observed request @13",
                 "request @13", "observed match @14", "presenter match=2 @14"}));
  port_.respond(MemoryResponse{.ok = true, .ipb = 0x10});
  EXPECT_EQ(port_.advance(100), 51U);
  EXPECT_EQ(scribe_.take(), (Log{"observed answer @50", "event 0 @51", "mmio @51"}));
  const Event& event = scribe_.events.back();
  EXPECT_EQ(event.before.word2(Ring::Os), 0U);
  EXPECT_EQ(event.after.word2(Ring::Os), kWord2);
  EXPECT_EQ(event.after.at(Ring::Os, reg::kIpb), 0x10);
  EXPECT_EQ(event.after.at(Ring::Os, reg::kPipr), 3);
  EXPECT_EQ(event.after, port_.state(1));
}

TEST_F(ReferencePortTest, LateAndEarlyAnswersGiveTheSameEvents) {
  std::vector<Event> events[2];
  for (const bool late : {false, true}) {
    ReferencePort port{Params{}};
    PortDriver driver(port);
    Scribe scribe(port);
    port.bind(driver);
    driver.set_memory_delay(late ? 20 : 0);
    driver.enable_all();
    driver.set_nvt(0, 0x42, 0x81);
    for (unsigned i = 0; i < 50; ++i) {
      driver.store(1, Page::Os, 0x11, 1, i % 9);
      driver.store(1, Page::Hv, 0x18, 4, kWord2);
      driver.present(1, Ring::Os, 0, 0x42, i % 8);
      driver.load(1, Page::Os, 0x810, 2);
      driver.load(1, Page::Hv, 0x818, 4);
      driver.set_nvt(0, 0x42, static_cast<std::uint8_t>(i * 37));
    }
    events[late] = scribe.events;
  }
  ASSERT_EQ(events[0].size(), events[1].size());
  for (std::size_t i = 0; i < events[0].size(); ++i) {
    EXPECT_EQ(events[0][i].before, events[1][i].before) << i;
    EXPECT_EQ(events[0][i].after, events[1][i].after) << i;
    EXPECT_EQ(events[0][i].mmio_response, events[1][i].mmio_response) << i;
    EXPECT_EQ(events[0][i].presenter_response, events[1][i].presenter_response) << i;
  }
}

TEST_F(ReferencePortTest, ErrorPulseComesBeforeTheResponse) {
  port_.submit(PortDriver::access(0, Page::Hv, 0x818, 4, false, 0));
  port_.advance(100);
  EXPECT_EQ(scribe_.take(), (Log{"event 0 @13", "error 4 @13", "mmio @13"}));
  EXPECT_EQ(scribe_.events.back().code, ErrorCode::PullInvalid);
}

TEST_F(ReferencePortTest, BusErrorGivesNoErrorPulse) {
  port_.submit(PortDriver::access(0, Page::User, 0x810, 2, false, 0));
  port_.advance(100);
  EXPECT_EQ(scribe_.take(), (Log{"event 0 @13", "mmio @13"}));
}

TEST_F(ReferencePortTest, EnableChangesComeBeforeLaterWorkAndLowestThreadFirst) {
  port_.set_thread_enable(0b0110);
  port_.submit(PortDriver::access(0, Page::Hv, 0x38, 1, false, 0));
  while (!port_.idle()) port_.advance(100);
  ASSERT_EQ(scribe_.events.size(), 3U);
  EXPECT_EQ(scribe_.events[0].kind, EventKind::Enable);
  EXPECT_EQ(scribe_.events[0].thread, 0);
  EXPECT_EQ(scribe_.events[1].thread, 3);
  EXPECT_EQ(scribe_.events[2].mmio_response.code, ErrorCode::NoAccess);
}

TEST_F(ReferencePortTest, FallAndRiseBeforeTakeoverStillResetTheThread) {
  port_.submit(open_);
  port_.advance(100);
  scribe_.events.clear();
  port_.set_thread_enable(0b1101);
  port_.set_thread_enable(0b1111);
  EXPECT_FALSE(port_.idle());
  while (!port_.idle()) port_.advance(100);
  ASSERT_EQ(scribe_.events.size(), 1U);
  const Event& event = scribe_.events[0];
  EXPECT_EQ(event.thread, 1);
  EXPECT_TRUE(event.before.enabled);
  EXPECT_TRUE(event.after.enabled);
  EXPECT_EQ(event.before.at(Ring::Os, reg::kCppr), 0xff);
  EXPECT_EQ(event.after.at(Ring::Os, reg::kCppr), 0);
}

TEST_F(ReferencePortTest, ResetForgetsWorkDropsLinesAndTakesTheEnablesOverAgain) {
  scribe_.answer_at_once = true;
  port_.submit(open_);
  port_.submit(push_);
  while (!port_.idle()) port_.advance(100);
  ASSERT_TRUE(port_.lines(1).os_ext);
  scribe_.answer_at_once = false;
  port_.submit(push_);
  port_.submit(open_);
  port_.submit(match_);
  port_.advance(port_.now() + 3);  // MATCH answered
  port_.advance(port_.now() + 3);  // waiting for memory
  scribe_.take();
  const Cycle start = port_.now();
  port_.reset();
  EXPECT_FALSE(port_.lines(1).os_ext);
  EXPECT_THROW(port_.respond({}), std::logic_error);
  while (!port_.idle()) port_.advance(1000);
  EXPECT_EQ(scribe_.take()[1], "lines 1 @" + std::to_string(start + 1));
  EXPECT_EQ(scribe_.take(), Log{});
  for (unsigned thread = 0; thread < 4; ++thread) EXPECT_TRUE(port_.state(thread).enabled);
  EXPECT_EQ(port_.state(1).at(Ring::Os, reg::kCppr), 0);
}

TEST_F(ReferencePortTest, RefusesMisuse) {
  EXPECT_THROW(port_.respond({}), std::logic_error);
  port_.submit(open_);
  EXPECT_THROW(port_.configure({}), std::logic_error);
  EXPECT_THROW(port_.submit(PortDriver::access(4, Page::Hv, 0, 1, false, 0)), std::out_of_range);
  EXPECT_THROW(port_.set_thread_enable(0x10), std::out_of_range);
  PresenterRequest request = match_;
  request.blk = 16;
  EXPECT_THROW(port_.submit(request), std::out_of_range);
  request = match_;
  request.idx = 1U << 24U;
  EXPECT_THROW(port_.submit(request), std::out_of_range);
  ReferencePort unbound{Params{}};
  EXPECT_THROW(unbound.advance(1), std::logic_error);
  ReferenceTiming no_time;
  no_time.match = 0;
  EXPECT_THROW(ReferencePort(Params{}, no_time), std::invalid_argument);
}

TEST_F(ReferencePortTest, LimitErrorNamesFieldValueAndLimit) {
  try {
    port_.submit(PortDriver::access(5, Page::Hv, 0, 1, false, 0));
    FAIL();
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "TIMA port: mmio.thread is 0x5, the largest value is 0x3");
  }
}

TEST_F(ReferencePortTest, ClientMaySubmitFromItsCallback) {
  struct Chain : TimaClient {
    explicit Chain(TimaPort& p) : port(p) {}
    void on_mmio_response(const MmioResponse&, Cycle) override {
      if (++count < 5) port.submit(PortDriver::access(0, Page::Hv, 0x38, 1, false, 0));
    }
    void on_presenter_response(const PresenterResponse&, Cycle) override {}
    void on_memory_request(const MemoryRequest&, Cycle) override {}
    void on_lines(unsigned, const Lines&, Cycle) override {}
    TimaPort& port;
    int count = 0;
  } chain(port_);
  port_.bind(chain);
  port_.submit(PortDriver::access(0, Page::Hv, 0x38, 1, false, 0));
  while (!port_.idle()) port_.advance(1000);
  EXPECT_EQ(chain.count, 5);
  EXPECT_EQ(port_.now(), 10U + 5 * 3);
}

TEST(Fifo, KeepsOrderAcrossGrowthAndWrap) {
  Fifo<int> fifo;
  int in = 0, out = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < round % 23; ++i) fifo.push(in++);
    for (int i = 0; i < round % 19 && !fifo.empty(); ++i, fifo.pop()) {
      ASSERT_EQ(fifo.front(), out++);
    }
  }
  ASSERT_EQ(static_cast<int>(fifo.size()), in - out);
}

}  // namespace
}  // namespace xive::tima::testing
