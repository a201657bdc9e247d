// SPDX-License-Identifier: Apache-2.0
// Guests: escalation, save and restore between two chips.
#include "firmware_tests/driver/guest.h"

#include <map>

#include "firmware_tests/driver/migration.h"
#include "firmware_tests/opal/testing/rig.h"

namespace xive::driver {
namespace {

using opal::hw::kTmBase;
using opal::testing::Rig;
using opal::testing::RigOptions;

RigOptions machine(unsigned chips) {
  RigOptions result;
  result.machine.chips = chips;
  result.machine.threads = 2;
  return result;
}

struct World {
  explicit World(unsigned chips) : rig(machine(chips)) {
    std::vector<std::uint32_t> pirs;
    for (unsigned n = 0; n < rig.machine.threads(); ++n) pirs.push_back(rig.machine.pir(n));
    host.start(rig.cpus[0], pirs);
    for (unsigned n = 0; n < rig.machine.threads(); ++n) {
      host.prepare_cpu(rig.cpus[0], pirs[n]);
      host.finish_cpu(rig.cpus[n]);
    }
  }
  Rig rig;
  OpalClient opal{rig.firmware};
  HostDriver host{opal};
};

TEST(Guest, RunsOnAThread) {
  World world(1);
  Guest guest(world.host, {.vcpus = 2});
  Cpu& cpu = world.rig.cpus[0];
  guest.create(cpu);
  guest.set_queue(cpu, 0, 6, 0x05000000, 16);
  const auto& source = guest.add_source(cpu, 0, 6, 0x1234);
  guest.enter(cpu, 0);
  Consumer os{.window = RingWindow::guest(kTmBase)};
  os.queues[6] = EventQueue(0x05000000, 16);
  os.set_cppr(cpu, 0xff);
  world.rig.store(source.irq.info.trigger, 8, 0);
  EXPECT_TRUE(world.rig.machine.os_line(0));
  std::vector<std::uint32_t> got;
  os.receive(cpu, [&](Cpu& c, std::uint32_t eisn) {
    got.push_back(eisn);
    source.irq.source_eoi(c);
  });
  EXPECT_EQ(got, std::vector<std::uint32_t>{0x1234});
  EXPECT_FALSE(world.rig.machine.os_line(0));
  // Pending by software: the line rises, the queue has nothing.
  guest.set_pending(cpu, 6);
  EXPECT_TRUE(world.rig.machine.os_line(0));
  const auto seen = os.receive(cpu, [](Cpu&, std::uint32_t) {});
  EXPECT_EQ(seen.acknowledges, 1U);
  EXPECT_EQ(seen.entries, 0U);
  guest.exit(cpu, 0);
  EXPECT_FALSE(world.rig.machine.tima(0).valid(tima::Ring::Os));
  EXPECT_TRUE(guest.destroy(cpu));
  EXPECT_EQ(world.rig.violation(), "");
}

TEST(Guest, EventOfACededVcpuKicksIt) {
  for (const bool single : {true, false}) {
    World world(1);
    Guest guest(world.host, {.vcpus = 1, .single_escalation = single});
    Cpu& cpu = world.rig.cpus[0];
    guest.create(cpu);
    guest.set_queue(cpu, 0, 5, 0x05000000, 16);
    const auto& source = guest.add_source(cpu, 0, 5, 7);
    unsigned kicked = 0;
    guest.on_kick = [&](Cpu&, unsigned) { ++kicked; };
    guest.enter(cpu, 0);
    Consumer os{.window = RingWindow::guest(kTmBase)};
    os.queues[5] = EventQueue(0x05000000, 16);
    os.set_cppr(cpu, 0xff);
    for (unsigned round = 1; round <= 3; ++round) {
      ASSERT_TRUE(guest.cede(cpu, 0));
      world.rig.store(source.irq.info.trigger, 8, 0);
      EXPECT_TRUE(world.rig.machine.hv_line(0));
      world.host.receive(cpu);
      EXPECT_EQ(kicked, round);
      guest.enter(cpu, 0);
      EXPECT_TRUE(world.rig.machine.os_line(0)) << round;  // IPB kept in the VP
      EXPECT_EQ(os.receive(cpu, [&](Cpu& c, std::uint32_t) { source.irq.source_eoi(c); }).entries,
                1U);
    }
    // Running: no escalation.
    world.rig.store(source.irq.info.trigger, 8, 0);
    EXPECT_FALSE(world.rig.machine.hv_line(0));
    guest.exit(cpu, 0);
    EXPECT_TRUE(guest.destroy(cpu));
    EXPECT_EQ(world.rig.violation(), "");
    EXPECT_EQ(world.rig.machine.bus_errors, 0U);
  }
}

TEST(Guest, CedeWithAnUnhandledEscalationIsAborted) {
  World world(1);
  Guest guest(world.host, {.vcpus = 1});
  Cpu& cpu = world.rig.cpus[0];
  guest.create(cpu);
  guest.set_queue(cpu, 0, 5, 0x05000000, 16);
  const auto& source = guest.add_source(cpu, 0, 5, 7);
  guest.enter(cpu, 0);
  ASSERT_TRUE(guest.cede(cpu, 0));
  world.rig.store(source.irq.info.trigger, 8, 0);
  guest.enter(cpu, 0);  // something else woke it before the host looked
  EXPECT_TRUE(guest.vcpu(0).esc_on);
  EXPECT_FALSE(guest.cede(cpu, 0));
  world.host.receive(cpu);
  EXPECT_FALSE(guest.vcpu(0).esc_on);
  EXPECT_TRUE(guest.cede(cpu, 0));
  EXPECT_TRUE(guest.destroy(cpu));
}

/// Every event of every source, sent by `fire`, is counted until the guest has handled it.
class Migration {
 public:
  static constexpr unsigned kVcpus = 2, kSources = 6;
  static constexpr std::uint64_t kOldPages = 0x05000000, kNewPages = 0x06000000;

