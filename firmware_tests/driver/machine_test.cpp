// SPDX-License-Identifier: Apache-2.0
// Firmware and driver on the whole machine, in simulated time and with interrupts.
#include "sc_models/machine/machine.h"

#include <gtest/gtest.h>

#include "firmware_tests/driver/migration.h"
#include "firmware_tests/opal/machine_config.h"
#include "firmware_tests/opal/machine_watch.h"
#include "firmware_tests/opal/suite.h"
#include "sc_models/machine/testing/end_to_end.h"

namespace xive::driver {
namespace {

using machine::Machine;
using machine::MachineConfig;
using platform::kMicrosecond;
using platform::kMillisecond;

/// A machine that boots; thread 0 then runs `main`, the others serve interrupts.
class Booted {
 public:
  explicit Booted(MachineConfig config, opal::Fault fault = opal::Fault::None)
      : machine_(config, executor_, machine::testing::reference_factory()),
        firmware_(firmware_config(fault)),
        opal_(firmware_),
        host_(opal_, host_options()),
        rules_(book_, &machine_.memory()),
        watch_(machine_, firmware_, book_) {
    for (unsigned n = 0; n < machine_.chips(); ++n) machine_.observe_chip(n, rules_.chip(n));
  }

  void run(std::function<void(Cpu&)> main, bool with_host = true) {
    machine_.set_program(0, [this, main, with_host](Cpu& cpu) {
      firmware_.boot(cpu);
      stage_ = 1;
      while (called_in_ + 1 < machine_.threads()) cpu.delay(kMicrosecond);
      if (with_host) {
        std::vector<std::uint32_t> pirs;
        for (unsigned n = 0; n < machine_.threads(); ++n) pirs.push_back(machine_.pir(n));
        host_.start(cpu, pirs);
        for (const std::uint32_t pir : pirs) host_.prepare_cpu(cpu, pir);
        stage_ = 2;
        serve(cpu);
      }
      main(cpu);
      stage_ = 3;
      finished_ = true;
    });
    for (unsigned n = 1; n < machine_.threads(); ++n) {
      machine_.set_program(n, [this](Cpu& cpu) {
        while (stage_ < 1) cpu.delay(kMicrosecond);
        firmware_.callin(cpu);
        ++called_in_;
        while (stage_ < 2) cpu.delay(kMicrosecond);
        if (stage_ == 2) serve(cpu);
        while (stage_ < 3) cpu.delay(5 * kMicrosecond);
      });
    }
    executor_.run(2000 * kMillisecond);
    rules_.finish();
    EXPECT_TRUE(finished_);
    EXPECT_GT(book_.find("CHK-RC")->hits, 0U);
    EXPECT_GT(book_.find("FW-P42")->hits, 0U);
    EXPECT_TRUE(book_.clean()) << book_.violations()[0].rule << book_.violations()[0].detail;
  }

  Machine& machine() { return machine_; }
  opal::Firmware& firmware() { return firmware_; }
  OpalClient& opal() { return opal_; }
  HostDriver& host() { return host_; }

 private:
  opal::Config firmware_config(opal::Fault fault) const {
    opal::Config config = opal::config_for(machine_);
    config.irq_order = 12;
    config.fault = fault;
    return config;
  }
  static HostDriver::Options host_options() {
    HostDriver::Options options;
    options.queue_order = 12;
    return options;
  }
  void serve(Cpu& cpu) {
    cpu.set_handler(ppc::host::VectorSpace::Host, 0xea0,
                    [this](Cpu& c, ppc::host::InterruptFrame&) { host_.receive(c); });
    host_.finish_cpu(cpu);
    cpu.set_ee(true);
  }

