// SPDX-License-Identifier: Apache-2.0
// A hang of the RTL is a typed error. The RTL has none, so a stand-in plays it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "bridge/testing/fake_model.h"
#include "bridge/verilated_tima_impl.h"
#include "sc_models/tima/testing/port_driver.h"
#include "sc_models/tima/tima_error.h"

namespace xive::bridge {
namespace {

using testing::FakeModel;
using testing::FakePins;
using tima::Page;
using tima::testing::PortDriver;

using FakeTima = VerilatedTimaImpl<FakeModel>;

std::unique_ptr<FakeTima> make_fake(std::function<void(FakePins&)> behaviour,
                                    const RtlOptions& options = {}) {
  FakeModel::on_clock = std::move(behaviour);
  tima::Params params;
  params.threads = FakeModel::kThreads;
  return std::make_unique<FakeTima>(params, options);
}

TEST(VerilatedTimaHang, NeverReady) {
  const auto port = make_fake([](FakePins& p) { p.idle_o = 0; });
  PortDriver driver(*port);
  port->advance(50'000);  // idle is no hang
  port->submit(PortDriver::access(0, Page::Os, 0x10, 8, false, 0));
  try {
    port->advance(1'000'000);
    FAIL() << "no hang";
  } catch (const tima::TimaHang& hang) {
    EXPECT_STREQ(hang.what(),
                 "TIMA RTL: no progress in 10000 cycles at cycle 60000; waiting: mmio");
  }
}

TEST(VerilatedTimaHang, AcceptedButNeverAnswered) {
  RtlOptions options;
  options.hang_cycles = 100;
  const auto port = make_fake(
      [](FakePins& p) {
        p.mm_req_ready_o = 1;
        p.idle_o = 0;
      },
      options);
  PortDriver driver(*port);
  port->submit(PortDriver::access(0, Page::Os, 0x10, 8, false, 0));
  EXPECT_THROW(port->advance(1000), tima::TimaHang);
  EXPECT_LT(port->now(), 110U);
}

TEST(VerilatedTimaHang, EnableNeverTakenOver) {
  RtlOptions options;
  options.hang_cycles = 100;
  // The double takes over at once, but never announces the fall.
  const auto port = make_fake([](FakePins& p) { p.idle_o = 0; }, options);
  PortDriver driver(*port);
  port->set_thread_enable(1);
  port->advance(20);
  port->set_thread_enable(0);
  EXPECT_THAT([&] { port->advance(1000); },
              ::testing::ThrowsMessage<tima::TimaHang>(::testing::HasSubstr("thread-enable")));
}

TEST(VerilatedTimaHang, AClientThatOwesAnAnswerIsNoHang) {
  const auto port = make_verilated_tima({}, {});
  PortDriver driver(*port);
  driver.enable_all();
  driver.set_memory_delay(60'000);
  driver.set_nvt(0, 0x123, 0);
  port->submit(PortDriver::access(0, Page::Hv, 0x18, 4, true, 0x80000123));
  EXPECT_NO_THROW(driver.run(70'000));
  EXPECT_EQ(driver.mmio_answers().size(), 1U);
}

TEST(VerilatedTimaHang, ResetBringsThePortBack) {
  RtlOptions options;
  options.hang_cycles = 50;
  const auto port = make_fake([](FakePins& p) { p.idle_o = p.mm_req_valid_i == 0; }, options);
  PortDriver driver(*port);
  port->submit(PortDriver::access(0, Page::Os, 0x10, 8, false, 0));
  EXPECT_THROW(port->advance(1000), tima::TimaHang);
  port->reset();
  EXPECT_NO_THROW(port->advance(port->now() + 1000));
  EXPECT_TRUE(port->idle());
}

TEST(VerilatedTimaHang, UnaskedResponseFires) {
  RuleBook book;
  RtlOptions options;
  options.rules = &book;
  options.idle_skipping = false;  // the double says that it is idle
  const auto port =
      make_fake([](FakePins& p) { p.mm_rsp_valid_o = p.mm_rsp_valid_o == 0; }, options);
  PortDriver driver(*port);
  port->advance(3);
  ASSERT_FALSE(book.clean());
  EXPECT_EQ(book.violations()[0].rule, "BUS-MM-ASKED");
}

}  // namespace
}  // namespace xive::bridge