  explicit Migration(MigrationFault fault) : fault_(fault) {
    Cpu& cpu = world_.rig.cpus[0];
    old_.create(cpu);
    for (unsigned v = 0; v < kVcpus; ++v) {
      const std::uint64_t page = kOldPages + v * 0x10000;
      old_.set_queue(cpu, v, kPrio, page, 12);
      // Near the wrap, in the second round of the queue.
      world_.opal.must(cpu, Token::XiveSetQueueState, {old_.vcpu(v).vp, kPrio, 0, 1020});
      os_[v].window = RingWindow::guest(kTmBase);
      os_[v].queues[kPrio] = EventQueue(page, 12);
      for (unsigned n = 0; n < 1024; ++n) world_.rig.store(page + 4ULL * n, 4, 0x80000000U);
      for (unsigned n = 0; n < 1024 + 1020; ++n) {
        // The consumer is where the queue is: one round and 1020 entries on.
        if (n == 1024) {
          for (unsigned m = 0; m < 1024; ++m) world_.rig.store(page + 4ULL * m, 4, 0);
        }
        os_[v].queues[kPrio].pop(cpu);
      }
      for (unsigned m = 0; m < 1024; ++m) world_.rig.store(page + 4ULL * m, 4, 0x80000000U);
    }
    for (unsigned n = 0; n < kSources; ++n) {
      old_.add_source(cpu, n % kVcpus, kPrio, 0x100 + n, 0);
    }
    for (unsigned v = 0; v < kVcpus; ++v) {
      old_.enter(world_.rig.cpus[v], v);
      os_[v].set_cppr(world_.rig.cpus[v], 0xff);
    }
  }

