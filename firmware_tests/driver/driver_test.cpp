// SPDX-License-Identifier: Apache-2.0
// The driver on firmware on the chip, without time.
#include "firmware_tests/driver/host_driver.h"
#include "firmware_tests/opal/testing/rig.h"

namespace xive::driver {
namespace {

using opal::hw::kTmBase;
using opal::testing::DirectMachine;
using opal::testing::Rig;
using opal::testing::RigOptions;

RigOptions options(unsigned chips = 1) {
  RigOptions result;
  result.machine.chips = chips;
  result.machine.threads = 2;
  return result;
}

class HostTest : public testing::Test {
 protected:
  explicit HostTest(unsigned chips = 1) : rig(options(chips)) {
    std::vector<std::uint32_t> pirs;
    for (unsigned n = 0; n < rig.machine.threads(); ++n) pirs.push_back(rig.machine.pir(n));
    driver.start(rig.cpus[0], pirs);
    for (unsigned n = 0; n < rig.machine.threads(); ++n) {
      driver.prepare_cpu(rig.cpus[0], pirs[n]);
      driver.finish_cpu(rig.cpus[n]);
    }
    driver.on_orphan = [this](Cpu&, std::uint32_t lirq) { orphans.push_back(lirq); };
    driver.on_ipi([this](Cpu& cpu) { ipis.push_back(cpu.pir()); });
  }
  Irq& device(std::uint32_t lirq, unsigned thread) {
    const std::uint32_t number = opal.allocate_irq(rig.cpus[0], 0);
    Irq& irq = driver.map(rig.cpus[0], number, lirq, [this](Cpu& cpu, Irq& source) {
      handled.push_back({cpu.pir(), source.lirq});
    });
    driver.startup(rig.cpus[0], irq, rig.machine.pir(thread));
    return irq;
  }
  void fire(const Irq& irq) { rig.store(irq.info.trigger, 8, 0); }
  unsigned receive(unsigned thread) { return driver.receive(rig.cpus[thread]).entries; }

