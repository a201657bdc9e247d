// SPDX-License-Identifier: Apache-2.0
#include "firmware_tests/opal/testing/rig.h"
#include "sc_models/xive/testdata/skiboot_accesses.h"

namespace xive::opal {
namespace {

using testing::DeviceAccess;
using testing::Rig;
using testing::RigOptions;

RigOptions one_thread() {
  RigOptions options;
  options.machine.threads = 1;
  options.irq_order = 20;
  options.exploitation = false;
  return options;
}

/// XIVE accesses that skiboot made, from its first BAR to the end of the boot thread's callin.
std::vector<DeviceAccess> recorded() {
  constexpr unsigned kFirst = 6, kLast = 212;
  std::vector<DeviceAccess> accesses;
  for (const auto& one : ic::test::skiboot_accesses()) {
    if (one.seq < kFirst || one.seq > kLast) continue;
    accesses.push_back({one.address, one.size, one.write, one.value});
  }
  return accesses;
}

/// Values written that are the same whatever memory the firmware got.
bool value_compared(const DeviceAccess& access) {
  if (!access.write) return false;
  switch (access.address & 0xfffffU) {
    case 0x00490:  // descriptors: address of the table
    case 0x00810:
    case 0x00938:  // queue address
      return (access.address >> 20U) != 0x60302031;
    case 0x00050:  // read-modify-write of registers whose reset value differs where it was recorded
    case 0x00920:
      return false;
    default:
      return true;
  }
}

TEST(Boot, SameAccessesAsRecorded) {
  RigOptions options = one_thread();
  options.boot = false;
  Rig rig(options);
  std::vector<DeviceAccess> made;
  rig.machine.before_device = [&](const DeviceAccess& access) { made.push_back(access); };
  rig.firmware.boot(rig.cpus[0]);
  const auto expected = recorded();
  ASSERT_EQ(expected.size(), 207U);
  unsigned values = 0;
  for (std::size_t n = 0; n < expected.size() && n < made.size(); ++n) {
    ASSERT_EQ(made[n].address, expected[n].address) << "access " << n;
    ASSERT_EQ(made[n].write, expected[n].write) << "access " << n;
    ASSERT_EQ(made[n].size, expected[n].size) << "access " << n;
    if (!value_compared(expected[n])) continue;
    EXPECT_EQ(made[n].value, expected[n].value) << "access " << n;
    ++values;
  }
  EXPECT_EQ(made.size(), expected.size());
  EXPECT_GT(values, 140U);
}

TEST(Boot, ImagesOfTheBootThread) {
  Rig rig(one_thread());
  // First END set: 8 to 15; emulation queue in its last END.
  EXPECT_EQ(rig.end_word(0, 15, 0), 0xe0048000U);
  EXPECT_EQ(rig.end_word(0, 15, 1), 0x00400000U);
  EXPECT_EQ(rig.end_word(0, 15, 6), 0x80U);
  EXPECT_EQ(rig.end_word(0, 15, 7), 0x00070000U);
  EXPECT_EQ(rig.vp_word(0, 0x80, 0), 0x80000000U);
  EXPECT_EQ(rig.vp_word(0, 0x80, 1), 8U);
  EXPECT_EQ(rig.eas(0, 0x10), 0x8000000f00000010U);
  EXPECT_EQ(rig.machine.be(rig.firmware.end_table(0), 8) & 0x2000000000000000U,
            0x2000000000000000U);
  // Its IPI is armed, all other sources are off.
  EXPECT_EQ(rig.load(hw::kVcBase + 0x10 * hw::kPair + hw::kPage + hw::kEsbGet, 8), 0U);
  EXPECT_EQ(rig.load(hw::kVcBase + 0x11 * hw::kPair + hw::kPage + hw::kEsbGet, 8), 1U);
  EXPECT_TRUE(rig.machine.tima(0).valid(tima::Ring::Phys));
  EXPECT_EQ(rig.machine.bus_errors, 0U);
  EXPECT_EQ(rig.machine.unclaimed, 0U);
  EXPECT_EQ(rig.violation(), "");
  EXPECT_EQ(rig.firmware.log().size(), 1U) << rig.firmware.log().back();
}

TEST(Boot, EveryChipAndThread) {
  for (const unsigned chips : {1U, 2U, 4U}) {
    RigOptions options;
    options.machine.chips = chips;
    options.machine.cores = 2;
    options.exploitation = false;
    Rig rig(options);
    for (unsigned n = 0; n < rig.machine.threads(); ++n) {
      EXPECT_TRUE(rig.machine.tima(n).valid(tima::Ring::Phys)) << n;
    }
    for (unsigned n = 0; n < chips; ++n) {
      EXPECT_EQ(rig.machine.chip(n).fir().total(), 0U) << n;
      EXPECT_EQ(rig.vp_word(n, 0x80, 1), n << 28U | 8U);
      EXPECT_EQ(rig.firmware.usage(n).end_sets, 8U);
    }
    EXPECT_EQ(rig.machine.bus_errors, 0U);
    EXPECT_EQ(rig.violation(), "");
    EXPECT_EQ(rig.firmware.log().size(), chips);
  }
}

TEST(Boot, ForwardDescriptors) {
  for (const Fault fault : {Fault::None, Fault::B8RemoteVpWithoutSize}) {
    RigOptions options;
    options.machine.chips = 2;
    options.fault = fault;
    options.boot = false;
    Rig rig(options);
    std::vector<DeviceAccess> made;
    rig.machine.before_device = [&](const DeviceAccess& access) { made.push_back(access); };
    rig.firmware.boot(rig.cpus[0]);
    // Chip 0's PC side, VP table, block 1: select, then descriptor with the size of the window.
    std::uint64_t descriptor = 0;
    for (std::size_t n = 0; n + 1 < made.size(); ++n) {
      if (made[n].address == hw::kIcBase + hw::kPcVsdAddr &&
          made[n].value == (std::uint64_t{3} << 48U | std::uint64_t{1} << 32U)) {
        descriptor = made[n + 1].value;
      }
    }
    const std::uint64_t right = 0xc000000000000000 | (hw::kPcBase + (1ULL << 42U)) | 24;
    EXPECT_EQ(descriptor == right, fault == Fault::None) << std::hex << descriptor;
  }
}

TEST(Boot, RefusesImpossibleMachines) {
  Config config;
  EXPECT_THROW(Firmware{config}, std::invalid_argument);
  config.chips.resize(3);
  EXPECT_THROW(Firmware{config}, std::invalid_argument);
  config.chips.resize(2);
  config.irq_order = 21;
  EXPECT_THROW(Firmware{config}, std::invalid_argument);
  config.irq_order = 12;
  EXPECT_NO_THROW(Firmware{config});
}

TEST(Boot, TooLittleMemoryIsATypedError) {
  RigOptions options;
  options.boot = false;
  Rig rig(options);
  Config config = Rig::config(options, rig.machine);
  config.chips[0].memory_bytes = 0x20000;
  Firmware small(config);
  try {
    small.boot(rig.cpus[0]);
    FAIL() << "no error";
  } catch (const FirmwareError& error) {
    EXPECT_EQ(error.kind(), FirmwareError::Kind::NoMemory);
  }
}

TEST(Boot, StuckScrubIsATypedErrorWithTheRegister) {
  RigOptions options;
  options.boot = false;
  Rig rig(options);
  rig.machine.chip().set_defect(ic::Defect::ScrubValidSticks);
  try {
    rig.firmware.boot(rig.cpus[0]);
    FAIL() << "no error";
  } catch (const FirmwareError& error) {
    EXPECT_EQ(error.kind(), FirmwareError::Kind::Hang);
    EXPECT_EQ(error.where(), hw::kIcBase + hw::kEqcScrubTrig);
  }
}

TEST(Boot, OrderingLoadAfterEachEndScrub) {
  for (const Fault fault : {Fault::None, Fault::B9ScrubWithoutOrder}) {
    RigOptions options = one_thread();
    options.irq_order = 12;
    options.fault = fault;
    options.boot = false;
    Rig rig(options);
    unsigned scrubs = 0, ordered = 0;
    std::uint64_t wanted = 0;
    rig.machine.before_device = [&](const DeviceAccess& access) {
      if (access.write && access.address == hw::kIcBase + hw::kEqcScrubTrig) {
        ++scrubs;
        wanted = hw::kVcBase + hw::kEndPages + (access.value & 0xffffffU) * hw::kPair + 0x800;
      } else if (!access.write && access.address == wanted) {
        ++ordered;
        wanted = 0;
      } else if (access.address != hw::kIcBase + hw::kEqcScrubTrig) {
        wanted = 0;  // something else came first
      }
    };
    rig.firmware.boot(rig.cpus[0]);
    EXPECT_GT(scrubs, 0U);
    EXPECT_EQ(ordered == scrubs, fault == Fault::None);
  }
}

}  // namespace
}  // namespace xive::opal