  /// Runs the whole of S5.11 with source `late` firing before step `at`. Result code of restore.
  std::int64_t run(unsigned at, unsigned late) {
    Cpu& cpu = world_.rig.cpus[0];
    fire(0);  // delivered, not handled
    old_.exit(world_.rig.cpus[0], 0);
    old_.exit(world_.rig.cpus[1], 1);
    fire(1);  // all that vCPU 1 has to do comes while it is on no thread
    fire(1);  // Q set
    fire(2);
    MigrationHooks hooks;
    hooks.before_step = [&](unsigned step) {
      if (step == at) fire(late);
    };
    const GuestState state = save_guest(cpu, world_.host, old_, fault_, hooks);
    new_.create(cpu);
    const std::int64_t result = restore_guest(
        cpu, world_.host, new_, state, [](unsigned v, unsigned) { return kNewPages + v * 0x10000; },
        [](const GuestState::Source& source) { return source.number; }, fault_, hooks);
    if (result != 0) return result;
    for (unsigned v = 0; v < kVcpus; ++v) {
      os_[v].queues[kPrio].move_to(kNewPages + v * 0x10000);
      Cpu& target = world_.rig.cpus[2 + v];  // threads of the other chip
      new_.enter(target, v);
      for (unsigned n = 0; n < 20 && world_.rig.machine.os_line(2 + v); ++n) {
        os_[v].receive(target, [&](Cpu& c, std::uint32_t eisn) {
          ++handled_[eisn];
          for (auto& source : new_.sources()) {
            if (source->eisn == eisn) source->irq.source_eoi(c);
          }
        });
      }
    }
    return result;
  }
  /// "" if each source was handled as often as its events allow (P and Q: at most two).
  std::string lost() const {
    for (const auto& [eisn, count] : fired_) {
      const auto found = handled_.find(eisn);
      const unsigned seen = found != handled_.end() ? found->second : 0;
      const unsigned wanted = std::min(count, 2U);
      if (seen != wanted) {
        return "source " + std::to_string(eisn) + ": " + std::to_string(wanted) + " expected, " +
               std::to_string(seen) + " handled";
      }
    }
    return "";
  }
  World& world() { return world_; }

 private:
  static constexpr unsigned kPrio = 6;
  void fire(unsigned n) {
    ++fired_[0x100 + n];
    world_.rig.store(old_.sources()[n]->irq.info.trigger, 8, 0);
  }

  MigrationFault fault_;
  World world_{2};
  Guest old_{world_.host, {.vcpus = kVcpus, .chip = 0}};
  Guest new_{world_.host, {.vcpus = kVcpus, .chip = 1, .escalation_lirq = 0x2000}};
  std::array<Consumer, kVcpus> os_{};
  std::map<std::uint32_t, unsigned> fired_, handled_;
};

TEST(Migration, NoEventIsLostAtAnyStep) {
  for (unsigned step = 1; step <= 9; ++step) {
    for (unsigned late = 0; late < Migration::kSources; ++late) {
      Migration migration(MigrationFault::None);
      EXPECT_EQ(migration.run(step, late), 0);
      EXPECT_EQ(migration.lost(), "") << "step " << step << ", source " << late;
      EXPECT_EQ(migration.world().rig.violation(), "");
      EXPECT_EQ(migration.world().rig.machine.bus_errors, 0U);
    }
  }
}

TEST(Migration, FaultsAreNoticed) {
  const auto noticed = [](MigrationFault fault) {
    for (unsigned step = 2; step <= 8; ++step) {
      Migration migration(fault);
      if (migration.run(step, 3) != 0 || !migration.lost().empty()) return true;
    }
    return false;
  };
  EXPECT_TRUE(noticed(MigrationFault::NoGeneration));
  EXPECT_TRUE(noticed(MigrationFault::NoVpState));
  EXPECT_TRUE(noticed(MigrationFault::MaskedWithOff));
  EXPECT_TRUE(noticed(MigrationFault::RoutesFirst));
  EXPECT_FALSE(noticed(MigrationFault::None));
}

}  // namespace
}  // namespace xive::driver
