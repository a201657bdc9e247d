// SPDX-License-Identifier: Apache-2.0
// Time on the ISS: instructions, time base, quantum, doorbells, power saving.
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/testing.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::iss::testing {
namespace {

constexpr std::uint64_t kStart = 0x10000, kData = 0x200000;

TEST(IssTime, TimeBaseAdvances512In1000Instructions) {
  Bench bench;
  bench.place(kStart, {mftb(3), li(5, 999), mtctr(5), bdnz(0), nop(), mftb(4), attn()});
  bench.run(10'000);
  // mftb, li, mtctr, 999 bdnz, nop: 1003 instructions between both
  EXPECT_EQ(bench.regs().gpr[4] - bench.regs().gpr[3], 1003 * 512 / 1000U);
  EXPECT_EQ(bench.cpu().instructions(), 1005U);
}

TEST(IssTime, InstructionTimeIsConfigured) {
  BenchConfig config;
  config.iss.instruction_time = 250;
  Bench bench(config);
  bench.place(kStart, {b(0)});
  bench.run(1000);
  EXPECT_NEAR(static_cast<double>(bench.cpu().instructions()), 4000, 1);
  config.iss.instruction_time = 0;
  EXPECT_THROW(Bench{config}, std::invalid_argument);
}

TEST(IssTime, RunEndsInTheMiddleOfABlock) {
  Bench bench;
  bench.place(kStart, {addi(3, 3, 1), addi(3, 3, 1), addi(3, 3, 1), addi(3, 3, 1), addi(3, 3, 1),
                       addi(3, 3, 1), addi(3, 3, 1), b(-28)});
  // What begins at the last moment still belongs to the run.
  for (std::uint64_t n = 0; n < 50; ++n) {
    bench.executor.run(n * platform::kNanosecond);
    EXPECT_EQ(bench.cpu().instructions(), n + 1);
  }
  EXPECT_EQ(bench.regs().gpr[3], 50 - 50 / 8U);
}

/// Everything that could tell how the threads were interleaved.
std::string transcript(const BenchConfig& config, std::uint64_t slice, bool observed) {
  Bench bench(config);
  ExecutionObserver observer;
  for (unsigned n = 0; n < config.threads; ++n) {
    // Threads append their PIR to a common log and look at the time base; now and then a
    // doorbell to the next one, whose handler counts.
    bench.place(Bench::start(n),
                {mtctr(7), bdnz(0), ldarx(3, 0, 5), addi(4, 3, 1), stdcx(4, 0, 5), bne(-12),
                 x(215, 6, 3, 5), mftb(8), msgsnd(9), addi(7, 7, 13), b(-40)});
    ArchState state = bench.thread(n).regs();
    state.gpr[5] = kData;
    state.gpr[6] = n + 1;
    state.gpr[7] = 5 + 3 * n;
    state.gpr[9] = encode_msgsnd((n + 1) % config.threads);
    state.msr |= msr::kEe;
    bench.thread(n).reset(state, false, false);
    if (observed) bench.cpu(n).set_observer(&observer);
    if (slice != 0) bench.cpu(n).set_idle_hook([](IssCpu&) {}, slice);
  }
  bench.place(0xe80, {addi(10, 10, 1), hrfid()});
  bench.store(kData, 8);
  bench.run(30'000);
  std::string text;
  for (std::uint64_t n = 0; n < 400; n += 8) {
    text += fmt::format("{:x} ", bench.doubleword(kData + n));
  }
  for (unsigned n = 0; n < config.threads; ++n) {
    const ArchState& regs = bench.thread(n).regs();
    text += fmt::format("[{} {:x} {} {} {}] ", bench.cpu(n).instructions(), regs.nip, regs.gpr[8],
                        regs.gpr[10], bench.cpu(n).now());
  }
  return text;
}

TEST(IssTime, SeveralThreadsAreDeterministic) {
  for (const Time quantum : {Time{0}, Time{50'000}, platform::kMicrosecond}) {
    BenchConfig config;
    config.threads = 4;
    config.iss.quantum = quantum;
    const std::string once = transcript(config, 0, false);
    EXPECT_EQ(once, transcript(config, 0, false));
    // Neither a debugger's slices nor the instrumented loop change anything.
    EXPECT_EQ(once, transcript(config, 7, false)) << quantum;
    EXPECT_EQ(once, transcript(config, 0, true)) << quantum;
    EXPECT_NE(once.find("2"), std::string::npos);
  }
}

/// Another thread may have run ahead by the quantum, not more.
TEST(IssTime, DoorbellArrivesWithinAQuantum) {
  BenchConfig config;
  config.threads = 2;
  config.iss.quantum = 1 * platform::kMicrosecond;
  Bench bench(config);
  bench.place(0xe80, {attn()});
  bench.place(Bench::start(0), {li(7, 2000), mtctr(7), bdnz(0), msgsnd(9), b(0)});
  bench.place(Bench::start(1), {b(0)});
  bench.regs(0).gpr[9] = encode_msgsnd(1);
  bench.thread(1).set_msr(bench.thread(1).msr() | msr::kEe);
  bench.run(50'000);
  EXPECT_TRUE(bench.thread(1).quiesced());
  // Sent after 2002 instructions, 50 ns on its way, then the attn.
  EXPECT_GE(bench.cpu(1).instructions(), 2052U);
  EXPECT_LE(bench.cpu(1).instructions(), 3054U);
}

// ---------------------------------------------------------------- power saving

TEST(IssPowerSaving, StopWithoutEcGoesOnBehindIt) {
  Bench bench;
  bench.executor.at(7 * platform::kMicrosecond,
                    [&] { bench.thread().set_hypervisor_virtualization(true); });
  bench.place(kStart, {stop(), addi(3, 3, 1), attn()});
  bench.run(100'000);
  EXPECT_EQ(bench.regs().gpr[3], 1U);
  EXPECT_EQ(bench.cpu().instructions(), 3U);
  EXPECT_NEAR(static_cast<double>(bench.cpu().now()), 7'002'000, 2000);
}

TEST(IssPowerSaving, StopWithEcWakesAtSystemReset) {
  Bench bench;
  bench.thread().set_lpcr(lpcr::kHvee);
  bench.executor.at(7 * platform::kMicrosecond,
                    [&] { bench.thread().set_hypervisor_virtualization(true); });
  bench.place(kStart, {mtspr(spr::kPsscr, 4), stop(), b(0)});
  bench.regs().gpr[4] = 0x300301;
  bench.place(0x100, {attn()});
  bench.run(100'000);
  EXPECT_EQ(bench.regs().nip, 0x104U);
  EXPECT_EQ(bench.regs().srr0, kStart + 8);
  EXPECT_EQ(bench.regs().srr1 & srr1::kWakeMask, 0x00240000U);
  EXPECT_EQ(bench.regs().srr1 & srr1::kLossMask, 0x00010000U);
}

TEST(IssPowerSaving, DecrementerWakesAndTimePasses) {
  Bench bench;
  bench.thread().set_lpcr(lpcr::kDee);
  bench.place(kStart, {mtspr(spr::kPsscr, 4), mtspr(spr::kDec, 5), stop(), b(0)});
  bench.place(0x100, {mftb(8), attn()});
  bench.regs().gpr[4] = 0x300301;
  bench.regs().gpr[5] = 5119;
  bench.run(100'000);
  EXPECT_EQ(bench.regs().srr1 & srr1::kWakeMask, 0x00180000U);
  EXPECT_NEAR(static_cast<double>(bench.regs().gpr[8]), 5121, 3);
  EXPECT_EQ(bench.cpu().instructions(), 5U);
}

TEST(IssPowerSaving, DoorbellWakesAndIsCleared) {
  BenchConfig config;
  config.threads = 2;
  Bench bench(config);
  bench.thread(0).set_lpcr(lpcr::kPecedh);
  bench.place(Bench::start(0), {mtspr(spr::kPsscr, 4), stop(), b(0)});
  bench.place(0x100, {msgclr(9), attn()});
  bench.place(Bench::start(1), {msgsnd(9), b(0)});
  bench.regs(0).gpr[4] = 0x300301;
  bench.regs(0).gpr[9] = encode_msgsnd(0);
  bench.regs(1).gpr[9] = encode_msgsnd(0);
  bench.run(10'000);
  EXPECT_TRUE(bench.thread(0).quiesced());
  EXPECT_EQ(bench.regs(0).srr1 & srr1::kWakeMask, 0x000c0000U);
  EXPECT_FALSE(bench.thread(0).pending().has(Cause::HypervisorDoorbell));
}

TEST(IssRunState, QuiescedThreadDoesNothingAndStartsAgain) {
  Bench bench;
  bench.place(kStart, {addi(3, 3, 1), b(-4)});
  bench.place(0x30000, {addi(4, 4, 1), b(-4)});
  bench.executor.at(1 * platform::kMicrosecond, [&] { bench.thread().direct_stop(); });
  bench.executor.at(5 * platform::kMicrosecond,
                    [&] { EXPECT_TRUE(bench.thread().start_cpu(0x30000, 9, 0, 0)); });
  bench.run(6'000);
  EXPECT_EQ(bench.regs().gpr[3], 9U);
  // The last one begins at the end of the run.
  EXPECT_EQ(bench.regs().gpr[4], 501U);
  EXPECT_EQ(bench.cpu().instructions(), 2001U);
}

}  // namespace
}  // namespace xive::ppc::iss::testing
