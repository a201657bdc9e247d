// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/doorbell.h"

#include <gtest/gtest.h>

#include <vector>

#include "sc_models/ppc/core.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using testing::ManualClock;

constexpr std::uint64_t kHv = msr::kSf | msr::kHv;

TEST(DoorbellMessage, OnlyTypeFiveIsAMessage) {
  for (unsigned type = 0; type < 32; ++type) {
    const std::uint64_t rb = std::uint64_t{type} << 27U | 0x105U;
    EXPECT_EQ(decode_msgsnd(rb).has_value(), type == 5) << type;
    EXPECT_EQ(decode_msgsndp(rb).has_value(), type == 5) << type;
    EXPECT_EQ(clears_doorbell(rb), type == 5) << type;
  }
  EXPECT_EQ(kDoorbellTypeField, 0x28000000U);
}

TEST(DoorbellMessage, FieldsOfTheServerForms) {
  EXPECT_EQ(decode_msgsnd(0x28012345), (DoorbellMessage{Broadcast::One, 0x12345}));
  EXPECT_EQ(decode_msgsnd(0x2a000005), (DoorbellMessage{Broadcast::SubProcessor, 5}));
  EXPECT_EQ(decode_msgsnd(0x2c000005), (DoorbellMessage{Broadcast::Core, 5}));
  EXPECT_EQ(decode_msgsnd(0x2e000005), std::nullopt);
  // v2.07: seven bits of thread number, the rest is not looked at.
  EXPECT_EQ(decode_msgsnd(0x2e000105, MsgsndForm::ThreadOfOwnCore),
            (DoorbellMessage{Broadcast::One, 5}));
  EXPECT_EQ(decode_msgsndp(0x28000103), (DoorbellMessage{Broadcast::One, 3}));
  // LPIDTAG of the embedded category is not a field here.
  EXPECT_EQ(decode_msgsnd(0xffffffff28000001), (DoorbellMessage{Broadcast::One, 1}));
}

class Cores : public ::testing::Test {
 protected:
  Cores() {
    for (unsigned c = 0; c < 4; ++c) {
      CoreConfig config;
      config.chip = c / 2;
      config.core = c % 2;
      config.first_pir = config.chip << 8U | config.core * 4;
      config.subcore_threads = 2;
      config.thread.lpar_per_thread = c == 3;
      cores_.push_back(std::make_unique<Core>(config, clock_));
      map_.add(*cores_.back());
      for (unsigned t = 0; t < 4; ++t) cores_.back()->thread(t).set_msr(kHv);
    }
  }
  std::vector<std::uint32_t> pending(Cause cause) const {
    std::vector<std::uint32_t> pirs;
    for (const auto& core : cores_) {
      for (unsigned t = 0; t < 4; ++t) {
        if (core->thread(t).pending().has(cause)) pirs.push_back(core->thread(t).config().pir);
      }
    }
    return pirs;
  }
  ManualClock clock_;
  std::vector<std::unique_ptr<Core>> cores_;
  CoreMap map_;
};

using Pirs = std::vector<std::uint32_t>;

TEST_F(Cores, DirectedMessageReachesOnePirOnAnyChip) {
  EXPECT_EQ(map_.deliver({Broadcast::One, 0x105}, MsgsndForm::Pir, 0), 1U);
  EXPECT_EQ(pending(Cause::HypervisorDoorbell), (Pirs{0x105}));
  EXPECT_EQ(map_.deliver({Broadcast::One, 0x108}, MsgsndForm::Pir, 0), 0U);
  EXPECT_EQ(map_.deliver({Broadcast::One, 0x8}, MsgsndForm::Pir, 0), 0U);
}

TEST_F(Cores, BroadcastReachesSubProcessorOrCore) {
  EXPECT_EQ(map_.deliver({Broadcast::SubProcessor, 0x7}, MsgsndForm::Pir, 0), 2U);
  EXPECT_EQ(pending(Cause::HypervisorDoorbell), (Pirs{6, 7}));
  EXPECT_EQ(map_.deliver({Broadcast::Core, 0x101}, MsgsndForm::Pir, 0), 4U);
  EXPECT_EQ(pending(Cause::HypervisorDoorbell), (Pirs{6, 7, 0x100, 0x101, 0x102, 0x103}));
}

TEST_F(Cores, OlderFormStaysInTheSendersCore) {
  EXPECT_EQ(map_.deliver({Broadcast::One, 3}, MsgsndForm::ThreadOfOwnCore, 0x104), 1U);
  EXPECT_EQ(pending(Cause::HypervisorDoorbell), (Pirs{0x107}));
  EXPECT_EQ(map_.deliver({Broadcast::One, 4}, MsgsndForm::ThreadOfOwnCore, 0x104), 0U);
}

