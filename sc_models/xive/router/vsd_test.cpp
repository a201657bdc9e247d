// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/router/vsd.h"

#include <gtest/gtest.h>

#include "sc_models/xive/test/fake_memory.h"

namespace xive::ic {
namespace {

class Vsd : public testing::Test {
 protected:
  test::FakeMemory memory;
  Environment env{memory};
  VsdTable table{env, false, {8, 0, 32, 64, 4}};
};

TEST_F(Vsd, RejectsWhatTheSpecificationNames) {
  const std::uint64_t good = 0x8000000032000004;
  EXPECT_TRUE(table.write(0, 0, good, false));
  const std::uint64_t bad[] = {
      0,                   // nothing
      0x0000000032000004,  // mode invalid
      0x4000000032000004,  // shared
      0x8000000000000004,  // address 0
      0x8000000032001004,  // unaligned
      0x8000000032000084,  // indirect, not allowed
  };
  for (const std::uint64_t vsd : bad)
    EXPECT_FALSE(table.write(0, 0, vsd, false)) << std::hex << vsd;
  EXPECT_FALSE(table.write(0, 0, 0x8000000032000083, true)) << "32 KiB pages do not exist";
  EXPECT_FALSE(table.write(7, 0, good, false));
  EXPECT_EQ(table.top(Table::Eas, 0), good) << "old value kept";
  EXPECT_EQ(env.fir.count(FirId::VsdRejected), 8U);
}

TEST_F(Vsd, DirectUpToTheLastEntry) {
  ASSERT_TRUE(table.write(0, 1, 0x800000003200000b, false));
  EXPECT_EQ(table.lookup(Table::Eas, 1, 0xfffff).address, 0x327ffff8U);
  EXPECT_FALSE(table.lookup(Table::Eas, 1, 0x100000).ok);
  ASSERT_TRUE(table.write(1, 1, 0x8000000031dc0006, false));
  EXPECT_EQ(table.lookup(Table::Esb, 1, 0xfffff).address, 0x31dfffffU);
  EXPECT_FALSE(table.lookup(Table::Esb, 1, 0x100000).ok);
  EXPECT_EQ(memory.accesses(), 0U) << "no entry memory was touched";
  EXPECT_FALSE(table.lookup(Table::End, 1, 0).ok);
  EXPECT_EQ(env.fir.count(FirId::VsdMissing), 1U);
}

class IndirectVsd : public Vsd, public testing::WithParamInterface<unsigned> {};

TEST_P(IndirectVsd, FirstAndLastSubPage) {
  const unsigned tsize = GetParam();
  const std::uint64_t page = std::uint64_t{4096} << tsize;
  const auto per_page = static_cast<std::uint32_t>(page / 32);
  const auto pages = static_cast<std::uint32_t>(page / 8);
  memory.map(0x40000000, page);
  ASSERT_TRUE(table.write(2, 0, 0x8000000040000080 | tsize, true));
  memory.put64(0x40000000, 0x8000000050000000 | tsize);
  memory.put64(0x40000000 + page - 8, 0xa000000060000000 | tsize);  // FIRMWARE bit set
  EXPECT_EQ(table.lookup(Table::End, 0, per_page - 1).address, 0x50000000 + page - 32);
  EXPECT_EQ(table.lookup(Table::End, 0, per_page * (pages - 1)).address, 0x60000000U);
  EXPECT_FALSE(table.lookup(Table::End, 0, per_page).ok);
  EXPECT_EQ(env.fir.count(FirId::VsdNotProvisioned), 1U);
  memory.put64(0x40000008, 0x8000000070000000 | tsize);
  EXPECT_EQ(table.lookup(Table::End, 0, per_page).address, 0x70000000U) << "seen without a kill";
  if (static_cast<std::uint64_t>(per_page) * pages <= 0xffffff) {
    EXPECT_FALSE(table.lookup(Table::End, 0, per_page * pages).ok);
    EXPECT_EQ(env.fir.count(FirId::VsdOutOfRange), 1U);
  }
}
INSTANTIATE_TEST_SUITE_P(PageSizes, IndirectVsd, testing::Values(0U, 4U));

TEST_F(Vsd, CachedSubPageUntilKill) {
  memory.map(0x40000000, 0x10000);
  ASSERT_TRUE(table.write(2, 0, 0x8000000040000084, true));
  memory.put64(0x40000000, 0x8000000050000004);
  EXPECT_TRUE(table.lookup(Table::End, 0, 1).ok);
  memory.put64(0x40000000, 0);
  EXPECT_TRUE(table.lookup(Table::End, 0, 1).ok) << "stale until killed";
  table.kill();
  EXPECT_FALSE(table.lookup(Table::End, 0, 1).ok);
}

TEST_F(Vsd, MalformedSubPages) {
  memory.map(0x40000000, 0x10000);
  ASSERT_TRUE(table.write(2, 0, 0x8000000040000084, true));
  const std::uint64_t bad[] = {
      0x8000000040000084,  // nested: points at its own table
      0xc000000050000004,  // forward
      0x8000000050000000,  // other page size
      0x8000000000000004,  // no address
  };
  for (const std::uint64_t sub : bad) {
    memory.put64(0x40000000, sub);
    EXPECT_FALSE(table.lookup(Table::End, 0, 0).ok) << std::hex << sub;
  }
  EXPECT_EQ(env.fir.count(FirId::VsdBadSubpage), 4U);
  ASSERT_TRUE(table.write(2, 0, 0x8000000090000084, true));
  EXPECT_FALSE(table.lookup(Table::End, 0, 0).ok);
  EXPECT_EQ(env.fir.count(FirId::TableBusError), 1U) << "table outside memory";
}

}  // namespace
}  // namespace xive::ic
