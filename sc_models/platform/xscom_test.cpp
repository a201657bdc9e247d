// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/xscom.h"

#include <gtest/gtest.h>

#include "sc_models/platform/bus.h"

namespace xive::platform {
namespace {

TEST(Xscom, RouterFindsTheUnitAndGivesItItsOffset) {
  XscomConstants a, b;
  a.set(0x10, 0xaa, true);
  b.set(0, 0xbb);
  XscomRouter router(0, UnknownXscom::Fail);
  router.map(0x5013000, 0x100, a, "xive");
  router.map(0xf000f, 1, b, "id");
  std::uint64_t value = 0;
  EXPECT_TRUE(router.read(0x5013010, value));
  EXPECT_EQ(value, 0xaaU);
  EXPECT_TRUE(router.write(0x5013010, 5));
  EXPECT_TRUE(router.read(0x5013010, value));
  EXPECT_EQ(value, 5U);
  EXPECT_TRUE(router.write(0xf000f, 5));  // constant: accepted, ignored
  EXPECT_TRUE(router.read(0xf000f, value));
  EXPECT_EQ(value, 0xbbU);
  EXPECT_FALSE(router.read(0x5013011, value));
  EXPECT_FALSE(router.read(0x5013100, value));
  EXPECT_FALSE(router.write(0xf0010, 1));
  EXPECT_FALSE(router.read(0, value));
  EXPECT_EQ(value, 0U);
}

TEST(Xscom, UnknownAddressesReadZeroAndAreCounted) {
  XscomRouter router(0);
  std::uint64_t value = 1;
  EXPECT_TRUE(router.read(0x1234, value));
  EXPECT_EQ(value, 0U);
  EXPECT_TRUE(router.read(0x1234, value));
  EXPECT_TRUE(router.write(0x1234, 1));
  EXPECT_TRUE(router.write(0x99, 1));
  ASSERT_EQ(router.unknown().size(), 2U);
  EXPECT_EQ(router.unknown()[0].pcb, 0x1234U);
  EXPECT_EQ(router.unknown()[0].reads, 2U);
  EXPECT_EQ(router.unknown()[0].writes, 1U);
}

TEST(Xscom, OverlapIsRefusedWithBothNames) {
  XscomConstants unit;
  XscomRouter router(0);
  router.map(0x100, 0x10, unit, "one");
  try {
    router.map(0x10f, 1, unit, "two");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "XSCOM two [0x10f, 0x10f] overlaps one [0x100, 0x10f]");
  }
  EXPECT_NO_THROW(router.map(0xff, 1, unit, "three"));
  EXPECT_NO_THROW(router.map(0xffffffff, 1, unit, "last"));
}

TEST(Xscom, WindowCompletesInTheRequestersThread) {
  XscomConstants unit;
  unit.set(0, 0x220d104900008000);
  XscomRouter router(0, UnknownXscom::Fail);
  router.map(0xf000f, 1, unit, "id");
  XscomWindow window(XscomWindow::kP9Base, router);
  std::vector<std::pair<std::uint32_t, bool>> completions;
  window.set_completion([&](const Requester& requester, bool failed) {
    completions.emplace_back(requester.pir, failed);
  });
  Bus bus;
  bus.map({.name = "xscom",
           .base = XscomWindow::kP9Base,
           .size = XscomWindow::kSize,
           .target = &window});
  Request request;
  request.address = XscomWindow::kP9Base + 0xf000fULL * 8;
  request.requester.pir = 0x104;
  const Response good = bus.access(request);
  EXPECT_EQ(good.data, 0x220d104900008000U);
  request.address += 8;
  const Response bad = bus.access(request);
  EXPECT_TRUE(bad.ok());  // no bus error: HMER says it
  EXPECT_EQ(bad.data, ~std::uint64_t{0});
  request.requester = {};
  bus.access(request);
  EXPECT_EQ(completions,
            (std::vector<std::pair<std::uint32_t, bool>>{{0x104, false}, {0x104, true}}));
  request.size = 4;
  EXPECT_EQ(bus.access(request).status, Status::SizeError);
}

}  // namespace
}  // namespace xive::platform