TEST_F(Cores, SecondMessageMergesAndOneMsgclrClears) {
  map_.deliver({Broadcast::One, 1}, MsgsndForm::Pir, 0);
  map_.deliver({Broadcast::One, 1}, MsgsndForm::Pir, 0);
  EXPECT_EQ(cores_[0]->thread(1).msgclr(kDoorbellTypeField), Trap::None);
  EXPECT_TRUE(pending(Cause::HypervisorDoorbell).empty());
}

TEST_F(Cores, PrivilegedDoorbellReachesSiblingsOnly) {
  EXPECT_EQ(cores_[1]->thread(0).msgsndp(encode_msgsndp(3)), Trap::None);
  EXPECT_EQ(pending(Cause::PrivilegedDoorbell), (Pirs{7}));
  EXPECT_EQ(cores_[1]->thread(0).msgsndp(encode_msgsndp(4)), Trap::None);
  EXPECT_EQ(pending(Cause::PrivilegedDoorbell), (Pirs{7}));
  EXPECT_EQ(cores_[1]->thread(2).msgclrp(kDoorbellTypeField), Trap::None);
  EXPECT_EQ(pending(Cause::PrivilegedDoorbell), (Pirs{7}));
  EXPECT_EQ(cores_[1]->thread(3).msgclrp(kDoorbellTypeField), Trap::None);
  EXPECT_TRUE(pending(Cause::PrivilegedDoorbell).empty());
}

TEST_F(Cores, DpdesShowsAndSetsTheDoorbellsOfTheCore) {
  cores_[0]->thread(0).msgsndp(encode_msgsndp(1));
  cores_[0]->thread(0).msgsndp(encode_msgsndp(3));
  for (unsigned t = 0; t < 4; ++t) EXPECT_EQ(cores_[0]->read_dpdes(t), 0b1010U);
  cores_[0]->write_dpdes(2, 0b0101);
  EXPECT_EQ(pending(Cause::PrivilegedDoorbell), (Pirs{0, 2}));
}

TEST_F(Cores, DpdesOfAPartitionOfOneThreadShowsBitZeroOnly) {
  cores_[3]->thread(0).msgsndp(encode_msgsndp(2));
  EXPECT_EQ(cores_[3]->read_dpdes(2), 1U);
  EXPECT_EQ(cores_[3]->read_dpdes(1), 0U);
  cores_[3]->write_dpdes(1, 0b11);
  EXPECT_EQ(pending(Cause::PrivilegedDoorbell), (Pirs{0x105, 0x106}));
}

TEST_F(Cores, PirRangesMayNotOverlap) {
  CoreConfig config;
  config.first_pir = 0x102;
  Core inside(config, clock_);
  EXPECT_THROW(map_.add(inside), std::invalid_argument);
  config.first_pir = 0xfe;
  Core across(config, clock_);
  EXPECT_THROW(map_.add(across), std::invalid_argument);
  config.first_pir = 0x108;
  Core after(config, clock_);
  EXPECT_NO_THROW(map_.add(after));
  EXPECT_EQ(map_.find(0x10b), &after.thread(3));
  EXPECT_EQ(map_.find(0x10c), nullptr);
}

struct PrivilegeRow {
  std::uint64_t msr;
  bool msgp;
  Trap msgsnd, msgsndp;
};

TEST(DoorbellPrivilege, FollowsStateAndHfscr) {
  constexpr PrivilegeRow kRows[] = {
      {kHv, false, Trap::None, Trap::None},
      {kHv, true, Trap::None, Trap::None},
      {msr::kSf, false, Trap::Privileged, Trap::FacilityUnavailable},
      {msr::kSf, true, Trap::Privileged, Trap::None},
      {kHv | msr::kPr, true, Trap::Privileged, Trap::Privileged},
      {msr::kSf | msr::kPr, true, Trap::Privileged, Trap::Privileged},
  };
  for (const PrivilegeRow& row : kRows) {
    ManualClock clock;
    HardwareThread thread({}, clock);
    thread.set_msr(kHv);
    thread.mtspr(190, row.msgp ? hfscr::kMsgp : 0);
    thread.set_msr(row.msr);
    std::optional<DoorbellMessage> message;
    EXPECT_EQ(thread.msgsnd(encode_msgsnd(0), message), row.msgsnd);
    EXPECT_EQ(message.has_value(), row.msgsnd == Trap::None);
    EXPECT_EQ(thread.msgclr(kDoorbellTypeField), row.msgsnd);
    EXPECT_EQ(thread.msgsndp(encode_msgsndp(0)), row.msgsndp);
    EXPECT_EQ(thread.pending().has(Cause::PrivilegedDoorbell), row.msgsndp == Trap::None);
    EXPECT_EQ(thread.msgclrp(kDoorbellTypeField), row.msgsndp);
  }
}

}  // namespace
}  // namespace xive::ppc
