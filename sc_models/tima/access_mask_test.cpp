// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md 1.5 and 1.6: raw accesses, exhaustively, against the masks typed once more as
/// numbers.
#include "sc_models/tima/access_mask.h"

#include <gtest/gtest.h>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

// 0 none, 1 WO, 2 RO, 3 RW; rows: pages 0..3, columns: the 64 bytes.
constexpr int kMask[4][64] = {
    {3, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 0, 0, 0, 0,   // page 0, QW0
     3, 3, 3, 3, 3, 3, 0, 2, 3, 3, 3, 3, 0, 0, 0, 3,   // QW1
     0, 0, 3, 3, 0, 3, 3, 0, 3, 3, 3, 3, 0, 0, 0, 0,   // QW2
     3, 3, 3, 3, 0, 3, 0, 2, 3, 0, 0, 3, 3, 3, 3, 0},  // QW3
    {3, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 0, 0, 0, 0,   // page 1
     3, 3, 3, 3, 3, 3, 0, 2, 3, 3, 3, 3, 0, 0, 0, 3,   //
     0, 0, 3, 3, 0, 3, 3, 0, 0, 3, 3, 3, 0, 0, 0, 0,   //
     3, 3, 3, 3, 0, 3, 0, 2, 3, 0, 0, 3, 0, 0, 0, 0},  //
    {3, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 3, 0, 0, 0, 0,   // page 2
     2, 3, 2, 2, 2, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,   //
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,   //
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},  //
    {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,   // page 3
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,   //
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,   //
     0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},  //
};

/// Bases that reach the raw registers; bit 10 bypasses the operations of the low half.
constexpr unsigned kBases[] = {0x000, 0x040, 0x080,  0x100,  0x180, 0x3c0,
                               0x400, 0x780, 0x1000, 0xf000, 0xf400};

/// Is this an operation of generation 1 for the given page (2.1)?
bool is_low_half_op(unsigned page, unsigned base, unsigned offset, unsigned size, bool write) {
  if ((base & 0x400U) != 0) return false;
  if (size == 1 && write && offset == 0x11) return page <= 2;
  if (size == 1 && write && offset == 0x31) return page <= 1;
  if (size == 1 && offset == 0x38) return page <= 1;
  if (size == 4 && write && offset == 0x18) return page <= 1;
  return false;
}

/// Every byte different, no valid ring, never 0 and never FF.
ThreadState pattern() {
  ThreadState state;
  for (unsigned i = 0; i < kThreadBytes; ++i) state.r[i] = static_cast<std::uint8_t>(0x40 + i);
  state.l_os = state.l_hv = state.enabled = true;
  return state;
}

class RawAccess : public ::testing::Test {
 protected:
  template <typename Check>
  void for_every_raw_access(bool write, Check check) {
    for (unsigned page = 0; page < 4; ++page) {
      for (const unsigned base : kBases) {
        for (const unsigned size : {1U, 2U, 4U, 8U}) {
          for (unsigned offset = 0; offset < 64; offset += size) {
            if (is_low_half_op(page, base, offset, size, write)) continue;
            SCOPED_TRACE(::testing::Message() << "page " << page << " offset " << std::hex
                                              << base + offset << " size " << size);
            bench_.reference.set_state(bench_.thread, pattern());
            check(static_cast<Page>(page), base + offset, size);
          }
        }
      }
    }
  }

  Bench bench_;
};

TEST_F(RawAccess, LoadReturnsPermittedBytesAndChangesNothing) {
  for_every_raw_access(false, [&](Page page, unsigned offset, unsigned size) {
    const ThreadState before = pattern();
    const unsigned first = offset % 64;
    bool any = false;
    std::uint64_t expected = 0, ones = 0;
    for (unsigned byte = first; byte < first + size; ++byte) {
      const bool permitted = size >= 4 && first >= 16 && (kMask[int(page)][byte] & 2) != 0;
      any = any || permitted;
      expected = expected << 8U | (permitted ? before.r[byte] : 0U);
      ones = ones << 8U | 0xffU;
    }
    const MmioResponse response = bench_.load(page, offset, size);
    EXPECT_EQ(response.err, !any);
    EXPECT_EQ(response.code, any ? ErrorCode::None : ErrorCode::NoAccess);
    EXPECT_EQ(response.rdata, any ? expected : ones);
    EXPECT_EQ(bench_.state(), before);
  });
}

