// SPDX-License-Identifier: Apache-2.0
#include "bridge/verilated_tima.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "bridge/testing/traffic.h"
#include "sc_models/tima/testing/port_driver.h"

namespace xive::bridge {
namespace {

using testing::Traffic;
using tima::Page;
using tima::Ring;
using tima::testing::PortDriver;

std::unique_ptr<VerilatedTima> make(unsigned threads = 4, const RtlOptions& options = {}) {
  tima::Params params;
  params.threads = threads;
  return make_verilated_tima(params, options);
}

std::string file_name(const char* name) {
  return (std::filesystem::path(::testing::TempDir()) / name).string();
}

// ---- inputs ----

TEST(VerilatedTima, RefusesValuesWiderThanThePort) {
  const auto port = make(2);
  PortDriver driver(*port);
  driver.enable_all();
  tima::MmioRequest access = PortDriver::access(0, Page::Os, 0x10, 8, false, 0);
  access.thread = 2;
  EXPECT_THROW(port->submit(access), std::out_of_range);
  access.thread = 0;
  access.page = static_cast<Page>(4);
  EXPECT_THROW(port->submit(access), std::out_of_range);
  access.page = Page::Os;
  access.size_log2 = 4;
  EXPECT_THROW(port->submit(access), std::out_of_range);

  const tima::PresenterRequest good = PortDriver::directed(tima::PresenterCmd::Match, 0xf, 0, 0);
  auto bad = good;
  bad.blk = 0x10;
  EXPECT_THROW(port->submit(bad), std::out_of_range);
  bad = good;
  bad.idx = 0x1000000;
  EXPECT_THROW(port->submit(bad), std::out_of_range);
  bad = good;
  bad.logic_serv = 0x80000000;
  EXPECT_THROW(port->submit(bad), std::out_of_range);
  bad = good;
  bad.level = 0x40;
  EXPECT_THROW(port->submit(bad), std::out_of_range);

  EXPECT_THROW(port->set_thread_enable(4), std::out_of_range);
  tima::StaticInputs inputs;
  inputs.blk = 0x10;
  EXPECT_THROW(port->configure(inputs), std::out_of_range);
  inputs = {};
  inputs.pir[1] = 0x8000;
  EXPECT_THROW(port->configure(inputs), std::out_of_range);
  EXPECT_THROW(port->state(2), std::out_of_range);
  EXPECT_THROW(port->lines(2), std::out_of_range);

  // Nothing of this left a trace.
  EXPECT_TRUE(port->idle());
  EXPECT_EQ(driver.load(0, Page::Os, 0x10, 8).rdata, 0x0000'00ff'ff00'00ffU);
}

TEST(VerilatedTima, RefusesWideMemoryAnswersAndAnswersToNothing) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  driver.set_memory_delay(1000);
  EXPECT_THROW(port->respond({}), std::logic_error);
  port->submit(PortDriver::access(0, Page::Hv, 0x18, 4, true, 0x80000123));
  driver.run(20);
  ASSERT_EQ(driver.memory_requests().size(), 1U);
  tima::MemoryResponse answer;
  answer.t = 2;
  EXPECT_THROW(port->respond(answer), std::out_of_range);
  answer = {};
  answer.pgofirst = 0x40;
  EXPECT_THROW(port->respond(answer), std::out_of_range);
  answer = {};
  answer.scan_level = 0x40;
  EXPECT_THROW(port->respond(answer), std::out_of_range);
  EXPECT_FALSE(port->idle());
}

TEST(VerilatedTima, ConfiguresOnlyWhenIdle) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  tima::StaticInputs inputs;
  inputs.blk = 7;
  inputs.pir[3] = 0x7f;
  port->submit(PortDriver::access(3, Page::Hv, 0x38, 1, true, 0x80));
  EXPECT_THROW(port->configure(inputs), std::logic_error);
  driver.run_until_idle();
  driver.mmio_answers().clear();
  // Straight after the answer: the new inputs are there for the next operation.
  driver.store(3, Page::Hv, 0x31, 1, 0xff);
  port->configure(inputs);
  EXPECT_EQ(driver.match(7, 0x80U | 0x7fU).match, 1U << 3U);
}

// ---- answers in the call ----

/// A thread that a search finds, and one that finds a backlog late in memory.
struct Searched {
  static constexpr unsigned kThread = 3;
  Searched() {
    driver.enable_all();
    inputs.blk = 7;
    inputs.pir[kThread] = 0x7f;
    port->configure(inputs);
    driver.store(kThread, Page::Hv, 0x38, 1, 0x80);
    driver.store(kThread, Page::Hv, 0x31, 1, 0xff);
    driver.run_until_idle();
  }
  const std::unique_ptr<VerilatedTima> port = make();
  PortDriver driver{*port};
  tima::StaticInputs inputs;
  tima::PresenterRequest match =
      PortDriver::directed(tima::PresenterCmd::Match, 7, 0x80U | 0x7fU, 3);
};

TEST(VerilatedTima, AccessOfThePresenterAnswersAsTheClientWouldHear) {
  Searched called, told;
  tima::PresenterRequest present = called.match;
  present.cmd = tima::PresenterCmd::Present;
  present.thread = Searched::kThread;
  present.ring = Ring::Phys;
  for (const tima::PresenterRequest& request : {called.match, present}) {
    tima::PresenterResponse response;
    EXPECT_TRUE(called.port->access(request, response));
    EXPECT_TRUE(called.port->idle());
    EXPECT_EQ(response, told.driver.presenter(request));
    EXPECT_EQ(called.port->now(), told.port->now());
  }
  EXPECT_TRUE(called.driver.presenter_answers().empty());
  EXPECT_TRUE(called.driver.lines(Searched::kThread).hv_ext);
  EXPECT_EQ(called.port->state(Searched::kThread), told.port->state(Searched::kThread));
}

TEST(VerilatedTima, AccessOfThePresenterBesideAnOperationThatWaitsIsAnsweredThroughTheClient) {
  Searched late;
  late.driver.set_memory_delay(1000);
  late.port->submit(PortDriver::access(0, Page::Hv, 0x18, 4, true, 0x80000123));
  late.driver.run(20);
  ASSERT_EQ(late.driver.memory_requests().size(), 1U);
  tima::PresenterResponse response;
  EXPECT_FALSE(late.port->access(late.match, response));
  late.driver.run(20);
  ASSERT_EQ(late.driver.presenter_answers().size(), 1U);
  EXPECT_EQ(late.driver.presenter_answers().front().second.match, 1U << Searched::kThread);
}

// ---- time ----

TEST(VerilatedTima, IdleTimeIsJumped) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  driver.run(10);
  const std::uint64_t before = port->evaluated_cycles();
  const tima::Cycle horizon = port->now() + 2'000'000'000;
  EXPECT_EQ(port->advance(horizon), horizon);
  EXPECT_EQ(port->evaluated_cycles(), before);
  EXPECT_EQ(driver.load(0, Page::Os, 0x10, 8).rdata, 0x0000'00ff'ff00'00ffU);
}

TEST(VerilatedTima, WithoutIdleSkippingEveryCycleIsEvaluated) {
  RtlOptions options;
  options.idle_skipping = false;
  const auto port = make(4, options);
  PortDriver driver(*port);
  driver.enable_all();
  const std::uint64_t before = port->evaluated_cycles();
  driver.run(1000);
  EXPECT_EQ(port->evaluated_cycles() - before, 1000U);
}

TEST(VerilatedTima, AdvanceStopsAtTheHorizonAndAtTheFirstCall) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  const tima::Cycle begin = port->now();
  EXPECT_EQ(port->advance(begin + 7), begin + 7);
  port->submit(PortDriver::access(0, Page::Os, 0x10, 8, false, 0));
  EXPECT_EQ(port->advance(begin + 8), begin + 8);
  const tima::Cycle end = port->advance(begin + 1000);
  ASSERT_EQ(driver.mmio_answers().size(), 1U);
  EXPECT_EQ(driver.mmio_answers().front().first, end);
  EXPECT_LT(end, begin + 20);
}

