// SPDX-License-Identifier: Apache-2.0
// The checks of hardware threads get their chances from a machine under load, are silent there, and
// fire on a broken one.
#include "sc_models/machine/rules/thread_rules.h"

#include <gtest/gtest.h>

#include "sc_models/machine/load/mixed_load.h"
#include "sc_models/machine/testing/end_to_end.h"

namespace xive::machine {
namespace {

using ppc::host::Cpu;
using ppc::host::InterruptFrame;
using ppc::host::VectorSpace;

TEST(ThreadRules, SilentUnderLoadWithChances) {
  ppc::host::FiberExecutor executor;
  RuleBook book;
  Machine machine({}, executor, testing::reference_factory());
  DirectTables tables(machine);
  ThreadRules rules(machine, book);
  MixedLoad load(machine, tables, {.triggers = 5000});
  executor.run(platform::kSecond);
  rules.finish();
  ASSERT_TRUE(load.result().passed());
  for (const Violation& violation : book.violations()) {
    ADD_FAILURE() << violation.rule << ": " << violation.detail;
  }
  for (const char* id : {"CHK-SPUR", "CHK-QUIESCE", "CHK-ONCE", "CORE-REQ"}) {
    EXPECT_GT(book.find(id)->hits, 1000U) << id;
  }
  // Each thread has begun once.
  EXPECT_EQ(book.find("CHK-RST")->hits, machine.threads());
}

TEST(ThreadRules, LineWithoutAnInterruptBehindIt) {
  ppc::host::FiberExecutor executor;
  RuleBook book;
  Machine machine({}, executor, testing::reference_factory());
  DirectTables tables(machine);
  ThreadRules rules(machine, book);
  unsigned taken = 0;
  machine.set_program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0xea0, [&](Cpu& c, InterruptFrame&) {
      EXPECT_EQ(c.load16(DirectTables::tima(1, 0x830)) & 0xff00U, 0U);
      if (++taken == 5) machine.hardware_thread(0).set_hypervisor_virtualization(false);
    });
    cpu.store8(DirectTables::tima(0, 0x38), 0x80);
    machine.hardware_thread(0).set_hypervisor_virtualization(true);
    cpu.set_ee(true);
    cpu.delay(platform::kMicrosecond);
  });
  executor.run(platform::kMillisecond);
  rules.finish();
  EXPECT_EQ(taken, 5U);
  EXPECT_EQ(book.find("CHK-SPUR")->fired, 1U);
}

TEST(ThreadRules, RegisterChangedBetweenResetAndFirstInstruction) {
  ppc::host::FiberExecutor executor;
  RuleBook book;
  Machine machine({}, executor, testing::reference_factory());
  DirectTables tables(machine);
  ThreadRules rules(machine, book);
  machine.hardware_thread(0).set_gpr(3, 1);
  machine.set_program(0, [](Cpu& cpu) { cpu.eieio(); });
  executor.run(platform::kMillisecond);
  EXPECT_EQ(book.find("CHK-RST")->fired, 1U);
}

/// A thread takes an interrupt, leaves its CPPR masked, and does something else for 20 ms; or it is
/// reset before that. How often CHK-CPPR fires.
std::uint64_t masked_for_long(bool reset) {
  ppc::host::FiberExecutor executor;
  RuleBook book;
  Machine machine({}, executor, testing::reference_factory());
  DirectTables tables(machine);
  ThreadRules rules(machine, book);
  constexpr std::uint32_t kSource = 0x100;
  const std::uint32_t vp = tables.hardware_vp(0), end = vp * 8 + 7;
  tables.set_vp(0, vp);
  tables.set_end(0, end, {.queue = tables.queue_area(0), .vp = vp, .prio = 7});
  tables.set_eas(0, kSource, 0, end, 1);
  tables.arm(0, kSource);
  unsigned taken = 0;
  machine.set_program(0, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0xea0, [&](Cpu& c, InterruptFrame&) {
      ++taken;
      c.load16(DirectTables::tima(1, 0x830));
    });
    cpu.store8(DirectTables::tima(0, 0x38), 0x80);
    cpu.store8(DirectTables::tima(1, 0x31), 0xff);
    cpu.set_ee(true);
    cpu.store64(tables.trigger_page(0, kSource), 0);
    cpu.delay(5 * platform::kMicrosecond);
    if (reset) {
      machine.tima(0).set_thread_enable(0xe);
      machine.tima(0).set_thread_enable(0xf);
      cpu.store8(DirectTables::tima(0, 0x38), 0x80);
    }
    cpu.delay(20 * platform::kMillisecond);
    cpu.load8(DirectTables::tima(0, 0x38));
  });
  executor.run(platform::kSecond);
  rules.finish();
  EXPECT_EQ(taken, 1U);
  return book.find("CHK-CPPR")->fired;
}

TEST(ThreadRules, CpprStaysMasked) {
  EXPECT_EQ(masked_for_long(false), 1U);
}

TEST(ThreadRules, ThreadThatWasResetIsNoTarget) {
  EXPECT_EQ(masked_for_long(true), 0U);
}

}  // namespace
}  // namespace xive::machine
