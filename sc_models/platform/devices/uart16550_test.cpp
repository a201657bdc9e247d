// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/uart16550.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace xive::platform {
namespace {

class Uart : public ::testing::Test {
 protected:
  Uart() {
    uart_.set_output([this](std::uint8_t c) { printed_ += static_cast<char>(c); });
    uart_.set_interrupt([this](bool level) { levels_.push_back(level); });
  }
  unsigned get(unsigned reg) {
    const Response r = uart_.access({.size = 1, .address = 0x1000 + reg});
    EXPECT_TRUE(r.ok());
    return static_cast<unsigned>(r.data);
  }
  void put(unsigned reg, unsigned value) {
    EXPECT_TRUE(
        uart_.access({.command = Command::Store, .size = 1, .address = 0x1000 + reg, .data = value})
            .ok());
  }
  Uart16550 uart_{0x1000};
  std::string printed_;
  std::vector<bool> levels_;
};

TEST_F(Uart, SkibootsPresenceTestAndSetUp) {
  put(3, 0);
  put(1, 1);
  EXPECT_EQ(get(1), 1U);
  put(1, 0);
  EXPECT_EQ(get(1), 0U);
  put(3, 0x80);
  put(0, 1);
  put(1, 2);
  EXPECT_EQ(get(0), 1U);
  EXPECT_EQ(get(1), 2U);
  put(3, 3);
  put(4, 3);
  put(2, 7);
  EXPECT_EQ(get(0), 0U);
  EXPECT_EQ(get(5), 0x60U);
  EXPECT_EQ(get(1), 0U);  // the divisor latch did not touch IER
  for (const char c : std::string("OPAL")) put(0, static_cast<unsigned char>(c));
  EXPECT_EQ(printed_, "OPAL");
  put(7, 0x5a);
  EXPECT_EQ(get(7), 0x5aU);
}

TEST_F(Uart, InputIsReadInOrderAndRefillsTheFifo) {
  put(2, 1);
  std::string text;
  for (int i = 0; i < 40; ++i) text += static_cast<char>('a' + i % 26);
  uart_.feed(text);
  EXPECT_EQ(uart_.waiting(), text.size() - Uart16550::kFifoDepth);
  std::string read;
  while ((get(5) & Uart16550::kDataReady) != 0) read += static_cast<char>(get(0));
  EXPECT_EQ(read, text);
  EXPECT_EQ(uart_.waiting(), 0U);
}

TEST_F(Uart, WithoutFifoOneCharacterFits) {
  uart_.receive('a');
  uart_.receive('b');
  EXPECT_EQ(get(5), 0x63U);
  EXPECT_EQ(get(5), 0x61U);  // reading the status clears the error
  EXPECT_EQ(get(0), unsigned{'a'});
  EXPECT_EQ(get(5), 0x60U);
}

TEST_F(Uart, ReceiveInterruptLevelAndTimeout) {
  put(2, 0x41);  // FIFO on, trigger level 4
  put(1, 0x01);
  EXPECT_EQ(get(2), 0xc1U);
  uart_.feed("ab");
  EXPECT_EQ(get(2), 0xccU);
  uart_.feed("cd");
  EXPECT_EQ(get(2), 0xc4U);
  EXPECT_TRUE(uart_.interrupt());
  for (int i = 0; i < 4; ++i) get(0);
  EXPECT_FALSE(uart_.interrupt());
  EXPECT_EQ(levels_, (std::vector<bool>{true, false}));
}

TEST_F(Uart, TransmitterInterruptIsAcknowledgedByReadingItsCause) {
  put(1, 0x02);
  EXPECT_TRUE(uart_.interrupt());
  EXPECT_EQ(get(2), 0x02U);
  EXPECT_FALSE(uart_.interrupt());
  EXPECT_EQ(get(2), 0x01U);
  put(0, 'x');
  EXPECT_TRUE(uart_.interrupt());
  put(1, 0);
  EXPECT_FALSE(uart_.interrupt());
}

TEST_F(Uart, MostUrgentCauseFirst) {
  put(2, 1);
  put(1, 0x07);
  for (int i = 0; i < 17; ++i) uart_.receive('z');
  EXPECT_EQ(get(2), 0xc6U);  // overrun
  get(5);
  EXPECT_EQ(get(2), 0xc4U);  // data
  put(2, 3);                 // clear the receiver
  EXPECT_EQ(get(2), 0xc2U);  // transmitter
  EXPECT_EQ(get(2), 0xc1U);
}

TEST_F(Uart, Loopback) {
  put(4, 0x1f);
  put(0, 'q');
  EXPECT_EQ(printed_, "");
  EXPECT_EQ(get(0), unsigned{'q'});
  EXPECT_EQ(get(6) & 0xf0U, 0xf0U);
  put(4, 0x10);
  EXPECT_EQ(get(6), 0x0fU);  // all inputs fell
  EXPECT_EQ(get(6), 0x00U);
}

TEST_F(Uart, OnlyBytes) {
  EXPECT_EQ(uart_.access({.size = 4, .address = 0x1000}).status, Status::SizeError);
}

}  // namespace
}  // namespace xive::platform
