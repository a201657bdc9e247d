// SPDX-License-Identifier: Apache-2.0
/// spec/tima.md 0.2, 2.1, 2.2, 2.4: the decode of every key, size, direction and page against the
/// tables typed once more.
#include "sc_models/tima/decode.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "sc_models/tima/testing/reference_fixture.h"

namespace xive::tima::testing {
namespace {

/// (key, write, size in bytes) -> (least privileged page, op)
using Table = std::map<std::tuple<unsigned, bool, unsigned>, std::pair<unsigned, Op>>;
constexpr bool kLd = false, kSt = true;

Table generation_1() {
  return {
      {{0x011, kSt, 1}, {2, Op::SetOsCppr}}, {{0x031, kSt, 1}, {1, Op::SetHvCppr}},
      {{0x018, kSt, 4}, {1, Op::PushOs}},    {{0x038, kSt, 1}, {1, Op::SetVt}},
      {{0x038, kLd, 1}, {1, Op::PollVt}},    {{0x810, kLd, 2}, {2, Op::AckOs}},
      {{0x830, kLd, 2}, {1, Op::AckHv}},     {{0x812, kSt, 1}, {2, Op::SetOsPending}},
      {{0x818, kLd, 4}, {1, Op::PullOs}},    {{0x818, kLd, 8}, {1, Op::PullOs}},
      {{0x828, kLd, 4}, {1, Op::PullPool}},  {{0x828, kLd, 8}, {1, Op::PullPool}},
      {{0x838, kLd, 1}, {1, Op::PullPhys}},
  };
}

Table generation_2() {
  Table table = generation_1();
  table[{0x038, kSt, 1}] = {1, Op::PushPhys};
  table[{0x018, kSt, 8}] = {1, Op::PushOs};
  table[{0x028, kSt, 4}] = {1, Op::PushPool};
  table[{0x028, kSt, 8}] = {1, Op::PushPool};
  table[{0x015, kSt, 1}] = {2, Op::SetOsLgs};
  table[{0x025, kSt, 1}] = {1, Op::SetPoolLgs};
  table[{0x036, kSt, 1}] = {1, Op::SetPhysTarget};
  table[{0x810, kLd, 4}] = {1, Op::PullOs};
  table[{0x820, kLd, 4}] = {1, Op::PullPool};
  table[{0x830, kLd, 4}] = {1, Op::PullPhys};
  table[{0xc10, kSt, 1}] = {2, Op::AckOsEvenLine};
  table[{0xc18, kSt, 1}] = {1, Op::PullOsOddLine};
  table[{0xc38, kSt, 1}] = {1, Op::PullPhysOddLine};
  return table;
}

Table with_cppr_load(Table table) {
  table[{0x011, kLd, 1}] = {2, Op::LoadOsCppr};
  table[{0x031, kLd, 1}] = {1, Op::LoadHvCppr};
  return table;
}

Table with_user_ring(Table table) {
  table[{0x000, kLd, 1}] = {3, Op::LoadUserNsr};
  table[{0x000, kSt, 1}] = {3, Op::StoreUserNsr};
  table[{0x800, kLd, 1}] = {3, Op::AckEbb};
  table[{0x808, kSt, 4}] = {2, Op::PushUser};
  table[{0x808, kLd, 4}] = {2, Op::PullUser};
  return table;
}

/// All 64 Ki offsets, sizes, directions and pages.
void expect_decode(unsigned generation, const Knobs& knobs, const Table& table) {
  for (unsigned offset = 0; offset < 0x10000; ++offset) {
    const unsigned key = offset & 0xc3fU;
    for (const unsigned size : {1U, 2U, 4U, 8U}) {
      for (const bool write : {false, true}) {
        const auto row = table.find({key, write, size});
        for (unsigned page = 0; page < 4; ++page) {
          Op expected = Op::Raw;
          if (row != table.end() && page <= row->second.first) {
            expected = row->second.second;
          } else if (key >= 0x800 || (key >= 0x400 && !knobs.low400_alias)) {
            expected = Op::None;
          }
          const MmioRequest request =
              PortDriver::access(0, static_cast<Page>(page), offset, size, write, 0);
          if (decode(generation, knobs, request).op != expected) {
            ADD_FAILURE() << "generation " << generation << " page " << page << " offset "
                          << std::hex << offset << " size " << size << " write " << write;
            return;
          }
        }
      }
    }
  }
}

TEST(Decode, Generation1FollowsTheTables) {
  expect_decode(1, {}, generation_1());
}

TEST(Decode, Generation2FollowsTheTables) {
  expect_decode(2, {}, generation_2());
}

TEST(Decode, CpprLoadKnobAddsTwoLoads) {
  Knobs knobs;
  knobs.cppr_load = true;
  expect_decode(1, knobs, with_cppr_load(generation_1()));
}

TEST(Decode, UserRingKnobAddsTheExtensionsOf24) {
  Knobs knobs;
  knobs.user_ring = true;
  expect_decode(1, knobs, with_user_ring(generation_1()));
}

TEST(Decode, WithoutTheLow400AliasTheseAddressesFail) {
  Knobs knobs;
  knobs.low400_alias = false;
  expect_decode(1, knobs, generation_1());
}

TEST(Decode, NoTwoRowsOfAGenerationShareKeySizeAndDirection) {
  std::map<std::tuple<unsigned, bool, unsigned, unsigned>, int> seen;
  for (const OpRow& row : op_table()) {
    for (const unsigned generation : {1U, 2U}) {
      if ((row.generations & generation) == 0) continue;
      EXPECT_EQ(++seen[std::tuple(row.key, row.write, row.size_log2, generation)], 1) << row.name;
    }
  }
}

// --- The rules of 0.2 that come before the tables ------------------------------------------------

TEST(Access, DisabledThreadGivesNoAccessAndKeepsItsState) {
  Bench bench;
  bench.reference.set_enabled(bench.thread, false);
  const ThreadState before = bench.state();
  for (const unsigned offset : {0x10U, 0x38U, 0x810U, 0x13U}) {
    const MmioResponse read = bench.load(Page::Hv, offset, 2);
    EXPECT_EQ(read.rdata, 0xffffU);
    EXPECT_TRUE(read.err);
    EXPECT_EQ(read.code, ErrorCode::NoAccess);
    const MmioResponse write = bench.store(Page::Hv, offset, 1, 0x80);
    EXPECT_EQ(write.rdata, 0U);
    EXPECT_TRUE(write.err);
  }
  EXPECT_EQ(bench.state(), before);
}

TEST(Access, ThreadThatDoesNotExistGivesNoAccess) {
  Bench bench;
  bench.thread = Bench::kThreads;
  EXPECT_EQ(bench.load(Page::Hv, 0x10, 8).code, ErrorCode::NoAccess);
}

TEST(Access, EveryMisalignedAccessGivesAlignAndChangesNothing) {
  Bench bench;
  bench.make_all_valid();
  const ThreadState before = bench.state();
  for (unsigned page = 0; page < 4; ++page) {
    for (unsigned offset = 0; offset < 0x1000; ++offset) {
      for (const unsigned size : {2U, 4U, 8U}) {
        if (offset % size == 0) continue;
        const MmioResponse read = bench.load(static_cast<Page>(page), offset, size);
        ASSERT_EQ(read.code, ErrorCode::Align);
        ASSERT_TRUE(read.err);
        ASSERT_EQ(read.rdata, ~std::uint64_t{0} >> (64 - 8 * size));
        ASSERT_EQ(bench.store(static_cast<Page>(page), offset, size, 0).code, ErrorCode::Align);
      }
    }
  }
  EXPECT_EQ(bench.state(), before);
}

TEST(Access, OperationOfAPageIsRefusedFromLessPrivilegedPages) {
  struct {
    unsigned offset, size;
    bool write;
    Page page;
  } const ops[] = {
      {0x011, 1, true, Page::Os},  {0x031, 1, true, Page::Hv},  {0x018, 4, true, Page::Hv},
      {0x038, 1, true, Page::Hv},  {0x038, 1, false, Page::Hv}, {0x810, 2, false, Page::Os},
      {0x830, 2, false, Page::Hv}, {0x812, 1, true, Page::Os},  {0x818, 4, false, Page::Hv},
      {0x818, 8, false, Page::Hv}, {0x828, 4, false, Page::Hv}, {0x828, 8, false, Page::Hv},
      {0x838, 1, false, Page::Hv}};
  for (const auto& op : ops) {
    SCOPED_TRACE(op.offset);
    std::optional<ThreadState> effect;
    for (unsigned page = 0; page < 4; ++page) {
      Bench bench;
      bench.make_all_valid();
      bench.memory.nvts[{0, 7}] = 0x40;
      const ThreadState before = bench.state();
      const MmioResponse response =
          op.write ? bench.store(static_cast<Page>(page), op.offset, op.size, 0x80000007U)
                   : bench.load(static_cast<Page>(page), op.offset, op.size);
      if (page <= static_cast<unsigned>(op.page)) {
        EXPECT_FALSE(response.err);
        if (effect) {
          EXPECT_EQ(bench.state(), *effect);
        }
        effect = bench.state();
      } else {
        EXPECT_EQ(response.code, ErrorCode::NoAccess);
        EXPECT_EQ(bench.state(), before);
        EXPECT_TRUE(bench.memory.requests.empty());
      }
    }
  }
}

TEST(Access, OperationsAreDefinedForHwOrSwOwnedRings) {
  struct {
    unsigned offset, size;
    bool write;
    ErrorCode owned, broken_chain;
  } const ops[] = {
      {0x011, 1, true, ErrorCode::None, ErrorCode::None},
      {0x031, 1, true, ErrorCode::None, ErrorCode::None},
      {0x038, 1, false, ErrorCode::None, ErrorCode::None},
      {0x038, 1, true, ErrorCode::Undef, ErrorCode::None},
      {0x810, 2, false, ErrorCode::None, ErrorCode::Undef},
      {0x830, 2, false, ErrorCode::None, ErrorCode::Undef},
      {0x812, 1, true, ErrorCode::None, ErrorCode::Undef},
      {0x818, 4, false, ErrorCode::None, ErrorCode::Undef},
      {0x828, 4, false, ErrorCode::None, ErrorCode::Undef},
  };
  for (const auto& op : ops) {
    for (const bool owned : {true, false}) {
      Bench bench;
      bench.make_all_valid();
      if (!owned) bench.set(Ring::Phys, reg::kWord2, 0);
      const MmioResponse response = op.write ? bench.store(Page::Hv, op.offset, op.size, 5)
                                             : bench.load(Page::Hv, op.offset, op.size);
      EXPECT_FALSE(response.err);
      EXPECT_EQ(response.code, owned ? op.owned : op.broken_chain) << std::hex << op.offset;
      EXPECT_EQ(bench.reference.last_code(), response.code);
    }
  }
}

TEST(Access, PollReturnsTheStoredByteAndHasNoEffect) {
  Bench bench;
  bench.set(Ring::Phys, reg::kWord2, 0x83);
  const ThreadState before = bench.state();
  EXPECT_EQ(bench.load(Page::Hv, 0x38, 1).rdata, 0x83U);
  EXPECT_EQ(bench.state(), before);
}

TEST(Access, OperationTouchesNoOtherThread) {
  Bench bench;
  bench.make_all_valid();
  bench.store(Page::Os, 0x11, 1, 0xff);
  bench.present(Ring::Os, Bench::kOsIdx, 2);
  Bench fresh;
  for (const unsigned other : {0U, 2U, 3U}) {
    EXPECT_EQ(bench.reference.state(other), fresh.reference.state(other));
  }
}

}  // namespace
}  // namespace xive::tima::testing
