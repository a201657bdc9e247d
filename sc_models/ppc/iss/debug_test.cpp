// SPDX-License-Identifier: Apache-2.0
// Breakpoints, watchpoints, single steps, observers: what is reported, and that nothing changes.
#include <vector>

#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/testing.h"

namespace xive::ppc::iss::testing {
namespace {

constexpr std::uint64_t kStart = 0x10000, kData = 0x200000;

class IssDebug : public ::testing::Test {
 protected:
  IssDebug() {
    bench.place(kStart, {addi(3, 3, 1), stw(3, 0, 5), lwz(4, 4, 5), bdnz(-12), attn()});
    bench.regs().gpr[5] = kData;
    bench.regs().ctr = 100;
    bench.cpu().set_event_hook([this](IssCpu& cpu, const ExecutionEvent& event) {
      events.push_back(event);
      if (reaction) reaction(cpu, event);
      return event.kind == EventKind::Attention ? EventAction::Stop : EventAction::Continue;
    });
  }
  std::vector<EventKind> kinds() const {
    std::vector<EventKind> result;
    for (const auto& event : events) result.push_back(event.kind);
    return result;
  }

  Bench bench;
  std::vector<ExecutionEvent> events;
  std::function<void(IssCpu&, const ExecutionEvent&)> reaction;
};

TEST_F(IssDebug, BreakpointBeforeTheInstruction) {
  bench.cpu().add_breakpoint(kStart + 8);
  std::vector<std::uint64_t> counts;
  reaction = [&](IssCpu& cpu, const ExecutionEvent& event) {
    if (event.kind != EventKind::Breakpoint) return;
    counts.push_back(cpu.instructions());
    EXPECT_EQ(event.nip, kStart + 8);
    EXPECT_EQ(event.time, cpu.instructions() * platform::kNanosecond);
    if (counts.size() == 3) cpu.remove_breakpoint(kStart + 8);
  };
  bench.run(10'000);
  EXPECT_EQ(counts, (std::vector<std::uint64_t>{2, 6, 10}));
  EXPECT_EQ(bench.regs().gpr[3], 100U);
  EXPECT_EQ(bench.cpu().instructions(), 401U);
  EXPECT_EQ(events.back().kind, EventKind::Attention);
}

TEST_F(IssDebug, BreakpointOnTheFirstInstruction) {
  bench.cpu().add_breakpoint(kStart);
  reaction = [&](IssCpu& cpu, const ExecutionEvent&) { cpu.remove_breakpoint(kStart); };
  bench.run(10'000);
  EXPECT_EQ(kinds(), (std::vector{EventKind::Breakpoint, EventKind::Attention}));
}

TEST_F(IssDebug, SingleSteps) {
  bench.cpu().step(1);
  std::vector<std::uint64_t> nips;
  reaction = [&](IssCpu& cpu, const ExecutionEvent& event) {
    if (event.kind != EventKind::Step) return;
    nips.push_back(event.nip - kStart);
    if (nips.size() < 6) cpu.step(1);
  };
  bench.run(10'000);
  EXPECT_EQ(nips, (std::vector<std::uint64_t>{4, 8, 12, 0, 4, 8}));
  EXPECT_EQ(bench.cpu().instructions(), 401U);
}

TEST_F(IssDebug, StepsOfSeveral) {
  bench.cpu().step(10);
  bench.run(10'000);
  ASSERT_EQ(kinds(), (std::vector{EventKind::Step, EventKind::Attention}));
  EXPECT_EQ(events[0].time, 10 * platform::kNanosecond);
}

TEST_F(IssDebug, WatchpointBehindTheAccess) {
  bench.cpu().add_watchpoint({.address = kData + 2, .length = 1});
  int hits = 0;
  reaction = [&](IssCpu& cpu, const ExecutionEvent& event) {
    if (event.kind != EventKind::Watchpoint) return;
    ++hits;
    EXPECT_EQ(event.nip, kStart + 8);
    EXPECT_EQ(event.address, kData + 2);
    EXPECT_TRUE(event.write);
    EXPECT_EQ(bench.word(kData), bench.regs().gpr[3]);
    if (hits == 5) cpu.remove_watchpoint({.address = kData + 2, .length = 1});
  };
  bench.run(10'000);
  EXPECT_EQ(hits, 5);
  EXPECT_EQ(bench.cpu().instructions(), 401U);
}

TEST_F(IssDebug, WatchpointOnLoads) {
  bench.cpu().add_watchpoint(
      {.address = kData + 4, .length = 4, .on_load = true, .on_store = false});
  bench.run(10'000);
  EXPECT_EQ(events.size(), 101U);
  EXPECT_FALSE(events[0].write);
}

TEST_F(IssDebug, WatchpointSetWhileRunning) {
  bench.executor.at(200 * platform::kNanosecond,
                    [&] { bench.cpu().add_watchpoint({.address = kData, .length = 8}); });
  bench.run(10'000);
  EXPECT_EQ(events.size(), 51U);
}

TEST_F(IssDebug, BreakFromOutside) {
  bench.executor.at(200 * platform::kNanosecond, [&] { bench.cpu().break_soon(); });
  bench.run(10'000);
  ASSERT_EQ(kinds(), (std::vector{EventKind::Break, EventKind::Attention}));
  EXPECT_EQ(events[0].time, 200 * platform::kNanosecond);
}

TEST_F(IssDebug, StopGivesControlBack) {
  bench.cpu().add_breakpoint(kStart + 8);
  int hits = 0;
  bench.cpu().set_event_hook([&](IssCpu&, const ExecutionEvent&) {
    ++hits;
    return EventAction::Stop;
  });
  bench.executor.run(20'000'000);
  EXPECT_EQ(hits, 1);
  EXPECT_EQ(bench.regs().nip, kStart + 8);
  bench.executor.run(20'000'000);
  EXPECT_EQ(hits, 2);
  EXPECT_EQ(bench.cpu().instructions(), 6U);
}

TEST_F(IssDebug, ObserverSeesEveryInstruction) {
  class Counter final : public ExecutionObserver {
   public:
    void on_instruction(const IssCpu& cpu, std::uint64_t nip, std::uint32_t word) override {
      EXPECT_EQ(cpu.thread().nip(), nip);
      ++count;
      if (nip == kStart + 4) {
        EXPECT_EQ(word, stw(3, 0, 5));
      }
    }
    std::uint64_t count = 0;
  } counter;
  bench.cpu().set_observer(&counter);
  bench.run(10'000);
  EXPECT_EQ(counter.count, 401U);
}

TEST_F(IssDebug, MemoryOfTheThread) {
  std::array<std::uint8_t, 4> bytes{};
  EXPECT_TRUE(bench.cpu().read_memory(0xc000000000000000 | (kStart + 0), bytes));
  EXPECT_EQ(platform::from_big_endian(bytes), addi(3, 3, 1));
  EXPECT_FALSE(bench.cpu().read_memory(0x70000000, bytes));
  bench.run(40);
  // A changed instruction takes effect although it has been executed.
  platform::to_big_endian(attn(), bytes);
  EXPECT_TRUE(bench.cpu().write_memory(kStart, bytes));
  bench.run(10'000);
  EXPECT_EQ(bench.regs().gpr[3], 11U);
  EXPECT_EQ(events.size(), 1U);
}

}  // namespace
}  // namespace xive::ppc::iss::testing
