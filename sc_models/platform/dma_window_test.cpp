// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/dma_window.h"

#include <gtest/gtest.h>

#include "sc_models/platform/sparse_memory.h"

namespace xive::platform {
namespace {

using Kind = DmaWindow::Kind;
constexpr std::uint64_t kTables = 0x100000, kLeaf = 0x200000, kTarget = 0x340000;

class DmaWindowTest : public ::testing::Test {
 protected:
  DmaWindowTest() {
    config.tables = kTables;
    map(0x10000, kTarget | DmaWindow::kRead | DmaWindow::kWrite);
  }
  /// `at` lies in the first 512 MiB of the window.
  void map(std::uint64_t at, std::uint64_t entry) {
    store_be<8>(memory, kTables, kLeaf | DmaWindow::kRead | DmaWindow::kWrite);
    store_be<8>(memory, kLeaf + 8 * (at >> 16U), entry);
  }
  DmaWindow::Decision decide(std::uint64_t address, unsigned size, bool write) {
    return DmaWindow(config, memory).decide(address, size, write);
  }
  SparseMemory memory{0, 0x1000000};
  DmaWindow::Config config;
};

TEST_F(DmaWindowTest, MappedPagesAreMemory) {
  const auto there = decide(0x12345, 1, true);
  EXPECT_EQ(there.kind, Kind::Memory);
  EXPECT_EQ(there.address, kTarget + 0x2345);
  EXPECT_TRUE(there.walked);
  map(0x20000, kTarget | DmaWindow::kRead);
  EXPECT_EQ(decide(0x20000, 8, false).kind, Kind::Memory);
  EXPECT_EQ(decide(0x20000, 8, true).kind, Kind::Refused);
  EXPECT_EQ(decide(0x30000, 8, true).kind, Kind::Refused);
  EXPECT_EQ(decide(std::uint64_t{1} << 43U, 8, true).kind, Kind::Refused);
}

TEST_F(DmaWindowTest, TheHoleIsNotMemory) {
  const auto message = decide(0xffff0040, 4, true);
  EXPECT_EQ(message.kind, Kind::Message);
  EXPECT_FALSE(message.walked);
  EXPECT_EQ(decide(0xffff0040, 8, true).kind, Kind::Refused);
  EXPECT_EQ(decide(0xffff0040, 4, false).kind, Kind::Refused);
  for (const std::uint64_t at : {config.hole_first, config.hole_last, config.hole_first - 1}) {
    const auto refused = decide(at, at == config.hole_first - 1 ? 2 : 1, true);
    EXPECT_EQ(refused.kind, Kind::Refused);
    EXPECT_FALSE(refused.walked);
  }
  EXPECT_TRUE(decide(config.hole_first - 1, 1, true).walked);
  EXPECT_TRUE(decide(config.hole_last + 1, 1, true).walked);
}

TEST_F(DmaWindowTest, WithoutTheHoleAMessageIsAStore) {
  config.hole_ignored = true;
  EXPECT_NE(decide(0xffff0040, 4, true).kind, Kind::Message);
}

}  // namespace
}  // namespace xive::platform
