// SPDX-License-Identifier: Apache-2.0
/// The bring-up vectors of spec/tima.md section 10 that apply to generation 1, for any TimaPort.
///
/// A test program instantiates the suite once per implementation:
///
///   INSTANTIATE_TEST_SUITE_P(BringUp, TimaVectors,
///       ::testing::ValuesIn(bring_up_cases("model", make_model)), bring_up_name);
///
/// which gives BringUp/TimaVectors.Holds/V1_model and so on. Each vector runs on a fresh port for
/// every thread, with the memory answering at once and late.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sc_models/tima/testing/port_driver.h"

namespace xive::tima::testing {

using PortFactory = std::function<std::unique_ptr<TimaPort>(const Params&)>;

/// One vector: drives thread `thread` and checks with EXPECT_*.
struct BringUpVector {
  const char* name;
  const char* what;
  void (*run)(PortDriver&, unsigned thread);
};

namespace vectors {

inline constexpr unsigned kBlk = 5;
inline constexpr std::uint32_t kOsIdx = 0x123;

inline std::uint16_t pir_of(unsigned thread) {
  return static_cast<std::uint16_t>(0x10 + thread);
}
inline std::uint32_t hw_idx(unsigned thread) {
  return 0x80U | pir_of(thread);
}
/// WORD2 of a valid OS context of the test VP.
inline std::uint32_t os_word2() {
  return 0x80000000U | kBlk << 19U | kOsIdx;
}

inline std::uint8_t reg_of(PortDriver& driver, unsigned thread, Ring ring, unsigned byte) {
  return driver.state(thread).at(ring, byte);
}

/// OS context valid, nothing pending, then PRESENT of priority 3 with CPPR 7.
inline void os_presented_p3(PortDriver& driver, unsigned thread) {
  driver.set_nvt(kBlk, kOsIdx, 0);
  EXPECT_FALSE(driver.store(thread, Page::Hv, 0x18, 4, os_word2()).err);
  EXPECT_FALSE(driver.store(thread, Page::Os, 0x11, 1, 7).err);
  EXPECT_TRUE(driver.present(thread, Ring::Os, kBlk, kOsIdx, 3).ack);
  EXPECT_TRUE(driver.lines(thread).os_ext);
}

inline void v1(PortDriver& driver, unsigned thread) {
  const MmioResponse read = driver.load(thread, Page::Os, 0x10, 8);
  EXPECT_EQ(read.rdata, 0x0000'00ff'ff00'00ffU);
  EXPECT_FALSE(read.err);
}

inline void v2(PortDriver& driver, unsigned thread) {
  driver.store(thread, Page::Hv, 0x38, 1, 0x80);
  driver.store(thread, Page::Hv, 0x31, 1, 0xff);
  EXPECT_TRUE(driver.present(thread, Ring::Phys, kBlk, hw_idx(thread), 5).ack);
  EXPECT_TRUE(driver.lines(thread).hv_ext);
  EXPECT_EQ(driver.load(thread, Page::Hv, 0x30, 4).rdata, 0x80ff'0400U);
  EXPECT_EQ(driver.load(thread, Page::Hv, 0x830, 2).rdata, 0x8005U);
  EXPECT_FALSE(driver.lines(thread).hv_ext);
  EXPECT_EQ(driver.load(thread, Page::Hv, 0x830, 2).rdata, 0x0005U);
}

inline void v4(PortDriver& driver, unsigned thread) {
  os_presented_p3(driver, thread);
  driver.store(thread, Page::Os, 0x11, 1, 2);
  EXPECT_FALSE(driver.lines(thread).os_ext);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kNsr), 0x00);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kIpb), 0x10);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kPipr), 3);
}

inline void v5(PortDriver& driver, unsigned thread) {
  v4(driver, thread);
  driver.store(thread, Page::Os, 0x11, 1, 4);
  EXPECT_TRUE(driver.lines(thread).os_ext);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kNsr), 0x80);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kPipr), 3);
}

