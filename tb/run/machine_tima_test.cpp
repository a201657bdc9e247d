// SPDX-License-Identifier: Apache-2.0
// The machine on each kind of TIMA: software must see the same.
#include <gtest/gtest.h>

#include "sc_models/machine/testing/end_to_end.h"
#include "tb/run/tima_factory.h"

namespace xive::run {
namespace {

using bridge::TimaKind;
using machine::MachineConfig;
using machine::testing::EndToEnd;

EndToEnd run_on(TimaKind kind, const MachineConfig& config, unsigned sender, unsigned receiver) {
  RuleBook book;
  TimaSet timas(kind);
  EndToEnd run = machine::testing::run_end_to_end(config, timas.factory(), sender, receiver, [&] {
    EXPECT_EQ(timas.compared_events() > 0, kind == TimaKind::Lockstep);
    EXPECT_EQ(timas.evaluated_cycles() > 0, kind != TimaKind::Model);
    timas.merge_into(book);
  });
  EXPECT_TRUE(book.clean());
  EXPECT_EQ(book.entries().empty(), kind == TimaKind::Model);
  return run;
}

TEST(MachineOnTima, SameResultOnModelRtlAndLockstep) {
  const EndToEnd model = run_on(TimaKind::Model, {}, 0, 5);
  const EndToEnd rtl = run_on(TimaKind::Rtl, {}, 0, 5);
  const EndToEnd lockstep = run_on(TimaKind::Lockstep, {}, 0, 5);
  EXPECT_EQ(model.seen.ack, 0x8007U);
  EXPECT_EQ(model.seen, rtl.seen);
  EXPECT_EQ(model.seen, lockstep.seen);
  // Comparing takes no simulated time.
  EXPECT_EQ(rtl.digest, lockstep.digest);
}

TEST(MachineOnTima, EveryCoreSize) {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    MachineConfig config;
    config.threads = threads;
    const EndToEnd run = run_on(TimaKind::Lockstep, config, threads, threads - 1);
    EXPECT_EQ(run.seen.ack, 0x8007U) << threads;
    EXPECT_EQ(run.seen, run_on(TimaKind::Model, config, threads, threads - 1).seen) << threads;
  }
}

}  // namespace
}  // namespace xive::run
