// SPDX-License-Identifier: Apache-2.0
#include "sc_models/platform/devices/psi_bridge.h"

#include <gtest/gtest.h>

#include <vector>

namespace xive::platform {
namespace {

class Port final : public ic::NotifyPort {
 public:
  void notify(std::uint64_t data) override { messages.push_back(data); }
  std::vector<std::uint64_t> messages;
};

class Psi : public ::testing::Test {
 protected:
  std::uint64_t get(std::uint64_t address) {
    const Response r = bus_.access({.address = address});
    EXPECT_TRUE(r.ok()) << std::hex << address;
    return r.data;
  }
  void put(std::uint64_t address, std::uint64_t value) {
    EXPECT_TRUE(bus_.access({.command = Command::Store, .address = address, .data = value}).ok());
  }
  /// What skiboot does (xive-chip.md 8.4), with sources 0x340 to 0x34d of block 0.
  void set_up() {
    put(kRegs + 0x60, kEsb | 1);
    for (unsigned n = 0; n < PsiBridge::kSources; ++n) get(kEsb + n * 0x1000 + 0xd00);
    put(kRegs + 0x70, 0x340ULL << 32U);
    put(kRegs + 0x68, 0x6030203110230 | 1);
    put(kRegs + 0x58, std::uint64_t{1} << 62U);
    put(kRegs + 0x58, 0);
  }
  static constexpr std::uint64_t kRegs = PsiBridge::kP9Base, kEsb = PsiBridge::kP9EsbBase;
  Bus bus_;
  ic::Environment env_{bus_};
  Port port_;
  PsiBridge psi_{{}, bus_, env_, port_};
};

TEST_F(Psi, BarIsValidAtResetAndMovesTheRegisters) {
  std::uint64_t value = 0;
  EXPECT_TRUE(psi_.read(0xa, value));
  EXPECT_EQ(value, kRegs | 1);
  put(kRegs + 0x20, 0x55);
  EXPECT_EQ(get(kRegs + 0x20), 0x55U);
  EXPECT_TRUE(psi_.write(0xa, (kRegs + PsiBridge::kWindow) | 1));
  EXPECT_EQ(get(kRegs + PsiBridge::kWindow + 0x20), 0x55U);
  EXPECT_FALSE(bus_.access({.address = kRegs + 0x20}).ok());
  EXPECT_TRUE(psi_.write(0xa, 0));
  EXPECT_FALSE(bus_.access({.address = kRegs + PsiBridge::kWindow}).ok());
}

TEST_F(Psi, EsbPagesAppearWithTheirBase) {
  EXPECT_FALSE(bus_.access({.address = kEsb + 0x800}).ok());
  put(kRegs + 0x60, kEsb | 1);
  EXPECT_EQ(get(kEsb + 0x800), 1U);  // off
  EXPECT_EQ(get(kEsb + 0xc00), 1U);
  EXPECT_EQ(get(kEsb + 13 * 0x1000 + 0x800), 1U);
  EXPECT_EQ(get(kEsb + 0x800), 0U);
  put(kRegs + 0x60, 0);
  EXPECT_FALSE(bus_.access({.address = kEsb + 0x800}).ok());
}

TEST_F(Psi, LevelSendsAMessageAndAgainAtEoi) {
  set_up();
  EXPECT_EQ(get(kRegs + 0x58), 0U);
  psi_.set_level(PsiBridge::LpcSerial0, true);
  EXPECT_TRUE(port_.messages.empty());  // masked
  psi_.set_level(PsiBridge::LpcSerial0, false);
  get(kEsb + 7 * 0x1000 + 0xc00);
  psi_.set_level(PsiBridge::LpcSerial0, true);
  ASSERT_EQ(port_.messages.size(), 1U);
  EXPECT_EQ(port_.messages[0], std::uint64_t{0x4000000000000347});
  EXPECT_EQ(get(kEsb + 7 * 0x1000), 1U);  // EOI: still asserted, sent again
  EXPECT_EQ(port_.messages.size(), 2U);
  psi_.set_level(PsiBridge::LpcSerial0, false);
  EXPECT_EQ(get(kEsb + 7 * 0x1000), 0U);
  EXPECT_EQ(port_.messages.size(), 2U);
}

TEST_F(Psi, ResetTurnsTheSourcesOff) {
  set_up();
  get(kEsb + 0xc00);
  EXPECT_EQ(get(kEsb + 0x800), 0U);
  put(kRegs + 0x58, std::uint64_t{1} << 62U);
  EXPECT_EQ(get(kRegs + 0x58), 0U);
  EXPECT_EQ(get(kEsb + 0x800), 1U);
}

TEST_F(Psi, NoMessageWithoutNotifyAddress) {
  set_up();
  put(kRegs + 0x68, 0);
  get(kEsb + 0xc00);
  psi_.set_level(PsiBridge::Psi, true);
  EXPECT_TRUE(port_.messages.empty());
}

}  // namespace
}  // namespace xive::platform
