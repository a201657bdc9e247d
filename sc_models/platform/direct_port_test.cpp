// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/direct_port.h"

#include <gtest/gtest.h>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/sparse_memory.h"

namespace xive::platform {
namespace {

struct Writes final : StoreSnooper {
  void on_store(std::uint64_t address, std::uint64_t size, const Requester& requester) override {
    EXPECT_FALSE(requester.is_thread());
    last = address;
    bytes += size;
  }
  std::uint64_t last = 0, bytes = 0;
};

class DirectPortTest : public ::testing::Test {
 protected:
  DirectPortTest() {
    memory.set_snooper(&writes);
    low = map(memory);
  }
  Bus::WindowId map(SparseMemory& target, int priority = 0) {
    return bus.map({.name = "memory",
                    .base = target.base(),
                    .size = target.size(),
                    .target = &target,
                    .kind = Bus::Kind::Memory,
                    .priority = priority});
  }
  std::uint64_t load(std::uint64_t address) { return load_be<8>(port, address).value_or(0xbad); }

  Writes writes;
  SparseMemory memory{0, 0x40000};
  Bus bus;
  Bus::WindowId low = 0;
  DirectPort port{bus};
};

TEST_F(DirectPortTest, ReadsAndWritesWhatIsInMemory) {
  EXPECT_EQ(load(0x10008), 0U);
  EXPECT_EQ(memory.pages(), 0U) << "reading creates no page";
  for (std::uint64_t n = 1; n < 4; ++n) {
    EXPECT_TRUE(store_be<8>(port, 0x10008, n));
    EXPECT_EQ(load_be<8>(memory, 0x10008), n);
    EXPECT_TRUE(store_be<8>(memory, 0x10008, 16 * n));
    EXPECT_EQ(load(0x10008), 16 * n);
  }
}

TEST_F(DirectPortTest, EveryWriteIsAnnounced) {
  for (unsigned n = 1; n < 4; ++n) {
    store_be<4>(port, 0x20000 + n, 1);
    EXPECT_EQ(writes.last, 0x20000 + n);
    EXPECT_EQ(writes.bytes, 4 * n);
  }
}

TEST_F(DirectPortTest, AWindowThatComesOrGoesIsSeen) {
  SparseMemory other(0, 0x40000);
  store_be<8>(memory, 0x30000, 1);
  store_be<8>(other, 0x30000, 2);
  EXPECT_EQ(load(0x30000), 1U);
  const Bus::WindowId above = map(other, 1);
  EXPECT_EQ(load(0x30000), 2U);
  store_be<8>(port, 0x30000, 3);
  EXPECT_EQ(load_be<8>(other, 0x30000), 3U);
  EXPECT_EQ(load_be<8>(memory, 0x30000), 1U);
  bus.unmap(above);
  EXPECT_EQ(load(0x30000), 1U);
  bus.unmap(low);
  EXPECT_EQ(load(0x30000), 0xbadU);
  EXPECT_FALSE(store_be<8>(port, 0x30000, 4));
}

TEST_F(DirectPortTest, ADeviceInsideAPageIsNotMemory) {
  struct Device final : Target {
    Response access(const Request&) override { return {}; }
  } device;
  store_be<8>(memory, 0x30000, 1);
  EXPECT_EQ(load(0x30000), 1U);
  bus.map({.name = "device", .base = 0x30800, .size = 0x100, .target = &device, .priority = 1});
  EXPECT_EQ(load(0x30000), 1U);
  EXPECT_EQ(load(0x30800), 0xbadU);
}

TEST_F(DirectPortTest, AnAccessOverTheEndOfAPage) {
  store_be<8>(memory, 0x1fff8, 0x0102030405060708);
  store_be<8>(memory, 0x20000, 0x1112131415161718);
  EXPECT_EQ(load(0x1fff8), 0x0102030405060708U);
  EXPECT_EQ(load(0x1fffc), 0x0506070811121314U);
  EXPECT_TRUE(store_be<8>(port, 0x1fffc, 0x2122232425262728));
  EXPECT_EQ(load(0x20000), 0x2526272815161718U);
}

TEST_F(DirectPortTest, PagesThatShareAPlace) {
  // More pages than there are places.
  constexpr std::uint64_t kCount = 0x400;
  SparseMemory large(0x10000000, kCount << 16U);
  map(large);
  for (std::uint64_t n = 0; n < kCount; ++n) store_be<8>(port, 0x10000000 + (n << 16U), n + 1);
  for (std::uint64_t n = 0; n < kCount; ++n) EXPECT_EQ(load(0x10000000 + (n << 16U)), n + 1);
}

}  // namespace
}  // namespace xive::platform
