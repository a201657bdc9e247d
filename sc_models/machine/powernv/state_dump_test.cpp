// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/powernv/state_dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sc_models/machine/powernv/powernv.h"
#include "sc_models/machine/testing/end_to_end.h"

namespace xive::machine {
namespace {

using ::testing::HasSubstr;

class StateDump : public ::testing::Test {
 protected:
  StateDump() : machine_(config(), executor_, testing::reference_factory()) {
    symbols_.add(0x1000, "main", 0x100);
    symbols_.add(0x1100, "helper", 0x100);
    state_.nip = 0x1110;
    state_.lr = 0x1024;
  }
  static MachineConfig config() {
    MachineConfig config;
    config.cores = 1;
    config.threads = 1;
    config = powernv_machine(config);
    config.execution = Execution::None;
    return config;
  }
  void frame(std::uint64_t at, std::uint64_t caller, std::uint64_t saved_lr, bool little = false) {
    const auto swap = [&](std::uint64_t value) {
      return little ? __builtin_bswap64(value) : value;
    };
    machine_.poke(at, 8, swap(caller));
    machine_.poke(at + 16, 8, swap(saved_lr));
  }
  void apply() { machine_.hardware_thread(0).reset(state_, false, false); }

  ppc::host::FiberExecutor executor_;
  Machine machine_;
  platform::SymbolTable symbols_;
  ppc::ArchState state_;
};

TEST_F(StateDump, FollowsTheBackChainInBothByteOrders) {
  for (const bool little : {false, true}) {
    frame(0x8000, 0x8100, 0, little);
    frame(0x8100, 0x8200, 0x1024, little);
    frame(0x8200, 0, 0x1050, little);
    state_.gpr[1] = 0x8000;
    state_.msr = little ? state_.msr | ppc::msr::kLe : state_.msr;
    apply();
    const auto frames = backtrace(machine_, 0);
    ASSERT_EQ(frames.size(), 4U);
    EXPECT_EQ(frames[0].address, 0x1110U);
    EXPECT_EQ(frames[1].address, 0x1024U);
    EXPECT_EQ(frames[2].address, 0x1024U);
    EXPECT_EQ(frames[3].address, 0x1050U);
    EXPECT_EQ(frames[3].pointer, 0x8200U);
  }
}

TEST_F(StateDump, BrokenChainsEnd) {
  frame(0x8000, 0x8000, 0);  // to itself
  state_.gpr[1] = 0x8000;
  apply();
  EXPECT_EQ(backtrace(machine_, 0).size(), 2U);
  state_.gpr[1] = 0xffff'ffff'ffff'fff8;  // nowhere
  apply();
  EXPECT_EQ(backtrace(machine_, 0).size(), 2U);
  for (std::uint64_t at = 0x8000; at < 0x9000; at += 0x20) frame(at, at + 0x20, 0x1000);
  state_.gpr[1] = 0x8000;
  apply();
  EXPECT_EQ(backtrace(machine_, 0, 10).size(), 10U);
}

TEST_F(StateDump, NamesFunctions) {
  state_.gpr[31] = 0xabcdef;
  apply();
  const std::string text = dump_threads(machine_, {0}, symbols_);
  EXPECT_THAT(text, HasSubstr("thread 0 (PIR 0x0), running"));
  EXPECT_THAT(text, HasSubstr("NIP  0x0000000000001110 helper+0x10"));
  EXPECT_THAT(text, HasSubstr("LR   0x0000000000001024 main+0x24"));
  EXPECT_THAT(text, HasSubstr("0000000000abcdef"));
  machine_.hardware_thread(0).reset(state_, true, true);
  EXPECT_THAT(dump_thread(machine_, 0, {}), HasSubstr("stopped"));
  EXPECT_THAT(dump_thread(machine_, 0, {}), HasSubstr("NIP  0x0000000000001110\n"));
}

}  // namespace
}  // namespace xive::machine
