// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md 3.1 and the NSR predicates of 3.2.
#include "sc_models/tima/conversions.h"

#include <gtest/gtest.h>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima {
namespace {

TEST(Conversions, Prio2IpbSetsOneBitForActivePrioritiesAndNoneAbove) {
  const unsigned expected[] = {0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01};
  for (unsigned p = 0; p < 256; ++p) {
    EXPECT_EQ(prio2ipb(static_cast<std::uint8_t>(p)), p < 8 ? expected[p] : 0U) << p;
  }
}

TEST(Conversions, Ipb2PiprIsTheMostFavouredPendingPriority) {
  for (unsigned ipb = 0; ipb < 256; ++ipb) {
    EXPECT_EQ(ipb2pipr(static_cast<std::uint8_t>(ipb)), testing::most_favoured(ipb)) << ipb;
  }
}

TEST(Conversions, Prio2PiprAndNormReplaceEverythingAbove7ByFf) {
  for (unsigned p = 0; p < 256; ++p) {
    EXPECT_EQ(prio2pipr(static_cast<std::uint8_t>(p)), p < 8 ? p : 0xffU);
    EXPECT_EQ(norm(static_cast<std::uint8_t>(p)), p < 8 ? p : 0xffU);
  }
}

TEST(Conversions, PoolSignalsThroughPhys) {
  EXPECT_EQ(sig(Ring::User), Ring::User);
  EXPECT_EQ(sig(Ring::Os), Ring::Os);
  EXPECT_EQ(sig(Ring::Pool), Ring::Phys);
  EXPECT_EQ(sig(Ring::Phys), Ring::Phys);
}

TEST(Nsr, OsLooksAtBit0AndPhysAtTheTwoBitField) {
  for (unsigned value = 0; value < 256; ++value) {
    const auto n = static_cast<std::uint8_t>(value);
    EXPECT_EQ(nsr::exception_present(Ring::Os, n), value >= 0x80) << value;
    EXPECT_EQ(nsr::exception_present(Ring::Phys, n), value >= 0x40) << value;
    EXPECT_EQ(nsr::group_exception(Ring::Os, n), value >= 0x80 && value % 64 != 0) << value;
    EXPECT_EQ(nsr::group_exception(Ring::Phys, n), value >= 0x40 && value % 64 != 0) << value;
  }
}

}  // namespace
}  // namespace xive::tima
