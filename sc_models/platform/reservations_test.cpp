// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/reservations.h"

#include <gtest/gtest.h>

namespace xive::platform {
namespace {

class ReservationGranule : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  ReservationGranule() { memory.set_snooper(&reservations); }
  std::uint64_t larx(std::uint32_t pir, std::uint64_t address) {
    return memory.access({.address = address, .atomic = Atomic::LoadReserve, .requester = {pir}})
        .data;
  }
  bool stcx(std::uint32_t pir, std::uint64_t address, std::uint64_t data) {
    const Response response = memory.access({.command = Command::Store,
                                             .address = address,
                                             .data = data,
                                             .atomic = Atomic::StoreConditional,
                                             .requester = {pir}});
    return response.ok() && response.data == 1;
  }
  void store(std::uint32_t pir, std::uint64_t address, std::uint8_t size) {
    memory.access(
        {.command = Command::Store, .size = size, .address = address, .requester = {pir}});
  }
  SparseMemory memory{0, 0x10000};
  Reservations reservations{GetParam()};
};

constexpr std::uint64_t kWord = 0x1000;

TEST_P(ReservationGranule, PairSucceedsOnce) {
  larx(1, kWord);
  EXPECT_TRUE(stcx(1, kWord, 5));
  EXPECT_EQ(larx(2, kWord), 5U);
  EXPECT_FALSE(stcx(1, kWord, 6));
  EXPECT_EQ(larx(2, kWord), 5U);
}

TEST_P(ReservationGranule, ByteStoreOfAnotherIntoTheGranuleCancels) {
  for (std::uint64_t offset = 0; offset < 256; ++offset) {
    larx(1, kWord);
    store(2, kWord + offset, 1);
    EXPECT_EQ(stcx(1, kWord, 5), offset >= GetParam()) << offset;
  }
  larx(1, kWord);
  store(2, kWord - 1, 1);
  EXPECT_TRUE(stcx(1, kWord, 5));
}

TEST_P(ReservationGranule, StoreThatReachesIntoTheGranuleCancels) {
  larx(1, kWord);
  store(2, kWord - 1, 2);
  EXPECT_FALSE(stcx(1, kWord, 5));
}

TEST_P(ReservationGranule, DmaCancelsAndOwnStoreDoesNot) {
  larx(1, kWord);
  store(1, kWord + 4, 4);
  EXPECT_TRUE(stcx(1, kWord, 5));
  larx(1, kWord);
  store_be<4>(memory, kWord, 0);
  EXPECT_FALSE(stcx(1, kWord, 5));
}

TEST_P(ReservationGranule, SuccessfulConditionalCancelsTheOthers) {
  larx(1, kWord);
  larx(2, kWord);
  EXPECT_TRUE(stcx(2, kWord, 7));
  EXPECT_FALSE(stcx(1, kWord, 8));
  EXPECT_EQ(larx(3, kWord), 7U);
}

TEST_P(ReservationGranule, FailedConditionalStoresNothingAndCancelsNobody) {
  larx(1, kWord);
  EXPECT_FALSE(stcx(2, kWord, 7));
  EXPECT_EQ(larx(3, kWord), 0U);
  EXPECT_TRUE(stcx(1, kWord, 8));
}

TEST_P(ReservationGranule, OneReservationPerThread) {
  larx(1, kWord);
  larx(1, kWord + 0x100);
  EXPECT_FALSE(stcx(1, kWord, 1));
  larx(1, kWord);
  reservations.clear(1);
  EXPECT_FALSE(stcx(1, kWord, 1));
}

INSTANTIATE_TEST_SUITE_P(Granules, ReservationGranule, ::testing::Values(8, 16, 32, 64, 128));

TEST(Reservations, MisalignedPairIsAnError) {
  SparseMemory memory(0, 0x10000);
  EXPECT_EQ(memory.access({.address = 4, .atomic = Atomic::LoadReserve}).status, Status::SizeError);
  EXPECT_THROW(Reservations(4), std::invalid_argument);
  EXPECT_THROW(Reservations(48), std::invalid_argument);
  EXPECT_THROW(Reservations(256), std::invalid_argument);
}

}  // namespace
}  // namespace xive::platform