// ---- reset and enables ----

TEST(VerilatedTima, ResetDropsWorkAndKeepsTheEnables) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable(0b0101);
  driver.set_nvt(0, 0x123, 0xff);
  driver.store(2, Page::Os, 0x11, 1, 0xff);
  driver.store(2, Page::Hv, 0x18, 4, 0x80000123);
  ASSERT_TRUE(driver.lines(2).os_ext);
  port->submit(PortDriver::access(0, Page::Os, 0x10, 8, false, 0));
  port->submit(PortDriver::access(2, Page::Hv, 0x818, 4, false, 0));
  port->advance(port->now() + 1);
  const tima::Cycle before = port->now();
  port->reset();
  EXPECT_EQ(port->now(), before) << "time moves only inside advance()";
  EXPECT_TRUE(driver.lines(2).os_ext) << "told only inside advance()";
  driver.run_until_idle();
  EXPECT_FALSE(driver.lines(2).os_ext);
  EXPECT_TRUE(driver.mmio_answers().empty());
  for (unsigned t = 0; t < 4; ++t) {
    EXPECT_EQ(port->state(t).enabled, t == 0 || t == 2);
    EXPECT_EQ(port->state(t).at(Ring::Os, tima::reg::kPipr), 0xff);
    EXPECT_EQ(port->state(t).word2(Ring::Os), 0U);
  }
  EXPECT_EQ(driver.load(2, Page::Os, 0x10, 8).rdata, 0x0000'00ff'ff00'00ffU);
}

