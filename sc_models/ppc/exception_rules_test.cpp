// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/exception_rules.h"

#include <gtest/gtest.h>

#include <string>

namespace xive::ppc {
namespace {

constexpr std::uint64_t msr_of(unsigned e, unsigned h, unsigned p) {
  return msr::kSf | (e != 0 ? msr::kEe : 0) | (h != 0 ? msr::kHv : 0) | (p != 0 ? msr::kPr : 0);
}

/// `verdicts`: one character for each (E, H, P), counting 000, 001, ... 111.
struct EnableRow {
  Cause cause;
  std::uint64_t lpcr;
  const char* verdicts;
};

constexpr const char* kAlways = "11111111";
constexpr const char* kNever = "00000000";
constexpr const char* kEOnly = "00001111";
constexpr const char* kEOrNotHOrP = "11011111";
constexpr const char* kEAndNotHOrP = "00001101";

// scenarios.md 5.2, column "Enabled when", each row in every state of E, H, P.
constexpr EnableRow kEnableTable[] = {
    {Cause::SystemReset, 0, kAlways},
    {Cause::MachineCheck, 0, kAlways},
    {Cause::Hmi, 0, kEOrNotHOrP},
    {Cause::HypervisorDecrementer, 0, kNever},
    {Cause::HypervisorDecrementer, lpcr::kHdice, kEOrNotHOrP},
    {Cause::HypervisorVirtualization, 0, kNever},
    {Cause::HypervisorVirtualization, lpcr::kHvice, kEOrNotHOrP},
    {Cause::HypervisorVirtualization, lpcr::kHvice | lpcr::kHeic, kEOrNotHOrP},
    {Cause::External, 0, kEOrNotHOrP},
    {Cause::External, lpcr::kLpes0, kEOnly},
    {Cause::External, lpcr::kHeic, "11011101"},
    {Cause::External, lpcr::kHeic | lpcr::kLpes0, "00001101"},
    {Cause::MediatedExternal, 0, kEAndNotHOrP},
    {Cause::MediatedExternal, lpcr::kLpes0 | lpcr::kHeic, kEAndNotHOrP},
    {Cause::Decrementer, 0, kEOnly},
    {Cause::PrivilegedDoorbell, 0, kEOnly},
    {Cause::HypervisorDoorbell, 0, kEOrNotHOrP},
    {Cause::PerformanceMonitor, 0, kEOnly},
};

TEST(ExceptionRules, EnableConditionsOfEveryCauseInEveryState) {
  for (const EnableRow& row : kEnableTable) {
    for (unsigned state = 0; state < 8; ++state) {
      const std::uint64_t value = msr_of(state >> 2U & 1U, state >> 1U & 1U, state & 1U);
      EXPECT_EQ(is_enabled(row.cause, value, row.lpcr), row.verdicts[state] == '1')
          << info(row.cause).name << " lpcr " << std::hex << row.lpcr << " EHP " << state;
    }
  }
}

// S1.2: OS line stuck high in hypervisor context, HEIC x PR x EE x LPES0.
TEST(ExceptionRules, ExternalInHypervisorContextSixteenPoints) {
  struct Point {
    unsigned heic, pr, ee, lpes0;
    bool delivered;
  };
  constexpr Point kPoints[] = {
      {0, 0, 0, 0, false}, {0, 0, 0, 1, false}, {0, 0, 1, 0, true},  {0, 0, 1, 1, true},
      {0, 1, 0, 0, true},  {0, 1, 0, 1, false}, {0, 1, 1, 0, true},  {0, 1, 1, 1, true},
      {1, 0, 0, 0, false}, {1, 0, 0, 1, false}, {1, 0, 1, 0, false}, {1, 0, 1, 1, false},
      {1, 1, 0, 0, true},  {1, 1, 0, 1, false}, {1, 1, 1, 0, true},  {1, 1, 1, 1, true},
  };
  for (const Point& p : kPoints) {
    const std::uint64_t l = (p.heic != 0 ? lpcr::kHeic : 0) | (p.lpes0 != 0 ? lpcr::kLpes0 : 0);
    EXPECT_EQ(is_enabled(Cause::External, msr_of(p.ee, 1, p.pr), l), p.delivered)
        << "HEIC " << p.heic << " PR " << p.pr << " EE " << p.ee << " LPES0 " << p.lpes0;
  }
}

TEST(ExceptionRules, KnobsAreVisible) {
  const std::uint64_t guest = msr_of(0, 0, 0), user = msr_of(1, 1, 1), kernel = msr_of(1, 1, 0);
  EXPECT_TRUE(is_enabled(Cause::HypervisorDoorbell, guest, 0));
  EXPECT_FALSE(is_enabled(Cause::HypervisorDoorbell, guest, 0, {.hv_doorbell_needs_ee = true}));
  EXPECT_TRUE(is_enabled(Cause::External, user, lpcr::kHeic));
  EXPECT_FALSE(is_enabled(Cause::External, user, lpcr::kHeic, {.heic_ignores_pr = true}));
  EXPECT_FALSE(is_enabled(Cause::External, kernel, lpcr::kHeic));
  EXPECT_TRUE(is_enabled(Cause::External, kernel, lpcr::kHeic, {.no_heic = true}));
}

struct TargetRow {
  Cause cause;
  std::uint64_t lpcr;
  std::uint64_t vector;
  bool hsrr;
  bool sets_hv;
};

constexpr TargetRow kTargets[] = {
    {Cause::SystemReset, 0, 0x100, false, true},
    {Cause::MachineCheck, 0, 0x200, false, true},
    {Cause::Hmi, 0, 0xe60, true, true},
    {Cause::HypervisorDecrementer, 0, 0x980, true, true},
    {Cause::HypervisorVirtualization, 0, 0xea0, true, true},
    {Cause::External, 0, 0x500, true, true},
    {Cause::External, lpcr::kLpes0, 0x500, false, false},
    {Cause::MediatedExternal, 0, 0x500, false, false},
    {Cause::MediatedExternal, lpcr::kLpes0, 0x500, false, false},
    {Cause::Decrementer, 0, 0x900, false, false},
    {Cause::PrivilegedDoorbell, 0, 0xa00, false, false},
    {Cause::HypervisorDoorbell, 0, 0xe80, true, true},
    {Cause::PerformanceMonitor, 0, 0xf00, false, false},
};

TEST(ExceptionRules, VectorSaveRegistersAndTargetStateOfEveryCause) {
  constexpr std::uint64_t kNip = 0xc000000000001234;
  for (const TargetRow& row : kTargets) {
    for (unsigned state = 0; state < 8; ++state) {
      const bool hv = (state >> 1U & 1U) != 0;
      const std::uint64_t old =
          msr_of(state >> 2U & 1U, hv, state & 1U) | msr::kMe | msr::kRi | msr::kIr | msr::kDr;
      const InterruptState s = interrupt(row.cause, kNip, old, row.lpcr);
      SCOPED_TRACE(std::string(info(row.cause).name) + " EHP " + std::to_string(state));
      EXPECT_EQ(s.vector, row.vector);
      EXPECT_EQ(s.hsrr, row.hsrr);
      EXPECT_EQ(s.srr0, kNip);
      EXPECT_EQ(s.srr1, old);
      EXPECT_EQ((s.msr & msr::kHv) != 0, row.sets_hv || hv);
      EXPECT_EQ(s.msr & (msr::kEe | msr::kPr | msr::kIr | msr::kDr | msr::kLe), 0U);
      EXPECT_NE(s.msr & msr::kSf, 0U);
      EXPECT_EQ((s.msr & msr::kMe) != 0, row.cause != Cause::MachineCheck);
      EXPECT_EQ((s.msr & msr::kRi) != 0, row.hsrr);
    }
  }
}

TEST(ExceptionRules, SaveRegisterOneTakesInfoBitsInPlaceOfMsrBits) {
  const InterruptState s = interrupt(Cause::SystemReset, 0, ~std::uint64_t{0}, 0, 0x00120000);
  EXPECT_EQ(s.srr1, 0xffffffffffffffff - 0x783f0000 + 0x00120000);
  // Seen on hardware-like firmware runs: MSR = SF|HV|EE|RI is saved unchanged.
  EXPECT_EQ(interrupt(Cause::Decrementer, 0, 0x9000000000008002, 0).srr1, 0x9000000000008002);
}

TEST(ExceptionRules, GuestHandlersRunInTheEndiannessOfTheGuest) {
  const auto le = [](Cause cause, std::uint64_t m, std::uint64_t l) {
    return (interrupt(cause, 0, m, l).msr & msr::kLe) != 0;
  };
  EXPECT_TRUE(le(Cause::Decrementer, msr_of(1, 0, 0), lpcr::kIle));
  EXPECT_FALSE(le(Cause::Decrementer, msr_of(1, 0, 0), 0));
  EXPECT_FALSE(le(Cause::Decrementer, msr_of(1, 1, 0), lpcr::kIle));
  EXPECT_FALSE(le(Cause::HypervisorDoorbell, msr_of(1, 0, 0), lpcr::kIle));
}

TEST(PriorityOrder, DefaultIsTheSpecifiedOrder) {
  const PriorityOrder order;
  constexpr Cause kExpected[] = {Cause::SystemReset,
                                 Cause::MachineCheck,
                                 Cause::Hmi,
                                 Cause::HypervisorDecrementer,
                                 Cause::HypervisorVirtualization,
                                 Cause::External,
                                 Cause::MediatedExternal,
                                 Cause::Decrementer,
                                 Cause::PrivilegedDoorbell,
                                 Cause::HypervisorDoorbell,
                                 Cause::PerformanceMonitor};
  CauseSet set((1U << kCauseCount) - 1);
  for (const Cause expected : kExpected) {
    ASSERT_EQ(order.first(set), expected);
    set.set(expected, false);
  }
  EXPECT_EQ(order.first(set), std::nullopt);
}

TEST(PriorityOrder, PermutesEverythingAfterMachineCheck) {
  auto order = PriorityOrder().order();
  std::swap(order[3], order[9]);
  const PriorityOrder permuted(order);
  CauseSet set;
  set.set(Cause::HypervisorDecrementer);
  set.set(Cause::HypervisorDoorbell);
  EXPECT_EQ(permuted.first(set), Cause::HypervisorDoorbell);
  EXPECT_EQ(PriorityOrder().first(set), Cause::HypervisorDecrementer);

  std::swap(order[0], order[5]);
  EXPECT_THROW(PriorityOrder{order}, std::invalid_argument);
  order = PriorityOrder().order();
  order[4] = order[5];
  EXPECT_THROW(PriorityOrder{order}, std::invalid_argument);
}

struct WakeRow {
  Cause cause;
  std::uint64_t lpcr_bit;  ///< the one bit that lets it wake; 0 = none needed
  bool possible;
  std::uint64_t reason;
};

constexpr WakeRow kWakes[] = {
    {Cause::SystemReset, 0, true, 0x00100000},
    {Cause::MachineCheck, lpcr::kOee, true, 0x00300000},
    {Cause::Hmi, lpcr::kOee, true, 0x00280000},
    {Cause::HypervisorDecrementer, 0, false, 0},
    {Cause::HypervisorVirtualization, lpcr::kHvee, true, 0x00240000},
    {Cause::External, lpcr::kEee, true, 0x00200000},
    {Cause::MediatedExternal, 0, false, 0},
    {Cause::Decrementer, lpcr::kDee, true, 0x00180000},
    {Cause::PrivilegedDoorbell, lpcr::kPecedp, true, 0x00140000},
    {Cause::HypervisorDoorbell, lpcr::kPecedh, true, 0x000c0000},
    {Cause::PerformanceMonitor, 0, false, 0},
};

TEST(Wake, EachLpcrBitLetsExactlyItsCausesWake) {
  constexpr std::uint64_t kBits[] = {lpcr::kHvee, lpcr::kPecedp, lpcr::kPecedh,
                                     lpcr::kEee,  lpcr::kDee,    lpcr::kOee};
  const std::uint64_t kernel = msr_of(0, 1, 0);
  for (const WakeRow& row : kWakes) {
    for (unsigned pattern = 0; pattern < 64; ++pattern) {
      std::uint64_t value = 0;
      for (unsigned b = 0; b < 6; ++b) value |= (pattern >> b & 1U) != 0 ? kBits[b] : 0;
      const bool expected = row.possible && (row.lpcr_bit == 0 || (value & row.lpcr_bit) != 0);
      EXPECT_EQ(wakes(row.cause, kernel, value, psscr::kEc), expected)
          << info(row.cause).name << " pattern " << pattern;
      EXPECT_TRUE(wakes(row.cause, kernel, value, 0)) << info(row.cause).name;
    }
    EXPECT_EQ(wake_reason(row.cause), row.reason);
    EXPECT_EQ(row.reason & ~srr1::kWakeMask, 0U);
  }
}

TEST(Wake, ExternalMustNotBeExcludedByHeic) {
  const std::uint64_t enabled = lpcr::kEee | lpcr::kHeic;
  EXPECT_FALSE(wakes(Cause::External, msr_of(0, 1, 0), enabled, psscr::kEc));
  EXPECT_TRUE(wakes(Cause::External, msr_of(0, 0, 0), enabled, psscr::kEc));
}

TEST(Wake, StateLossFollowsEslAndLevel) {
  EXPECT_EQ(state_loss(psscr::kEc | 0xf), StateLoss::None);
  EXPECT_EQ(state_loss(0x300301), StateLoss::None);
  EXPECT_EQ(state_loss(psscr::kEsl | 2), StateLoss::Gpr);
  EXPECT_EQ(state_loss(psscr::kEsl | 4), StateLoss::Hypervisor);
}

}  // namespace
}  // namespace xive::ppc
