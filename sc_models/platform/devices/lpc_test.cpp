// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/lpc.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sc_models/platform/devices/uart16550.h"

namespace xive::platform {
namespace {

constexpr std::uint64_t kBase = LpcBus::kP9Base;

class Lpc : public ::testing::Test {
 protected:
  Lpc() {
    lpc_.set_routed_output(
        [this](unsigned route, bool level) { routed_.emplace_back(route, level); });
    lpc_.set_error_output([this](bool level) { errors_.push_back(level); });
  }
  std::uint64_t get(std::uint64_t offset, unsigned size = 4) {
    const Response r =
        lpc_.access({.size = static_cast<std::uint8_t>(size), .address = kBase + offset});
    EXPECT_TRUE(r.ok());
    return r.data;
  }
  void put(std::uint64_t offset, std::uint64_t value, unsigned size = 4) {
    EXPECT_TRUE(lpc_.access({.command = Command::Store,
                             .size = static_cast<std::uint8_t>(size),
                             .address = kBase + offset,
                             .data = value})
                    .ok());
  }
  LpcBus lpc_{kBase};
  std::vector<std::pair<unsigned, bool>> routed_;
  std::vector<bool> errors_;
};

TEST_F(Lpc, RegistersKeepWhatIsWritten) {
  for (const std::uint32_t reg :
       {LpcBus::kOpbMaster + 0x08U, LpcBus::kOpbMaster + 0x0cU, LpcBus::kOpbMaster + 0x58U,
        LpcBus::kHostController + 0x24U, LpcBus::kHostController + 0x28U,
        LpcBus::kHostController + 0x30U, LpcBus::kHostController + 0x34U}) {
    put(reg, 0x12345678);
    EXPECT_EQ(get(reg), 0x12345678U) << std::hex << reg;
  }
  put(LpcBus::kHostController + 0x38, 0xffffffff);
  EXPECT_EQ(get(LpcBus::kHostController + 0x38), 0U);
  EXPECT_EQ(lpc_.access({.size = 8, .address = kBase + LpcBus::kOpbMaster}).status,
            Status::SizeError);
}

TEST_F(Lpc, UartBehindIoPorts) {
  Uart16550 uart(0x3f8);
  std::string printed;
  uart.set_output([&](std::uint8_t c) { printed += static_cast<char>(c); });
  lpc_.map_io(0x3f8, 8, uart);
  put(LpcBus::kIo + 0x3f8, 'A', 1);
  EXPECT_EQ(printed, "A");
  EXPECT_EQ(get(LpcBus::kIo + 0x3fd, 1), 0x60U);
  EXPECT_EQ(lpc_.status(), 0U);
  EXPECT_THROW(lpc_.map_io(0x3ff, 1, uart), std::invalid_argument);
}

TEST_F(Lpc, WideAccessIsOneAccessForEachByte) {
  Uart16550 uart(0x3f8);
  lpc_.map_io(0x3f8, 8, uart);
  put(LpcBus::kIo + 0x3fe, 0xab5a, 2);  // MSR (read-only), SCR
  EXPECT_EQ(get(LpcBus::kIo + 0x3ff, 1), 0x5aU);
  EXPECT_EQ(get(LpcBus::kIo + 0x3fc, 4) & 0xff, 0x5aU);
}

TEST_F(Lpc, NobodyAnswers) {
  EXPECT_EQ(get(LpcBus::kIo + 0x80, 1), 0xffU);
  EXPECT_EQ(lpc_.status(), LpcBus::kNoResponse);
  EXPECT_EQ(get(LpcBus::kHostController + 0x40), LpcBus::kIo + 0x80U);
  EXPECT_TRUE(errors_.empty());
  put(LpcBus::kOpbMaster + 0x54, 0x800);
  put(LpcBus::kHostController + 0x34, LpcBus::kNoResponse);
  EXPECT_EQ(errors_, std::vector<bool>{true});
  EXPECT_EQ(get(LpcBus::kOpbMaster + 0x50), 0x800U);
  put(LpcBus::kHostController + 0x38, LpcBus::kNoResponse);
  put(LpcBus::kOpbMaster + 0x50, 0x800);
  EXPECT_EQ(errors_, (std::vector<bool>{true, false}));
}

TEST_F(Lpc, SerialInterruptIsRoutedWhileItsLevelIsHigh) {
  put(LpcBus::kHostController + 0x34, LpcBus::kSerialInterrupt0 >> 4U);
  put(LpcBus::kHostController + 0x30, 0x80800000);   // enable, auto clear
  put(LpcBus::kOpbMaster + 0x0c, 2U << (26U - 8U));  // interrupt 4 to route 2
  lpc_.set_interrupt(4, true);
  EXPECT_EQ(get(LpcBus::kHostController + 0x38), LpcBus::kSerialInterrupt0 >> 4U);
  lpc_.set_interrupt(5, true);  // masked
  lpc_.set_interrupt(4, false);
  EXPECT_EQ(routed_, (std::vector<std::pair<unsigned, bool>>{{2, true}, {2, false}}));
}

TEST_F(Lpc, WithoutAutoClearTheLatchIsClearedBySoftware) {
  put(LpcBus::kHostController + 0x34, 0xffff8000);
  put(LpcBus::kHostController + 0x30, 0x80000000);
  put(LpcBus::kOpbMaster + 0x08, 3U << 18U);  // interrupt 16 to route 3
  lpc_.set_interrupt(16, true);
  put(LpcBus::kHostController + 0x38, 0x8000);  // still there
  EXPECT_EQ(routed_.size(), 1U);
  lpc_.set_interrupt(16, false);
  EXPECT_EQ(routed_.size(), 1U);
  put(LpcBus::kHostController + 0x38, 0x8000);
  EXPECT_EQ(routed_, (std::vector<std::pair<unsigned, bool>>{{3, true}, {3, false}}));
}

}  // namespace
}  // namespace xive::platform