TEST_F(RawAccess, StoreWritesPermittedBytesOnly) {
  for_every_raw_access(true, [&](Page page, unsigned offset, unsigned size) {
    ThreadState expected = pattern();
    const unsigned first = offset % 64;
    bool any = false;
    const std::uint64_t data = 0xa1b2c3d4e5f60718U;
    for (unsigned i = 0; i < size; ++i) {
      if (size < 4 || first < 16 || (kMask[int(page)][first + i] & 1) == 0) continue;
      any = true;
      expected.r[first + i] = static_cast<std::uint8_t>(data >> (8 * (size - 1 - i)));
    }
    const MmioResponse response = bench_.store(page, offset, size, data);
    EXPECT_EQ(response.err, !any);
    EXPECT_EQ(response.code, any ? ErrorCode::None : ErrorCode::NoAccess);
    EXPECT_EQ(response.rdata, 0U);
    EXPECT_EQ(bench_.state(), expected);
  });
}

TEST_F(RawAccess, StoreToHwOwnedRingIsPerformedAndFlagged) {
  bench_.make_all_valid();
  bench_.set(Ring::Os, reg::kCppr, 0xff);
  const MmioResponse response = bench_.store(Page::Hv, 0x10, 4, 0x00ff8000U);
  EXPECT_FALSE(response.err);
  EXPECT_EQ(response.code, ErrorCode::Undef);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kIpb), 0x80);
  // No side effect: no evaluation although priority 0 is pending now.
  EXPECT_EQ(bench_.get(Ring::Os, reg::kNsr), 0);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kPipr), 0xff);
  EXPECT_FALSE(bench_.state().l_os);
}

TEST_F(RawAccess, StoreToRingWithBrokenChainIsNotFlagged) {
  bench_.make_all_valid();
  bench_.set(Ring::Pool, reg::kWord2, 0);
  EXPECT_EQ(bench_.store(Page::Hv, 0x10, 4, 0).code, ErrorCode::None);
}

TEST_F(RawAccess, StoreThatCompletesTheChainIsJudgedByTheStateBefore) {
  bench_.make_all_valid();
  bench_.set(Ring::Pool, reg::kWord2, 0);
  EXPECT_EQ(bench_.store(Page::Hw, 0x28, 4, 0x80000001U).code, ErrorCode::None);
  EXPECT_EQ(bench_.store(Page::Hw, 0x28, 4, 0x80000001U).code, ErrorCode::Undef);
}

TEST_F(RawAccess, WorkedCases) {
  bench_.set(Ring::Os, reg::kTarget, 0x66);
  bench_.set(Ring::Os, reg::kPipr, 0x77);
  bench_.store(Page::Hv, 0x10, 8, 0x0102030405060708U);
  EXPECT_EQ(bench_.get(Ring::Os, 5), 6);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kTarget), 0x66);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kPipr), 0x77);

  bench_.store(Page::Hv, 0x30, 4, 0x00ff00ffU);
  EXPECT_EQ(bench_.get(Ring::Phys, reg::kCppr), 0xff);
  EXPECT_EQ(bench_.get(Ring::Phys, reg::kLsmfb), 0xff);

  bench_.store(Page::Hv, 0x20, 4, 0x000000ffU);
  EXPECT_EQ(bench_.get(Ring::Pool, reg::kLsmfb), 0xff);

  bench_.store(Page::Hv, 0x38, 4, 0x80ffff12U);
  EXPECT_EQ(bench_.state().word2(Ring::Phys), 0x80000012U);

  // Generation 1: an 8-byte store at 0x18 is raw, writes WORD2 and OGEN and fetches nothing.
  EXPECT_EQ(bench_.store(Page::Hv, 0x18, 8, 0x80000001'00000042U).code, ErrorCode::None);
  EXPECT_EQ(bench_.state().word2(Ring::Os), 0x80000001U);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kOgen), 0x42);
  EXPECT_TRUE(bench_.memory.requests.empty());

  // OS page: a 4-byte store at 0x10 writes CPPR raw.
  bench_.store(Page::Os, 0x10, 4, 0x99059999U);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kNsr), 1);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kCppr), 5);
  EXPECT_EQ(bench_.get(Ring::Os, reg::kIpb), 3);
}

TEST(AccessMask, BlockMaskAgreesWithByteMask) {
  for (unsigned page = 0; page < 4; ++page) {
    for (unsigned byte = 0; byte < kThreadBytes; ++byte) {
      EXPECT_EQ(raw_access_permitted(static_cast<Page>(page), byte, Access::Load),
                (kMask[page][byte] & 2) != 0);
      EXPECT_EQ(raw_access_permitted(static_cast<Page>(page), byte, Access::Store),
                (kMask[page][byte] & 1) != 0);
    }
  }
}

}  // namespace
}  // namespace xive::tima::testing
