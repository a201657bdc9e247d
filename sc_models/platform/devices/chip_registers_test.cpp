// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/chip_registers.h"

#include <gtest/gtest.h>

namespace xive::platform {
namespace {

TEST(ChipRegisters, WhatSkibootReadsOnItsWay) {
  XscomRouter router(0, UnknownXscom::Fail);
  ChipRegisters registers({.small_cores = 4}, router);
  std::uint64_t value = 1;
  EXPECT_TRUE(router.read(0xf000f, value));
  EXPECT_EQ(value, 0x220d104900008000U);
  EXPECT_TRUE(router.read(0x18002, value));
  EXPECT_EQ(value, 0U);
  for (const std::uint32_t pcb :
       {0x5012b00U, 0x5012b02U, 0x5012b04U, 0x5012b06U, 0x90012U, 0x90013U, 0x90018U}) {
    EXPECT_TRUE(router.write(pcb, 0x77));
    EXPECT_TRUE(router.read(pcb, value)) << std::hex << pcb;
    EXPECT_EQ(value, 0x77U);
  }
  EXPECT_TRUE(router.write(0xf000f, 0));
  EXPECT_TRUE(router.read(0xf000f, value));
  EXPECT_EQ(value, 0x220d104900008000U);
}

TEST(ChipRegisters, OneNcuForEachPairOfCores) {
  EXPECT_EQ(ChipRegisters::ncu_special_bar(0), 0x10011010U);
  EXPECT_EQ(ChipRegisters::ncu_special_bar(1), 0x10011010U);
  EXPECT_EQ(ChipRegisters::ncu_special_bar(2), 0x10011410U);
  EXPECT_EQ(ChipRegisters::ncu_special_bar(4), 0x11011010U);
  XscomRouter router(0, UnknownXscom::Fail);
  ChipRegisters registers({.small_cores = 3}, router);
  EXPECT_TRUE(router.write(0x10011410, 0xc006030203180000));
  EXPECT_EQ(registers.ncu_bar(2), 0xc006030203180000U);
  EXPECT_EQ(registers.ncu_bar(0), 0U);
  EXPECT_FALSE(router.write(0x11011010, 1));
}

}  // namespace
}  // namespace xive::platform
