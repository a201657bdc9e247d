// SPDX-License-Identifier: Apache-2.0
#include "bridge/make_tima.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sc_models/tima/testing/port_driver.h"

namespace xive::bridge {
namespace {

using tima::Page;
using tima::testing::PortDriver;

TEST(MakeTima, Kinds) {
  RuleBook book;
  TimaOptions options;
  options.rtl.rules = &book;
  const Tima model = make_tima(TimaKind::Model, {});
  EXPECT_EQ(model.rtl, nullptr);
  EXPECT_EQ(model.lockstep, nullptr);
  const Tima rtl = make_tima(TimaKind::Rtl, {});
  EXPECT_EQ(rtl.rtl, rtl.port.get());
  const Tima lockstep = make_tima(TimaKind::Lockstep, {}, options);
  EXPECT_EQ(lockstep.lockstep, lockstep.port.get());
  EXPECT_NE(lockstep.rtl, nullptr);
}

TEST(MakeTima, RefusesWhatDoesNotExist) {
  EXPECT_THROW(make_tima(TimaKind::Lockstep, {}), std::invalid_argument);
  tima::Params params;
  params.threads = 9;
  EXPECT_THROW(make_tima(TimaKind::Rtl, params), std::invalid_argument);
  params.threads = 0;
  EXPECT_THROW(make_tima(TimaKind::Rtl, params), std::invalid_argument);
  params = {};
  params.generation = 2;
  EXPECT_THROW(make_tima(TimaKind::Rtl, params), std::invalid_argument);
  TimaOptions mutant;
  mutant.rtl.mutant = 1;
  EXPECT_THROW(make_tima(TimaKind::Model, {}, mutant), std::invalid_argument);
  params = {};
  params.threads = 2;
  EXPECT_THROW(make_tima(TimaKind::Rtl, params, mutant), std::invalid_argument);
}

/// H1: a pull does not lower the OS line; the same build without a mutant is the true RTL.
TEST(MakeTima, MutantIsChosenAtRunTime) {
  for (const unsigned mutant : {0U, 1U}) {
    RuleBook book;
    TimaOptions options;
    options.rtl.rules = &book;
    options.rtl.mutant = mutant;
    const Tima tima = make_tima(TimaKind::Lockstep, {}, options);
    PortDriver driver(*tima.port);
    driver.enable_all();
    driver.set_nvt(0, 0x123, 0x80);
    driver.store(0, Page::Os, 0x11, 1, 0xff);
    driver.store(0, Page::Hv, 0x18, 4, 0x80000123);
    ASSERT_TRUE(driver.lines(0).os_ext);
    driver.load(0, Page::Hv, 0x818, 4);
    EXPECT_EQ(book.clean(), mutant == 0);
  }
}

}  // namespace
}  // namespace xive::bridge