TEST(VerilatedTima, ResetWhileAMemoryAnswerIsOwed) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  driver.set_memory_delay(1'000'000);
  port->submit(PortDriver::access(1, Page::Hv, 0x18, 4, true, 0x80000123));
  driver.run(20);
  ASSERT_EQ(driver.memory_requests().size(), 1U);
  port->reset();
  EXPECT_THROW(port->respond({}), std::logic_error);
  driver.run_until_idle();
  EXPECT_EQ(driver.load(1, Page::Hw, 0x18, 4).rdata, 0U);
}

/// Records the enable events of thread 1.
struct EnableLog final : tima::Observer {
  void on_event(const tima::Event& e) override {
    if (e.kind != tima::EventKind::Enable || e.thread != 1) return;
    log += e.before.enabled ? '1' : '0';
    log += e.after.enabled ? '1' : '0';
    log += ' ';
  }
  std::string log;
};

TEST(VerilatedTima, FallThenRiseResetsTheThread) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  driver.store(1, Page::Os, 0x11, 1, 5);
  EnableLog log;
  port->observe(&log);
  port->set_thread_enable(0b1101);
  port->set_thread_enable(0b1111);
  driver.run_until_idle();
  EXPECT_EQ(log.log, "10 01 ");
  EXPECT_EQ(port->state(1).at(Ring::Os, tima::reg::kCppr), 0) << "the fall was lost";
  EXPECT_TRUE(port->state(1).enabled);
}

TEST(VerilatedTima, FallWaitsForTheOperationInProgress) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  driver.set_memory_delay(40);
  driver.set_nvt(0, 0x123, 0x80);
  EnableLog log;
  port->observe(&log);
  port->submit(PortDriver::access(1, Page::Hv, 0x18, 4, true, 0x80000123));
  driver.run(10);
  port->set_thread_enable(0b1101);
  port->set_thread_enable(0b1111);
  port->submit(PortDriver::access(1, Page::Os, 0x10, 8, false, 0));  // after the change
  driver.run(10);
  EXPECT_EQ(log.log, "") << "taken over in the middle of the push";
  driver.run_until_idle();
  EXPECT_EQ(log.log, "10 01 ");
  ASSERT_EQ(driver.mmio_answers().size(), 2U);
  EXPECT_EQ(driver.mmio_answers().back().second.rdata, 0x0000'00ff'ff00'00ffU);
}

TEST(VerilatedTima, OperationsKeepTheirPlaceAmongEnableChanges) {
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  for (int i = 0; i < 3; ++i) {
    port->submit(PortDriver::access(1, Page::Os, 0x10, 8, false, 0));
    port->set_thread_enable(0b1101);
    port->submit(PortDriver::access(1, Page::Os, 0x10, 8, false, 0));
    port->set_thread_enable(0b1111);
  }
  driver.run_until_idle();
  ASSERT_EQ(driver.mmio_answers().size(), 6U);
  for (unsigned i = 0; i < 6; ++i) {
    EXPECT_EQ(driver.mmio_answers()[i].second.err, i % 2 == 1) << i;
  }
}

// ---- waves ----

std::uint64_t traffic_digest(VerilatedTima& port) {
  Traffic traffic(port, 7);
  traffic.run(300);
  return traffic.digest();
}

TEST(VerilatedTima, WavesHaveContentAndChangeNothing) {
  const std::string path = file_name("bridge_waves.fst");
  const auto plain = make();
  const auto traced = make();
  EXPECT_FALSE(traced->waves_open());
  traced->open_waves(path);
  EXPECT_TRUE(traced->waves_open());
  EXPECT_EQ(traffic_digest(*traced), traffic_digest(*plain));
  traced->close_waves();
  EXPECT_FALSE(traced->waves_open());

  // An FST file: the header block, then more than a few signals' worth of changes.
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  ASSERT_GT(bytes.size(), 5000U);
  EXPECT_EQ(bytes[0], 0);
  std::filesystem::remove(path);
}

TEST(VerilatedTima, WavesOpenInTheMiddleAndAgain) {
  const std::string first = file_name("bridge_first.fst");
  const std::string second = file_name("bridge_second.fst");
  const auto port = make();
  PortDriver driver(*port);
  driver.enable_all();
  port->open_waves(first);
  driver.load(0, Page::Os, 0x10, 8);
  port->open_waves(second);  // closes the first
  driver.run(1'000'000);     // idle time jumped
  driver.load(0, Page::Os, 0x10, 8);
  port->reset();
  port->reset();
  driver.load(0, Page::Os, 0x10, 8);
  port->close_waves();
  EXPECT_GT(std::filesystem::file_size(first), 500U);
  EXPECT_GT(std::filesystem::file_size(second), 500U);
  std::filesystem::remove(first);
  std::filesystem::remove(second);
}

TEST(VerilatedTima, WavesThatCannotBeWritten) {
  const auto port = make();
  EXPECT_THROW(port->open_waves("/nonexistent/waves.fst"), std::runtime_error);
  EXPECT_FALSE(port->waves_open());
}

}  // namespace
}  // namespace xive::bridge
