// SPDX-License-Identifier: Apache-2.0
// Interrupts on the ISS: what SRR0/1 or HSRR0/1, MSR and the vector are, and that time passes.
#include <gtest/gtest.h>

#include "sc_models/ppc/iss/assemble.h"
#include "sc_models/ppc/iss/testing.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::iss::testing {
namespace {

constexpr std::uint64_t kStart = 0x10000;
constexpr std::uint64_t kHv = msr::kSf | msr::kHv;

/// Runs until the first attn; a handler is an attn at its vector.
class Interrupts : public ::testing::Test {
 protected:
  Interrupts() {
    for (std::uint64_t vector = 0x100; vector < 0x1000; vector += 0x20) {
      bench.place(vector, {attn()});
    }
    bench.cpu().set_event_hook([this](IssCpu&, const ExecutionEvent& event) {
      stopped_at = event.nip - (event.kind == EventKind::Attention ? 4 : 0);
      kind = event.kind;
      return EventAction::Stop;
    });
  }
  void run(std::initializer_list<W> words) {
    bench.place(kStart, words);
    bench.run(100'000);
  }
  const ArchState& regs() { return bench.thread().regs(); }
  void set_msr(std::uint64_t value) { bench.thread().set_msr(value); }

  Bench bench;
  std::uint64_t stopped_at = 0;
  EventKind kind = EventKind::Step;
};

TEST_F(Interrupts, Trap) {
  run({nop(), trap()});
  EXPECT_EQ(stopped_at, 0x700U);
  EXPECT_EQ(regs().srr0, kStart + 4);
  EXPECT_EQ(regs().srr1, kHv | msr::kMe | srr1::kTrap);
  EXPECT_EQ(bench.cpu().instructions(), 2U);  // nop and attn
}

TEST_F(Interrupts, TrapConditions) {
  // tdi 0 never traps; twi lgt unsigned; tw eq on words whose high halves differ
  run({d(2, 0, 0, 0x48), li(3, -1), d(3, 2, 3, 5), x(4, 4, 3, 3)});
  EXPECT_EQ(stopped_at, 0x700U);
  EXPECT_EQ(regs().srr0, kStart + 12);
}

TEST_F(Interrupts, SystemCall) {
  run({nop(), sc()});
  EXPECT_EQ(stopped_at, 0xc00U);
  EXPECT_EQ(regs().srr0, kStart + 8);
  EXPECT_EQ(bench.cpu().instructions(), 3U);
}

TEST_F(Interrupts, SystemCallOfAGuest) {
  set_msr(msr::kSf | msr::kMe);
  run({sc()});
  EXPECT_EQ(stopped_at, 0xc00U);
  EXPECT_EQ(regs().msr & msr::kHv, 0U);
}

TEST_F(Interrupts, HypervisorCall) {
  set_msr(msr::kSf | msr::kMe);
  run({sc(1)});
  EXPECT_EQ(stopped_at, 0xc00U);
  EXPECT_NE(regs().msr & msr::kHv, 0U);
  EXPECT_EQ(regs().srr1 & msr::kHv, 0U);
}

TEST_F(Interrupts, VectoredSystemCallNeedsItsFacility) {
  run({scv(1)});
  EXPECT_EQ(stopped_at, 0xf60U);
  EXPECT_EQ(bench.thread().stored_spr(spr::kFscr) >> 56U, 12U);
}

TEST_F(Interrupts, VectoredSystemCallAndReturn) {
  bench.thread().set_stored_spr(spr::kFscr, ibm_bit(51));
  bench.place(0x17020, {addi(4, 4, 1), xl(82)});  // rfscv
  run({scv(1), attn()});
  EXPECT_EQ(stopped_at, kStart + 4);
  EXPECT_EQ(regs().gpr[4], 1U);
  EXPECT_EQ(regs().lr, kStart + 4);
}

TEST_F(Interrupts, IllegalInstruction) {
  run({nop(), 0x00000000});
  EXPECT_EQ(stopped_at, 0xe40U);
  EXPECT_EQ(regs().hsrr0, kStart + 4);
  EXPECT_EQ(bench.thread().stored_spr(spr::kHeir), 0U);
  EXPECT_EQ(bench.cpu().statistics().unimplemented.at("0x00000000"), 1U);
}

TEST_F(Interrupts, MissingInstructionIsCountedByName) {
  run({x(774, 0, 1, 2)});  // copy
  EXPECT_EQ(stopped_at, 0xe40U);
  EXPECT_EQ(bench.thread().stored_spr(spr::kHeir), x(774, 0, 1, 2));
  EXPECT_EQ(bench.cpu().statistics().unimplemented.at("copy"), 1U);
}

TEST_F(Interrupts, UnavailableFacilities) {
  const struct {
    W word;
    std::uint64_t vector;
  } cases[] = {{d(50, 1, 3, 0), 0x800},          // lfd
               {63U << 26U | 21U << 1U, 0x800},  // fadd
               {x(103, 1, 0, 3), 0xf20},         // lvx
               {4U << 26U, 0xf20},               // vaddubm
               {60U << 26U, 0xf40},              // xxsldwi
               {x(844, 1, 0, 3), 0xf40}};        // lxvd2x
  for (const auto& one : cases) {
    Bench other;
    other.place(0x800, {attn()});
    other.place(0xf20, {attn()});
    other.place(0xf40, {attn()});
    other.place(0xe40, {attn()});
    other.place(kStart, {one.word});
    other.run(1000);
    EXPECT_EQ(other.thread().nip(), one.vector + 4) << std::hex << one.word;
    EXPECT_EQ(other.thread().regs().srr0, kStart);
  }
}

TEST_F(Interrupts, PrivilegedInstruction) {
  set_msr(msr::kSf | msr::kPr | msr::kEe);
  bench.place(kStart, {nop(), mfmsr(3)});
  // No translation: problem state without IR and DR, as the tests of this directory use it.
  bench.run(1000);
  EXPECT_EQ(stopped_at, 0x700U);
  EXPECT_EQ(regs().srr0, kStart + 4);
  EXPECT_NE(regs().srr1 & srr1::kPrivileged, 0U);
}

TEST_F(Interrupts, HypervisorRegisterInAGuestIsPrivileged) {
  set_msr(msr::kSf | msr::kMe);
  run({mfspr(3, spr::kLpcr)});
  EXPECT_EQ(stopped_at, 0x700U);
}

TEST_F(Interrupts, UnknownRegisterIsNoOperation) {
  run({li(3, 5), mfspr(3, 1000), mtspr(999, 3), attn()});
  EXPECT_EQ(stopped_at, kStart + 12);
  EXPECT_EQ(regs().gpr[3], 5U);
  EXPECT_EQ(bench.cpu().statistics().unknown_sprs.at(1000), 1U);
  EXPECT_EQ(bench.cpu().statistics().unknown_sprs.at(999), 1U);
}

TEST_F(Interrupts, AlignmentOfReservations) {
  run({lis(4, 2), addi(4, 4, 2), lwarx(3, 0, 4)});
  EXPECT_EQ(stopped_at, 0x600U);
  EXPECT_EQ(regs().srr0, kStart + 8);
  EXPECT_EQ(regs().dar, 0x20002U);
}

TEST_F(Interrupts, AlignmentOfQuadwords) {
  run({lis(4, 2), d(56, 6, 4, 8 << 0)});  // lq r6,0(r4) with bits of DQ that are no displacement
  EXPECT_NE(stopped_at, 0x600U);
  Bench other;
  other.place(0x600, {attn()});
  other.place(kStart, {lis(4, 2), addi(4, 4, 8), d(56, 6, 4, 0)});
  other.run(1000);
  EXPECT_EQ(other.thread().nip(), 0x604U);
}

TEST_F(Interrupts, TranslationWithoutAnMmu) {
  set_msr(kHv | msr::kMe | msr::kDr);
  run({lis(4, 2), stw(3, 16, 4)});
  EXPECT_EQ(stopped_at, 0x300U);
  EXPECT_EQ(regs().dar, 0x20010U);
  EXPECT_EQ(regs().dsisr, 0x42000000U);
  set_msr(kHv | msr::kMe);
}

TEST_F(Interrupts, FetchWithoutAnMmu) {
  set_msr(kHv | msr::kMe | msr::kIr);
  run({nop()});
  EXPECT_EQ(stopped_at, 0x400U);
  EXPECT_EQ(regs().srr0, kStart);
  EXPECT_EQ(regs().srr1 & 0x40000000U, 0x40000000U);
}

TEST_F(Interrupts, AccessToNothingIsAMachineCheck) {
  run({nop(), lis(4, 0x7000), ld(3, 8, 4), nop()});
  EXPECT_EQ(stopped_at, 0x200U);
  EXPECT_EQ(regs().srr0, kStart + 8);
  EXPECT_EQ(regs().dar, 0x70000008U);
}

TEST_F(Interrupts, WildJumpIsAMachineCheck) {
  run({lis(4, 0x7000), mtctr(4), bctr()});
  EXPECT_EQ(stopped_at, 0x200U);
  EXPECT_EQ(regs().srr0, 0x70000000U);
}

TEST_F(Interrupts, MachineCheckWithoutMeIsACheckstop) {
  set_msr(kHv);
  run({nop(), lis(4, 0x7000), ld(3, 8, 4), nop()});
  EXPECT_EQ(kind, EventKind::Checkstop);
  EXPECT_TRUE(bench.thread().checkstopped());
  EXPECT_EQ(regs().nip, kStart + 8);
}

TEST_F(Interrupts, EveryLifeOfAThreadHasItsCheckstop) {
  int told = 0;
  bench.cpu().set_event_hook([&](IssCpu&, const ExecutionEvent& event) {
    told += event.kind == EventKind::Checkstop ? 1 : 0;
    return EventAction::Continue;
  });
  ArchState state;
  state.nip = 0x70000000;
  bench.thread().reset(state, false, false);
  bench.run(1000);
  EXPECT_EQ(told, 1);
  bench.run(1000);
  EXPECT_EQ(told, 1);
  bench.thread().reset(state, false, false);
  bench.run(1000);
  EXPECT_EQ(told, 2);
}

TEST_F(Interrupts, Decrementer) {
  set_msr(kHv | msr::kMe | msr::kEe);
  // 512 ticks are 1 us: about 1000 instructions
  run({li(3, 511), mtspr(spr::kDec, 3), b(0)});
  EXPECT_EQ(stopped_at, 0x900U);
  EXPECT_EQ(regs().srr0, kStart + 8);
  EXPECT_EQ(regs().srr1, kHv | msr::kMe | msr::kEe);
  EXPECT_NEAR(static_cast<double>(bench.cpu().instructions()), 1002, 3);
}

TEST_F(Interrupts, DecrementerWaitsForEe) {
  run({li(3, 100), mtspr(spr::kDec, 3), li(5, 2000), mtctr(5), bdnz(0), mfmsr(6), ori(6, 6, 0x7fff),
       oris(6, 6, 0), ori(6, 6, -0x8000), mtmsrd(6, 1), nop()});
  EXPECT_EQ(stopped_at, 0x900U);
  EXPECT_EQ(regs().srr0, kStart + 40);
}

TEST_F(Interrupts, HypervisorDecrementer) {
  set_msr(kHv | msr::kMe | msr::kEe | msr::kRi);
  bench.thread().set_lpcr(lpcr::kHdice);
  run({li(3, 511), mtspr(spr::kHdec, 3), b(0)});
  EXPECT_EQ(stopped_at, 0x980U);
  EXPECT_EQ(regs().hsrr0, kStart + 8);
  EXPECT_EQ(regs().hsrr1, kHv | msr::kMe | msr::kEe | msr::kRi);
}

TEST_F(Interrupts, HypervisorVirtualizationAtItsTime) {
  set_msr(kHv | msr::kMe | msr::kEe | msr::kRi);
  bench.thread().set_lpcr(lpcr::kHvice);
  bench.executor.at(5 * platform::kMicrosecond,
                    [&] { bench.thread().set_hypervisor_virtualization(true); });
  run({b(0)});
  EXPECT_EQ(stopped_at, 0xea0U);
  EXPECT_EQ(regs().hsrr0, kStart);
  EXPECT_EQ(regs().hsrr1, kHv | msr::kMe | msr::kEe | msr::kRi);
  // The quantum does not delay it: 5000 instructions of 1 ns and the attn.
  EXPECT_EQ(bench.cpu().instructions(), 5001U);
}

TEST_F(Interrupts, ExternalToTheGuest) {
  set_msr(msr::kSf | msr::kMe | msr::kEe);
  bench.thread().set_lpcr(lpcr::kLpes0);
  bench.executor.at(1 * platform::kMicrosecond, [&] { bench.thread().set_external(true); });
  run({b(0)});
  EXPECT_EQ(stopped_at, 0x500U);
  EXPECT_EQ(regs().srr0, kStart);
  EXPECT_EQ(regs().msr & msr::kHv, 0U);
}

TEST_F(Interrupts, ReturnGoesOnAndLevelInterruptsAgain) {
  set_msr(kHv | msr::kMe | msr::kEe);
  bench.thread().set_lpcr(lpcr::kHvice);
  // The handler counts; with the third interrupt it returns without EE.
  bench.place(0xea0, {addi(10, 10, 1), cmpwi(10, 3), bne(24), mfspr(11, spr::kHsrr1),
                      x(60, 11, 11, 12), mtspr(spr::kHsrr1, 11), nop(), nop(), hrfid()});
  bench.regs().gpr[12] = msr::kEe;
  bench.thread().set_hypervisor_virtualization(true);
  run({attn()});
  EXPECT_EQ(stopped_at, kStart);
  EXPECT_EQ(regs().gpr[10], 3U);
}

TEST_F(Interrupts, LittleEndianHandlersOfTheHypervisor) {
  bench.thread().set_stored_spr(spr::kHid0, hid0::kHile);
  bench.place(0x700, {li(9, 77), attn()}, true);
  run({trap()});
  EXPECT_EQ(stopped_at, 0x704U);
  EXPECT_EQ(regs().gpr[9], 77U);
  EXPECT_NE(regs().msr & msr::kLe, 0U);
  EXPECT_EQ(regs().srr1 & msr::kLe, 0U);
}

TEST_F(Interrupts, LittleEndianHandlersOfAGuest) {
  set_msr(msr::kSf | msr::kMe);
  bench.thread().set_lpcr(lpcr::kIle);
  bench.place(0x700, {li(9, 78), attn()}, true);
  run({trap()});
  EXPECT_EQ(regs().gpr[9], 78U);
}

TEST_F(Interrupts, RfidOfAGuestKeepsItOutOfTheHypervisor) {
  set_msr(msr::kSf | msr::kMe);
  run({lis(3, 1), ori(3, 3, 0x100), mtspr(spr::kSrr0, 3), mfmsr(4), mtspr(spr::kSrr1, 5), rfid()});
  // r5 = 0, then with HV wanted
  Bench other;
  other.thread().set_msr(msr::kSf | msr::kMe);
  other.regs().gpr[5] = msr::kSf | msr::kHv | msr::kRi;
  other.place(kStart,
              {lis(3, 1), ori(3, 3, 0x100), mtspr(spr::kSrr0, 3), mtspr(spr::kSrr1, 5), rfid()});
  other.place(0x10100, {attn()});
  other.run(1000);
  EXPECT_EQ(other.thread().msr(), msr::kSf | msr::kMe | msr::kRi);
}

TEST_F(Interrupts, MtmsrdKeepsHvAndLe) {
  bench.regs().gpr[3] = msr::kSf | msr::kLe | msr::kRi;  // HV and ME off
  run({mtmsrd(3), attn()});
  EXPECT_EQ(regs().msr, kHv | msr::kRi);
}

TEST_F(Interrupts, AnEndlessSeriesOfInterruptsTakesTime) {
  bench.place(0x700, {trap()});
  run({trap()});
  EXPECT_GE(bench.executor.now(), 99 * platform::kMicrosecond);
}

}  // namespace
}  // namespace xive::ppc::iss::testing