  ppc::host::FiberExecutor executor_;
  Machine machine_;
  opal::Firmware firmware_;
  OpalClient opal_;
  HostDriver host_;
  RuleBook book_;
  ic::XiveRules rules_;
  opal::MachineWatch watch_;
  unsigned stage_ = 0, called_in_ = 0;
  bool finished_ = false;
};

MachineConfig small(unsigned chips) {
  MachineConfig config;
  config.chips = chips;
  config.cores = 1;
  config.threads = 2;
  return config;
}

TEST(TimedMachine, CallSuite) {
  for (const unsigned chips : {1U, 2U}) {
    Booted booted(small(chips));
    std::vector<opal::SuiteResult> results;
    opal::SuiteOptions options;
    options.exhaust_limit = 0;
    booted.run([&](Cpu& cpu) { results = opal::run_call_suite(cpu, booted.firmware(), options); },
               false);
    EXPECT_GT(results.size(), 150U);
    for (const auto& result : results) {
      EXPECT_TRUE(result.passed) << result.name << ": " << result.detail;
    }
  }
}

TEST(TimedMachine, IpisBetweenAllThreads) {
  Booted booted(small(2));
  std::map<std::uint32_t, unsigned> got;
  booted.host().on_ipi([&](Cpu& cpu) { ++got[cpu.pir()]; });
  booted.run([&](Cpu& cpu) {
    for (unsigned round = 1; round <= 5; ++round) {
      for (unsigned n = 1; n < booted.machine().threads(); ++n) {
        const std::uint32_t pir = booted.machine().pir(n);
        booted.host().send_ipi(cpu, pir);
        for (unsigned wait = 0; got[pir] < round && wait < 1000; ++wait) cpu.delay(kMicrosecond);
        EXPECT_EQ(got[pir], round) << pir;
      }
    }
    booted.host().send_ipi(cpu, cpu.pir());
    cpu.delay(20 * kMicrosecond);
    EXPECT_EQ(got[cpu.pir()], 1U);
  });
}

TEST(TimedMachine, CallsFromTwoThreadsAtOnce) {
  Booted booted(small(1));
  unsigned calls = 0;
  booted.host().on_ipi([&](Cpu& cpu) {
    // Inside the handler of thread 1, while thread 0 is in calls of its own.
    for (unsigned n = 0; n < 10; ++n) {
      booted.opal().queue_state(cpu, cpu.pir(), 7);
      ++calls;
    }
  });
  booted.run([&](Cpu& cpu) {
    booted.host().send_ipi(cpu, booted.machine().pir(1));
    for (unsigned n = 0; n < 30; ++n) booted.opal().queue_state(cpu, cpu.pir(), 7);
    cpu.delay(100 * kMicrosecond);
  });
  EXPECT_EQ(calls, 10U);
}

TEST(TimedMachine, ShutdownRacesWithTheHandler) {
  // S5.5: thread 1 has the entry in its queue while thread 0 gives the interrupt up.
  Booted booted(small(1));
  bool quiet = false;
  unsigned handled = 0, orphans = 0;
  booted.host().on_orphan = [&](Cpu&, std::uint32_t) { ++orphans; };
  booted.run([&](Cpu& cpu) {
    for (platform::Time wait = 0; wait < 3 * kMicrosecond; wait += kMicrosecond / 4) {
      Irq& irq = booted.host().map(cpu, booted.opal().allocate_irq(cpu, 0), 0x40,
                                   [&](Cpu& c, Irq&) { ++handled, c.delay(kMicrosecond); });
      booted.host().startup(cpu, irq, booted.machine().pir(1));
      cpu.store64(irq.info.trigger, 0);
      cpu.delay(wait);
      quiet = booted.host().shutdown(cpu, irq);
      EXPECT_TRUE(quiet);
      EXPECT_EQ(booted.opal().call(cpu, Token::XiveFreeIrq, {irq.number}), 0);
      booted.host().unmap(irq);
    }
    cpu.delay(50 * kMicrosecond);
  });
  EXPECT_GT(handled, 0U);
  EXPECT_EQ(orphans, 0U);
}

/// S5.11 with the event between its source and its queue: a slow router.
unsigned events_after_migration(MigrationFault fault) {
  MachineConfig config = small(2);
  config.hops[machine::HopId::Eas].latency = 20 * kMicrosecond;
  Booted booted(config);
  unsigned seen = 0;
  booted.run([&](Cpu& cpu) {
    constexpr std::uint64_t kOld = 0x05000000, kNew = 0x45000000;
    Guest old(booted.host(), {.vcpus = 1, .chip = 0});
    Guest fresh(booted.host(), {.vcpus = 1, .chip = 1, .escalation_lirq = 0x2000});
    old.create(cpu);
    old.set_queue(cpu, 0, 6, kOld, 12);
    const Guest::Source& source = old.add_source(cpu, 0, 6, 0x77, 0);
    MigrationHooks hooks;
    hooks.before_step = [&](unsigned step) {
      if (step == 2) cpu.store64(source.irq.info.trigger, 0);
    };
    const GuestState state = save_guest(cpu, booted.host(), old, fault, hooks);
    fresh.create(cpu);
    EXPECT_EQ(restore_guest(
                  cpu, booted.host(), fresh, state, [](unsigned, unsigned) { return kNew; },
                  [](const GuestState::Source& s) { return s.number; }, fault),
              0);
    EventQueue queue(kNew, 12);
    while (queue.pop(cpu)) ++seen;
    cpu.delay(100 * kMicrosecond);
    while (queue.pop(cpu)) ++seen;
  });
  return seen;
}

TEST(TimedMachine, MigrationWithTheEventInFlight) {
  EXPECT_EQ(events_after_migration(MigrationFault::None), 1U);
  EXPECT_EQ(events_after_migration(MigrationFault::NoSync), 0U);  // lost with the old queue
}

}  // namespace
}  // namespace xive::driver
