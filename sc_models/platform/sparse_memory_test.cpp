// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/sparse_memory.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace xive::platform {
namespace {

constexpr std::uint64_t kBase = 0x100000, kSize = 0x400000;

Request load(std::uint64_t address, std::uint8_t size) {
  return {.command = Command::Load, .size = size, .address = address};
}
Request store(std::uint64_t address, std::uint8_t size, std::uint64_t data) {
  return {.command = Command::Store, .size = size, .address = address, .data = data};
}

TEST(SparseMemory, IsBigEndian) {
  SparseMemory memory(kBase, kSize);
  EXPECT_TRUE(memory.access(store(kBase + 8, 8, 0x0102030405060708)).ok());
  for (unsigned i = 0; i < 8; ++i) EXPECT_EQ(memory.access(load(kBase + 8 + i, 1)).data, i + 1);
  EXPECT_EQ(memory.access(load(kBase + 10, 2)).data, 0x0304U);
  EXPECT_EQ(memory.access(load(kBase + 12, 4)).data, 0x05060708U);
  EXPECT_EQ(load_be<4>(memory, kBase + 8), 0x01020304U);
  ASSERT_TRUE(store_be<2>(memory, kBase + 8, 0xaabb));
  EXPECT_EQ(memory.access(load(kBase + 8, 8)).data, 0xaabb030405060708U);
  // A store takes only the bytes of its size.
  memory.access(store(kBase, 1, 0x1234));
  EXPECT_EQ(memory.access(load(kBase, 2)).data, 0x3400U);
}

TEST(SparseMemory, PagesExistOnlyWhereSomebodyWrote) {
  SparseMemory memory(0, std::uint64_t{1} << 40U);
  EXPECT_EQ(memory.access(load(0x12345678, 8)).data, 0U);
  std::vector<std::uint8_t> big(300'000, 1);
  EXPECT_TRUE(memory.read(0xff0000, big));
  EXPECT_EQ(big, std::vector<std::uint8_t>(300'000, 0));
  EXPECT_EQ(memory.pages(), 0U);
  memory.access(store((std::uint64_t{1} << 40U) - 1, 1, 1));
  EXPECT_EQ(memory.pages(), 1U);
}

TEST(SparseMemory, EveryPageIsNewAndApartFromTheOthers) {
  constexpr std::uint64_t kPages = 100;  // more than one mapping of the host
  SparseMemory memory(0, kPages << SparseMemory::kPageShift);
  for (std::uint64_t page = kPages; page-- > 0;) {
    const std::uint64_t first = page << SparseMemory::kPageShift;
    ASSERT_TRUE(memory.access(store(first + page, 1, page + 1)).ok());
    ASSERT_EQ(memory.access(load(first + SparseMemory::kPageSize - 8, 8)).data, 0U);
    ASSERT_TRUE(memory.access(store(first + SparseMemory::kPageSize - 8, 8, ~page)).ok());
  }
  for (std::uint64_t page = 0; page < kPages; ++page) {
    std::vector<std::uint8_t> expected(SparseMemory::kPageSize, 0), bytes(expected);
    expected[page] = static_cast<std::uint8_t>(page + 1);
    to_big_endian(~page, std::span(expected).last(8));
    ASSERT_TRUE(memory.read(page << SparseMemory::kPageShift, bytes));
    ASSERT_EQ(bytes, expected) << page;
  }
  EXPECT_EQ(memory.pages(), kPages);
}

TEST(SparseMemory, AccessOutsideFailsAsAWhole) {
  SparseMemory memory(kBase, kSize, 7);
  for (const std::uint64_t address :
       {kBase - 1, kBase - 4, kBase + kSize - 7, kBase + kSize, ~std::uint64_t{0} - 3}) {
    const Response response = memory.access(load(address, 8));
    EXPECT_EQ(response.status, Status::AddressError) << std::hex << address;
    EXPECT_EQ(response.data, ~std::uint64_t{0});
    EXPECT_EQ(memory.access(store(address, 8, 1)).status, Status::AddressError);
  }
  EXPECT_EQ(memory.access(load(kBase - 1, 1)).data, 0xffU);
  EXPECT_EQ(memory.pages(), 0U);
  EXPECT_EQ(memory.access(load(kBase, 8)).latency, 7U);
}

TEST(SparseMemory, AccessMayStraddleAPage) {
  SparseMemory memory(kBase, kSize);
  EXPECT_TRUE(memory.access(store(kBase + 0xfffd, 8, 0x0102030405060708)).ok());
  EXPECT_EQ(memory.access(load(kBase + 0xfffd, 8)).data, 0x0102030405060708U);
  EXPECT_EQ(memory.access(load(kBase + 0x10000, 4)).data, 0x04050607U);
  EXPECT_EQ(memory.pages(), 2U);
}

TEST(SparseMemory, AgreesWithAByteMapOnRandomAccesses) {
  SparseMemory memory(kBase, kSize);
  std::map<std::uint64_t, std::uint8_t> reference;
  std::uint64_t state = 1;
  const auto random = [&] {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  };
  for (int i = 0; i < 20'000; ++i) {
    const auto size = static_cast<std::uint8_t>(1U << (random() % 4));
    const std::uint64_t address = kBase + 0xff00 + random() % 0x200;
    if (random() % 2 == 0) {
      const std::uint64_t data = random();
      memory.access(store(address, size, data));
      for (unsigned b = 0; b < size; ++b) {
        reference[address + b] = static_cast<std::uint8_t>(data >> 8U * (size - 1U - b));
      }
    } else {
      std::uint64_t expected = 0;
      for (unsigned b = 0; b < size; ++b) expected = expected << 8U | reference[address + b];
      ASSERT_EQ(memory.access(load(address, size)).data, expected) << i;
    }
  }
}

TEST(SparseMemory, DirectRegionIsTheMemoryItself) {
  SparseMemory memory(kBase, kSize, 3);
  const auto region = memory.direct(kBase + 0x12345);
  ASSERT_TRUE(region);
  EXPECT_EQ(region->first, kBase + 0x10000);
  EXPECT_EQ(region->last, kBase + 0x1ffff);
  EXPECT_TRUE(region->writable);
  EXPECT_EQ(region->latency, 3U);
  region->data[0x2345] = 0x5a;
  EXPECT_EQ(memory.access(load(kBase + 0x12345, 1)).data, 0x5aU);
  EXPECT_FALSE(memory.direct(kBase - 1));
}

TEST(SparseMemory, SnooperHearsEveryStoreAndKeepsDirectWritesOut) {
  struct Log final : StoreSnooper {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> stores;
    void on_store(std::uint64_t address, std::uint64_t size, const Requester&) override {
      stores.emplace_back(address, size);
    }
  } log;
  SparseMemory memory(kBase, kSize);
  memory.set_snooper(&log);
  memory.access(store(kBase + 4, 4, 1));
  memory.access(load(kBase + 4, 4));
  store_be<8>(memory, kBase + 16, 1);
  memory.access(store(kBase + 0xfffe, 4, 1));
  memory.access(store(kBase - 8, 4, 1));
  EXPECT_EQ(log.stores, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{
                            {kBase + 4, 4}, {kBase + 16, 8}, {kBase + 0xfffe, 4}}));
  EXPECT_FALSE(memory.direct(kBase)->writable);
}

TEST(SparseMemory, RefusesAnImpossibleShape) {
  EXPECT_THROW(SparseMemory(1, 0x10000), std::invalid_argument);
  EXPECT_THROW(SparseMemory(0, 0), std::invalid_argument);
  EXPECT_THROW(SparseMemory(0, 0x8000), std::invalid_argument);
  EXPECT_THROW(SparseMemory(std::uint64_t{1} << 56U, 0x10000), std::invalid_argument);
  EXPECT_NO_THROW(SparseMemory((std::uint64_t{1} << 56U) - 0x10000, 0x10000));
}

}  // namespace
}  // namespace xive::platform
