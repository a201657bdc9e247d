// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/gen1/platform_face.h"

#include <gtest/gtest.h>

#include "sc_models/platform/sparse_memory.h"
#include "sc_models/xive/test/fake_tima.h"

namespace xive::ic {
namespace {

using platform::Command;
using platform::Request;
using platform::Status;

class Face : public testing::Test {
 protected:
  Face() : tima(2, 4), chip(config(), memory, fabric, tima, tima), face(chip, {}, bus) {
    xscom.map(gen1::reg::kXscomBase, gen1::reg::kXscomCount, face, "xive");
  }
  static gen1::ChipConfig config() {
    gen1::ChipConfig made;
    made.cores = {{.number = 0, .pir = {0, 1, 2, 3}}, {.number = 1, .pir = {4, 5, 6, 7}}};
    return made;
  }
  platform::Response load(std::uint64_t address, unsigned size = 8, int core = -1) {
    Request request;
    request.address = address;
    request.size = static_cast<std::uint8_t>(size);
    if (core >= 0) {
      request.requester = {static_cast<std::uint32_t>(core * 4), 0,
                           static_cast<std::uint16_t>(core), 0};
    }
    return bus.access(request);
  }
  platform::SparseMemory memory{0, 0x10000000};
  Fabric fabric;
  test::FakeTima tima;
  platform::Bus bus;
  platform::XscomRouter xscom{0};
  gen1::XiveChip chip;
  gen1::PlatformFace face;
};

TEST_F(Face, WindowsFollowTheBars) {
  constexpr std::uint64_t kIc = 0x0006030203100000, kTm = 0x0006030203180000;
  EXPECT_EQ(load(kIc + 0x58).status, Status::AddressError);
  ASSERT_TRUE(xscom.write(0x5013010, 0xc000000000000000 | kIc));
  EXPECT_EQ(load(kIc + 0x58).data, 0xffffff0000000000U);
  EXPECT_EQ(load(kIc + 0x58, 4).status, Status::DeviceError);
  EXPECT_EQ(load(kTm + 0x38, 1, 0).status, Status::AddressError);
  ASSERT_TRUE(xscom.write(0x5013012, 0xc000000000000000 | kTm));
  EXPECT_EQ(load(kTm + 0x10038, 1).status, Status::CommandError) << "a device has no TIMA";
  chip.registers().write(gen1::reg::kThreadEn0Set, bit64(4));
  tima.thread(1, 0).state.at(tima::Ring::Phys, 8) = 0x80;
  EXPECT_EQ(load(kTm + 0x10038, 1, 1).data, 0x80U);
  EXPECT_EQ(load(kTm + 0x10038, 1, 0).status, Status::DeviceError) << "thread not enabled";
  Request reset;
  reset.command = Command::Store;
  reset.address = kIc + gen1::reg::kRstCtl;
  reset.data = gen1::reg::kRstBars;
  EXPECT_TRUE(bus.access(reset).ok());
  EXPECT_EQ(load(kIc + 0x58).status, Status::AddressError);
}

TEST_F(Face, XscomBeyondTheUnitFails) {
  std::uint64_t value = 0;
  EXPECT_FALSE(face.read(0x300, value));
  EXPECT_FALSE(face.write(0x300, 0));
}

}  // namespace
}  // namespace xive::ic