/// Pull, save words 0 and 1, restore them as software does, push with `nvt_ipb` in memory.
inline void pull_save_restore_push(PortDriver& driver, unsigned thread, std::uint8_t nvt_ipb) {
  os_presented_p3(driver, thread);
  EXPECT_EQ(driver.load(thread, Page::Hv, 0x818, 4).rdata, os_word2());
  EXPECT_FALSE(driver.lines(thread).os_ext);
  const std::uint64_t saved = driver.load(thread, Page::Hv, 0x10, 8).rdata;
  // LSMFB := 0, ACK# := 0xFF, the rest as it was.
  const std::uint64_t image = (saved & ~std::uint64_t{0x0000'00ff'ff00'0000}) | 0xff00'0000U;
  EXPECT_FALSE(driver.store(thread, Page::Hv, 0x10, 8, image).err);
  driver.set_nvt(kBlk, kOsIdx, nvt_ipb);
  EXPECT_FALSE(driver.store(thread, Page::Hv, 0x18, 4, os_word2()).err);
  EXPECT_TRUE(driver.lines(thread).os_ext);
}

inline void v7(PortDriver& driver, unsigned thread) {
  pull_save_restore_push(driver, thread, 0);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kNsr), 0x80);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kIpb), 0x10);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kPipr), 3);
}

inline void v8(PortDriver& driver, unsigned thread) {
  pull_save_restore_push(driver, thread, 0x80);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kIpb), 0x90);
  EXPECT_EQ(reg_of(driver, thread, Ring::Os, reg::kPipr), 0);
  EXPECT_EQ(driver.nvt(kBlk, kOsIdx), 0);
}

inline void v9(PortDriver& driver, unsigned thread) {
  const ThreadState before = driver.state(thread);
  for (const auto& [page, offset] : {std::pair{Page::Os, 0x830U}, std::pair{Page::User, 0x810U}}) {
    const MmioResponse read = driver.load(thread, page, offset, 2);
    EXPECT_EQ(read.rdata, 0xffffU);
    EXPECT_TRUE(read.err);
    EXPECT_EQ(read.code, ErrorCode::NoAccess);
  }
  EXPECT_EQ(driver.state(thread), before);
}

inline void v10(PortDriver& driver, unsigned thread) {
  driver.store(thread, Page::Hw, 0x28, 4, 0x8000'0101U);
  const MmioResponse read = driver.load(thread, Page::Hv, 0x28, 4);
  EXPECT_EQ(read.rdata, 0x0000'0101U);
  EXPECT_FALSE(read.err);
}

}  // namespace vectors

inline constexpr BringUpVector kGeneration1Vectors[] = {
    {"V1", "reset image of the OS page", vectors::v1},
    {"V2", "PHYS interrupt, acknowledged twice", vectors::v2},
    {"V4", "lowering CPPR withdraws the interrupt", vectors::v4},
    {"V5", "raising CPPR brings it back", vectors::v5},
    {"V7", "pull, save, restore, push: the line comes back", vectors::v7},
    {"V8", "push merges the IPB of the NVT", vectors::v8},
    {"V9", "acknowledge from a page without the right", vectors::v9},
    {"V10", "POOL WORD2 shows no VP on the HV page", vectors::v10},
};

struct BringUpCase {
  BringUpVector vector;
  std::string implementation;
  PortFactory make;
};

inline std::vector<BringUpCase> bring_up_cases(const std::string& implementation,
                                               const PortFactory& make) {
  std::vector<BringUpCase> cases;
  for (const BringUpVector& vector : kGeneration1Vectors) {
    cases.push_back({vector, implementation, make});
  }
  return cases;
}

inline std::string bring_up_name(const ::testing::TestParamInfo<BringUpCase>& info) {
  return std::string(info.param.vector.name) + "_" + info.param.implementation;
}

class TimaVectors : public ::testing::TestWithParam<BringUpCase> {};

TEST_P(TimaVectors, Holds) {
  const BringUpCase& test = GetParam();
  constexpr unsigned kThreads = 4;
  for (const Cycle memory_delay : {Cycle{0}, Cycle{7}}) {
    for (unsigned thread = 0; thread < kThreads; ++thread) {
      SCOPED_TRACE(std::string(test.vector.name) + ": " + test.vector.what + ", thread " +
                   std::to_string(thread) + ", memory delay " + std::to_string(memory_delay));
      Params params;
      params.threads = kThreads;
      const std::unique_ptr<TimaPort> port = test.make(params);
      PortDriver driver(*port);
      driver.set_memory_delay(memory_delay);
      StaticInputs inputs;
      inputs.blk = vectors::kBlk;
      for (unsigned t = 0; t < kThreads; ++t) inputs.pir[t] = vectors::pir_of(t);
      port->configure(inputs);
      driver.enable_all();
      test.vector.run(driver, thread);
    }
  }
}

}  // namespace xive::tima::testing
