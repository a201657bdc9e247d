// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/store_buffer.h"

#include <gtest/gtest.h>

#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/host/testing.h"

namespace xive::ppc::host {
namespace {

using platform::kMicrosecond;
using platform::kMillisecond;
using platform::kNever;
using testing::Machine;
using testing::MachineConfig;

constexpr std::uint64_t kX = 0x100, kY = 0x108;

class StoreBufferTest : public ::testing::Test {
 protected:
  StoreBufferTest() : machine(executor, config()), buffer(machine.cpu(0).order(), executor) {
    buffer.hold(kX, 16, kNever);
    machine.cpu(0).set_order(buffer);
  }
  static MachineConfig config() {
    MachineConfig result;
    result.threads = 2;
    return result;
  }
  std::uint64_t memory(std::uint64_t address) {
    return platform::load_be<8>(machine.memory, address).value_or(0);
  }
  void run(std::function<void(Cpu&)> body) {
    machine.program(0, std::move(body));
    machine.run(kMillisecond);
    EXPECT_TRUE(machine.cpu(0).finished());
  }
  FiberExecutor executor;
  Machine machine;
  StoreBuffer buffer;
};

TEST_F(StoreBufferTest, AHeldStoreIsSeenByItsOwnThreadOnly) {
  run([&](Cpu& cpu) {
    cpu.store64(kX, 1);
    cpu.store64(0x200, 1);
    EXPECT_EQ(memory(kX), 0U);
    EXPECT_EQ(memory(0x200), 1U);
    EXPECT_EQ(buffer.pending(), 1U);
    EXPECT_EQ(cpu.load64(kX), 1U);
  });
}

TEST_F(StoreBufferTest, SyncMakesEverythingVisible) {
  run([&](Cpu& cpu) {
    cpu.store64(kX, 1);
    cpu.store64(kY, 2);
    cpu.isync();
    EXPECT_EQ(memory(kX) + memory(kY), 0U);
    cpu.sync();
    EXPECT_EQ(memory(kX), 1U);
    EXPECT_EQ(memory(kY), 2U);
  });
}

TEST_F(StoreBufferTest, StoresToDifferentWordsInAnyOrder) {
  run([&](Cpu& cpu) {
    cpu.store64(kX, 1);
    cpu.store64(kY, 2);
    EXPECT_EQ(buffer.drainable(), 2U);
    buffer.drain(1);
    EXPECT_EQ(memory(kX), 0U);
    EXPECT_EQ(memory(kY), 2U);
  });
}

TEST_F(StoreBufferTest, OneWordAndLwsyncKeepTheOrder) {
  run([&](Cpu& cpu) {
    cpu.store64(kX, 1);
    cpu.store64(kX, 2);
    EXPECT_EQ(buffer.drainable(), 1U);
    buffer.drain_all();
    EXPECT_EQ(memory(kX), 2U);
    cpu.store64(kX, 3);
    cpu.lwsync();
    cpu.store64(kY, 3);
    EXPECT_EQ(buffer.drainable(), 1U);
    cpu.store64(0x200, 3);
    EXPECT_EQ(memory(kX), 3U);
  });
}

TEST_F(StoreBufferTest, ADelayEnds) {
  StoreBuffer timed(machine.cpu(1).order(), executor);
  timed.hold(kX, 16, 5 * kMicrosecond);
  machine.cpu(1).set_order(timed);
  machine.program(1, [&](Cpu& cpu) {
    cpu.store64(kX, 7);
    cpu.delay(4 * kMicrosecond);
    EXPECT_EQ(memory(kX), 0U);
    cpu.delay(2 * kMicrosecond);
    EXPECT_EQ(memory(kX), 7U);
  });
  run([](Cpu&) {});
  EXPECT_TRUE(machine.cpu(1).finished());
}

}  // namespace
}  // namespace xive::ppc::host
