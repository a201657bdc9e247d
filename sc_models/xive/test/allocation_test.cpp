// SPDX-License-Identifier: Apache-2.0
// An interrupt on its way allocates nothing.
#include <gtest/gtest.h>

#include "sc_models/testing/allocation_counter.h"
#include "sc_models/xive/router/trigger_data.h"
#include "sc_models/xive/test/machine.h"

namespace xive::ic {
namespace {

using test::Machine;

TEST(Allocation, NonePerInterrupt) {
  Machine m(Machine::Options{.chips = 2});
  m.chip(0).observe(nullptr);
  m.chip(1).observe(nullptr);
  m.set_eas(0x20, 0, 8, 1);   // delivered
  m.set_eas(0x21, 0, 9, 1);   // backlog, then escalation to the first
  m.set_eas(0x22, 1, 10, 1);  // remote
  m.set_eas(0x23, 0, 11, 1);  // faults
  m.set_end(8, {.vp = 0x10});
  m.set_end(9, {.w0 = 0xf6000000, .vp = 0x11, .w4 = 8});
  m.set_end(10, {.vp_blk = 1, .vp = 0x12}, 1);
  for (const std::uint32_t vp : {0x10U, 0x11U}) m.set_vp(vp);
  m.set_vp(0x12, true, 1);
  m.dispatch(1, 2, 0, 0x10);
  const auto round = [&m] {
    for (std::uint32_t source = 0x20; source < 0x24; ++source) {
      m.esb(source, 0xc00);
      m.trigger(source);
    }
    m.store(m.ic() + 0x10c00, 8, 0);
    m.tima().pull_os(1, 2);
    m.dispatch(1, 2, 0, 0x10);
  };
  round();  // first use of queues and pages
  const std::size_t before = xive::testing::allocations();
  for (int i = 0; i < 1000; ++i) round();
  EXPECT_EQ(xive::testing::allocations(), before);
  EXPECT_EQ(m.chip().fir().count(FirId::EndInvalid), 1001U);
  EXPECT_EQ(m.tima().presents, 2002U);
}

}  // namespace
}  // namespace xive::ic