  struct Handled {
    std::uint32_t pir, lirq;
    friend bool operator==(const Handled&, const Handled&) = default;
  };
  Rig rig;
  OpalClient opal{rig.firmware};
  HostDriver driver{opal};
  std::vector<std::uint32_t> orphans, ipis;
  std::vector<Handled> handled;
};

TEST_F(HostTest, StateOfAProcessorThatIsUp) {
  for (unsigned n = 0; n < 2; ++n) {
    const auto state = rig.machine.tima(n);
    EXPECT_TRUE(state.valid(tima::Ring::Phys));
    EXPECT_EQ(state.at(tima::Ring::Phys, 1), 0xff);
    EXPECT_EQ(state.at(tima::Ring::Phys, 2), 0);
    EXPECT_EQ(state.at(tima::Ring::Phys, 0), 0);
    EXPECT_FALSE(state.valid(tima::Ring::Os));
    EXPECT_FALSE(rig.machine.hv_line(n));
    EXPECT_FALSE(rig.machine.os_line(n));
  }
  EXPECT_EQ(rig.machine.bus_errors, 0U);
}

TEST_F(HostTest, IpiBetweenProcessors) {
  driver.send_ipi(rig.cpus[0], 1);
  EXPECT_TRUE(rig.machine.hv_line(1));
  const auto seen = driver.receive(rig.cpus[1]);
  EXPECT_EQ(seen.acknowledges, 1U);
  EXPECT_EQ(seen.entries, 1U);
  EXPECT_EQ(ipis, std::vector<std::uint32_t>{1});
  EXPECT_FALSE(rig.machine.hv_line(1));
  // Two before it looks: one entry, the second event follows the EOI.
  driver.send_ipi(rig.cpus[0], 1);
  driver.send_ipi(rig.cpus[0], 1);
  EXPECT_EQ(receive(1), 2U);
  EXPECT_EQ(driver.receive(rig.cpus[1]).empty, 0U);  // the second one raised the line again
  EXPECT_EQ(driver.receive(rig.cpus[1]).empty, 1U);
  EXPECT_EQ(rig.machine.tima(1).at(tima::Ring::Phys, 1), 0xff);
  EXPECT_EQ(rig.violation(), "");
}

TEST_F(HostTest, MaskedWithAnEntryOutstanding) {
  Irq& irq = device(0x40, 0);
  fire(irq);
  driver.mask(rig.cpus[0], irq);
  EXPECT_TRUE(irq.saved_p);
  fire(irq);  // lost by design: the source is off
  driver.unmask(rig.cpus[0], irq);
  EXPECT_EQ(irq.load(rig.cpus[0], esb::kGet), 2U);
  fire(irq);  // coalesced
  EXPECT_EQ(receive(0), 2U);
  EXPECT_EQ(handled.size(), 2U);
  EXPECT_EQ(irq.load(rig.cpus[0], esb::kGet), 0U);
}

TEST(HostFault, UnmaskThatDropsPGivesTwoEntries) {
  for (const DriverFault fault : {DriverFault::None, DriverFault::UnmaskDropsP}) {
    Rig rig(options());
    OpalClient opal(rig.firmware);
    HostDriver::Options with;
    with.fault = fault;
    HostDriver driver(opal, with);
    driver.start(rig.cpus[0], {0, 1});
    driver.prepare_cpu(rig.cpus[0], 0);
    driver.finish_cpu(rig.cpus[0]);
    Irq& irq = driver.map(rig.cpus[0], opal.allocate_irq(rig.cpus[0], 0), 0x40);
    driver.startup(rig.cpus[0], irq, 0);
    rig.store(irq.info.trigger, 8, 0);
    driver.mask(rig.cpus[0], irq);
    driver.unmask(rig.cpus[0], irq);
    rig.store(irq.info.trigger, 8, 0);
    // CHK-QDUP: two entries of one source that nobody has consumed.
    const bool twice = (opal.queue_state(rig.cpus[0], 0, 7).index) == 2;
    EXPECT_EQ(twice, fault != DriverFault::None);
  }
}

TEST_F(HostTest, AffinityAndOffline) {
  Irq& irq = device(0x40, 0);
  fire(irq);  // in the queue of processor 0
  driver.set_affinity(rig.cpus[0], irq, 1);
  EXPECT_EQ(driver.processor(0).deferred, 1);
  driver.offline_cpu(rig.cpus[0]);
  EXPECT_EQ(driver.processor(0).deferred, 0);
  EXPECT_TRUE(handled.empty());
  EXPECT_EQ(receive(1), 1U);
  EXPECT_EQ(handled, (std::vector<Handled>{{1, 0x40}}));
  EXPECT_EQ(irq.load(rig.cpus[0], esb::kGet), 0U);
}

TEST_F(HostTest, ShutdownWaitsForTheEntry) {
  Irq& irq = device(0x40, 1);
  fire(irq);
  EXPECT_FALSE(driver.shutdown(rig.cpus[0], irq));  // processor 1 has not looked
  EXPECT_EQ(receive(1), 1U);
  EXPECT_FALSE(irq.active(rig.cpus[0]));
  EXPECT_EQ(opal.call(rig.cpus[0], Token::XiveFreeIrq, {irq.number}), 0);
  driver.unmap(irq);
  EXPECT_EQ(driver.find(0x40), nullptr);
  EXPECT_TRUE(orphans.empty());
}

TEST_F(HostTest, EntryWithoutADescriptorIsReported) {
  Irq& irq = device(0x40, 1);
  fire(irq);
  driver.unmap(irq);  // too early
  receive(1);
  EXPECT_EQ(orphans, std::vector<std::uint32_t>{0x40});
}

TEST_F(HostTest, FrozenSourceIsInactive) {
  Irq irq;
  irq.info.eoi = opal::hw::kVcBase + 0x2000 * opal::hw::kPair;  // beyond the table: all ones
  irq.disabled = false;
  irq.mask(rig.cpus[0]);
  EXPECT_FALSE(irq.saved_p);
  EXPECT_FALSE(irq.active(rig.cpus[0]));
}

TEST_F(HostTest, LevelSource) {
  const auto base = rig.firmware.allocate_hw_irqs(rig.cpus[0], 0, 16);
  ASSERT_TRUE(base);
  rig.firmware.register_source({.first_girq = *base,
                                .count = 16,
                                .esb = DirectMachine::source_unit_address(0),
                                .first_lsi = 8,
                                .msi_trigger = true});
  auto& unit = rig.machine.source_unit();
  unit.set_offset(0x4000000000000000U | opal::Firmware::notify_base(*base));
  unit.set_notify_valid(true);
  Irq& irq = driver.map(rig.cpus[0], *base + 9, 0x41, [&](Cpu&, Irq&) {
    handled.push_back({0, 0x41});
    if (handled.size() == 2) unit.set_level(9, false);
  });
  driver.startup(rig.cpus[0], irq, 0);
  unit.set_level(9, true);
  EXPECT_EQ(receive(0), 2U);  // still high at the first EOI
  EXPECT_EQ(handled.size(), 2U);
  EXPECT_EQ(unit.pq(9), ic::Pq::Reset);
}

TEST_F(HostTest, TeardownAndStop) {
  for (unsigned n = 0; n < 2; ++n) driver.teardown_cpu(rig.cpus[n]);
  EXPECT_EQ(opal.queue_info(rig.cpus[0], 0, 7).flags, 0U);
  EXPECT_EQ(rig.machine.tima(0).at(tima::Ring::Phys, 1), 0);
  driver.stop(rig.cpus[0]);
  EXPECT_FALSE(rig.firmware.exploitation());
  EXPECT_EQ(rig.violation(), "");
}

TEST_F(HostTest, FailedCallsSayWhichAndWhy) {
  try {
    opal.irq_info(rig.cpus[0], opal::kNoIrq);
    FAIL() << "no error";
  } catch (const CallFailed& failed) {
    EXPECT_EQ(failed.token(), Token::XiveGetIrqInfo);
    EXPECT_EQ(failed.rc(), opal::rc::kParameter);
    EXPECT_STREQ(failed.what(), "XIVE_GET_IRQ_INFO returned PARAMETER (-1)");
  }
}

}  // namespace
}  // namespace xive::driver
