// SPDX-License-Identifier: Apache-2.0
// Replays every XIVE register access of skiboot 7.0 (testdata/README.md) and compares what is read.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sc_models/xive/test/machine.h"
#include "sc_models/xive/testdata/skiboot_accesses.h"

namespace xive::ic {
namespace {

constexpr std::uint64_t kXscom = 0x603fc00000000, kXscomSize = 0x400000000;

TEST(Replay, SkibootRegisterAccesses) {
  const auto accesses = test::skiboot_accesses();
  ASSERT_EQ(accesses.size(), 276U);

  test::FakeMemory memory;
  Fabric fabric;
  VpFilter filter(1);
  test::FakeTima tima(1, 1, &filter);
  RuleBook book;
  XiveRules rules(book, &memory);
  gen1::ChipConfig config;
  config.cores.push_back({.number = 0, .threads = 1});
  gen1::XiveChip chip(config, memory, fabric, tima, tima);
  chip.presenter().set_filter(&filter);
  chip.observe(&rules.chip(0));

  // What skiboot does in memory only (xive-chip.md 8.1, 5): tables, and sub-page 0 of ENDs and
  // NVTs. The recorded VSDs tell where the tables are; the places of the sub-pages are assumed.
  memory.fill(0x31dc0000, 0x40000, 0x55);
  memory.map(0x32000000, 0x1000000);
  memory.put64(0x32810000, 0xa0000000328d0004);
  memory.put64(0x32830000, 0xa000000032850004);
  memory.put64(0x32000000 + 8 * 0x10, 0x8000000f80000000 | 0x10);

  std::set<std::uint64_t> polled;
  unsigned compared = 0;
  unsigned own = 0;
  for (const test::SkibootAccess& access : accesses) {
    if (access.address >= kXscom && access.address < kXscom + kXscomSize) {
      const std::uint64_t pcb = (access.address - kXscom) >> 3U;
      if (pcb < gen1::reg::kXscomBase || pcb >= gen1::reg::kXscomBase + gen1::reg::kXscomCount) {
        continue;  // other units
      }
      ++own;
      ASSERT_TRUE(access.write);
      EXPECT_TRUE(
          chip.xscom_write(static_cast<std::uint32_t>(pcb - gen1::reg::kXscomBase), access.value));
      continue;
    }
    gen1::BusAccess bus{.address = access.address,
                        .size = access.size,
                        .write = access.write,
                        .data = access.value};
    EXPECT_EQ(chip.access(bus), gen1::BusReply::Ok) << "access " << access.seq;
    ++own;
    if (access.write) continue;
    const std::uint64_t mask = compared_bits(access);
    EXPECT_EQ(bus.data & mask, access.value & mask)
        << "access " << access.seq << " at " << std::hex << access.address;
    if (mask == ~std::uint64_t{0}) ++compared;
  }
  EXPECT_EQ(own, 267U);
  EXPECT_GE(compared, 35U);

  // Results in memory that the boot is known to end with.
  EXPECT_EQ(memory.be64(0x328d0000 + 15 * 32), 0x0000800050000000U) << "cleaned END image";
  EXPECT_EQ(memory.be64(0x32850000 + 0x80 * 64), 0x8000000000000008U) << "HW VP with END base 8";
  EXPECT_EQ(tima.thread(0, 0).state.at(tima::Ring::Phys, 8), 0x80);
  EXPECT_EQ(chip.fir().count(FirId::UnlistedRegister), 0U);
  EXPECT_EQ(chip.fir().count(FirId::VsdRejected), 0U);
  EXPECT_EQ(chip.fir().total(), chip.fir().count(FirId::EndPageLoad)) << "one load of a dead END";
  rules.finish();
  EXPECT_TRUE(book.clean()) << book.violations()[0].rule << ": " << book.violations()[0].detail;
}

}  // namespace
}  // namespace xive::ic
