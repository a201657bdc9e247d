// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/exit_device.h"

#include <gtest/gtest.h>

#include <vector>

namespace xive::platform {
namespace {

TEST(ExitDevice, StoreOfAWordIsTheExitCode) {
  std::vector<std::uint32_t> codes;
  std::uint32_t pir = 0;
  ExitDevice device(0x1000, [&](std::uint32_t code, const Requester& who) {
    codes.push_back(code);
    pir = who.pir;
  });
  Request request{
      .command = Command::Store, .size = 4, .address = 0x1000, .data = 7, .requester = {.pir = 5}};
  EXPECT_TRUE(device.access(request).ok());
  EXPECT_EQ(codes, std::vector<std::uint32_t>{7});
  EXPECT_EQ(pir, 5U);
  request.size = 8;
  EXPECT_EQ(device.access(request).status, Status::SizeError);
  request.size = 4;
  request.address = 0x1004;
  EXPECT_EQ(device.access(request).status, Status::AddressError);
  request.address = 0x1000;
  request.command = Command::Load;
  EXPECT_EQ(device.access(request).data, 0U);
  EXPECT_EQ(codes.size(), 1U);
}

}  // namespace
}  // namespace xive::platform
