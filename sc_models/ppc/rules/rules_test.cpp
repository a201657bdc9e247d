// SPDX-License-Identifier: Apache-2.0
// Each rule of the core: silent where everything is right, firing where it is not.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sc_models/platform/tap.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/host/testing.h"
#include "sc_models/ppc/rules/chk_once.h"
#include "sc_models/ppc/rules/chk_quiesce.h"
#include "sc_models/ppc/rules/chk_rst.h"
#include "sc_models/ppc/rules/chk_spur.h"
#include "sc_models/ppc/spr.h"
#include "sc_models/ppc/testing.h"

namespace xive::ppc {
namespace {

using host::Cpu;
using host::FiberExecutor;
using host::InterruptFrame;
using host::VectorSpace;
using host::testing::Machine;
using host::testing::MachineConfig;
using platform::kMicrosecond;
using platform::kMillisecond;
using testing::ManualClock;

constexpr std::uint64_t kHostEe = msr::kSf | msr::kHv | msr::kMe | msr::kEe;
constexpr std::uint64_t kTima = 0x200000;

std::uint64_t fired(const RuleBook& book, std::string_view id) {
  for (const RuleBook::Entry& entry : book.entries()) {
    if (entry.info.id == id) return entry.fired;
  }
  ADD_FAILURE() << "no rule " << id;
  return 0;
}
std::uint64_t hits(const RuleBook& book, std::string_view id) {
  for (const RuleBook::Entry& entry : book.entries()) {
    if (entry.info.id == id) return entry.hits;
  }
  return 0;
}

// ---------------------------------------------------------------- CHK-QUIESCE, CORE-REQ

/// S3.1 / S3.2 / S3.5 in short, on a machine: thread 0 stops thread 1 by direct control while
/// causes arrive, and starts it again.
void stop_and_start(const ThreadFaults& faults, RuleBook& book) {
  FiberExecutor executor;
  MachineConfig config;
  config.thread.faults = faults;
  Machine machine(executor, config);
  ChkQuiesce quiesce(book);
  ChkRequest request(book);
  for (unsigned n = 0; n < 4; ++n) {
    machine.thread(n).observe(quiesce);
    machine.thread(n).observe(request);
  }
  machine.program(1, [&](Cpu& cpu) {
    cpu.set_handler(VectorSpace::Host, 0xea0, [&](Cpu&, InterruptFrame&) {
      machine.thread(1).set_hypervisor_virtualization(false);
    });
    cpu.mtspr(spr::kLpcr, lpcr::kHvice | lpcr::kWakeMask);
    cpu.set_ee(true);
    cpu.execute(100'000);
  });
  machine.program(2, [](Cpu& cpu) { cpu.stop_self(); });
  machine.programs[0x9000] = [](Cpu& cpu) { cpu.execute(10); };
  machine.program(0, [&](Cpu& cpu) {
    cpu.delay(2 * kMicrosecond);
    machine.thread(1).direct_stop();
    machine.thread(1).set_hypervisor_virtualization(true);
    // The hypervisor's copy of LPCR comes back, and a cause with it.
    machine.thread(2).set_lpcr(lpcr::kPecedh);
    machine.thread(2).set_doorbell(Cause::HypervisorDoorbell, true);
    cpu.delay(10 * kMicrosecond);
    machine.thread(2).set_doorbell(Cause::HypervisorDoorbell, false);
    machine.thread(1).direct_start();
    machine.thread(2).start_cpu(0x9000, 0, 0, 0);
  });
  try {
    machine.run(kMillisecond);
  } catch (const host::UnhandledInterrupt&) {
    // A faulty machine may wake a thread that has no handler for it.
  }
}

TEST(ChkQuiesce, SilentOnTheRightMachine) {
  RuleBook book;
  stop_and_start({}, book);
  EXPECT_TRUE(book.clean()) << book.violations()[0].detail;
  EXPECT_GT(hits(book, "CHK-QUIESCE"), 20U);
  EXPECT_GT(hits(book, "CORE-REQ"), 10U);
}

TEST(ChkQuiesce, FiresOnAKick) {
  RuleBook book;
  stop_and_start({.request_ignores_quiesced = true}, book);
  EXPECT_GT(fired(book, "CHK-QUIESCE"), 0U);
  EXPECT_NE(book.violations()[0].detail.find("is quiesced"), std::string::npos);
}

TEST(ChkQuiesce, FiresOnAnExceptionThatOnlyLpcrKeptDown) {
  RuleBook book;
  stop_and_start({.run_ignores_quiesced = true}, book);
  EXPECT_TRUE(std::any_of(book.violations().begin(), book.violations().end(), [](const auto& v) {
    return v.rule == "CHK-QUIESCE" && v.detail.find("doorbell") != std::string::npos;
  }));
}

TEST(ChkQuiesce, FiresOnAnInterruptThatSlipsIn) {
  RuleBook book;
  stop_and_start({.flag_after_pause = true}, book);
  EXPECT_TRUE(std::any_of(book.violations().begin(), book.violations().end(), [](const auto& v) {
    return v.rule == "CHK-QUIESCE" && v.detail.find("virtualization") != std::string::npos;
  }));
}

TEST(ChkQuiesce, FiresOnADeviceAccessAndARetiredInstruction) {
  RuleBook book;
  ChkQuiesce rule(book);
  ManualClock clock;
  HardwareThread thread({}, clock);
  rule.on_io_issue(thread, {});
  rule.on_retire(thread, 1);
  EXPECT_TRUE(book.clean());
  thread.direct_stop();
  rule.on_retire(thread, 0);
  EXPECT_TRUE(book.clean());
  rule.on_retire(thread, 1);
  EXPECT_EQ(book.violations().size(), 1U);
  rule.on_io_issue(thread, {.write = true});
  EXPECT_EQ(book.violations().size(), 2U);
}

TEST(ChkRequest, FiresWhenTheRequestIsNotRecomputed) {
  RuleBook book;
  stop_and_start({.no_recompute = true}, book);
  EXPECT_GT(fired(book, "CORE-REQ"), 0U);
}

// ---------------------------------------------------------------- CHK-SPUR

/// Ack register that always has `nsr` to say; the line of the thread follows `stuck`.
struct AckDevice final : platform::Target {
  std::uint16_t value = 0;
  platform::Response access(const platform::Request&) override {
    return {platform::Status::Ok, value, 0};
  }
};

struct SpurMachine {
  explicit SpurMachine(const ChkSpur::Config& config = {.tima_base = kTima})
      : machine(executor, {}), rule(book, config) {
    machine.bus.map({.name = "tima", .base = kTima, .size = 0x40000, .target = &device});
    machine.thread(0).observe(rule);
  }
  /// `rounds` interrupts; `handler` runs in each.
  void run(int rounds, const std::function<void(Cpu&, int)>& handler) {
    int count = 0;
    machine.program(0, [&, rounds](Cpu& cpu) {
      cpu.set_handler(VectorSpace::Host, 0x500, [&](Cpu& inner, InterruptFrame&) {
        handler(inner, count);
        if (++count == rounds) machine.thread(0).set_external(false);
      });
      machine.thread(0).set_external(true);
      cpu.set_ee(true);
      cpu.execute(100);
    });
    machine.run(kMillisecond);
    EXPECT_EQ(count, rounds);
  }
  FiberExecutor executor;
  RuleBook book;
  AckDevice device;
  Machine machine;
  ChkSpur rule;
};

TEST(ChkSpur, FiresWhenTheLineIsStuckAndThereIsNothingToAcknowledge) {
  SpurMachine m;
  m.run(3, [](Cpu& cpu, int) { cpu.load16(kTima + 0x10830); });
  EXPECT_EQ(fired(m.book, "CHK-SPUR"), 1U);
  EXPECT_EQ(hits(m.book, "CHK-SPUR"), 3U);
}

TEST(ChkSpur, SilentOnTwoInARow) {
  SpurMachine m;
  m.run(2, [](Cpu& cpu, int) { cpu.load16(kTima + 0x10830); });
  EXPECT_TRUE(m.book.clean());
}

TEST(ChkSpur, SilentWhenSomethingWasAcknowledged) {
  SpurMachine m;
  m.run(12, [&](Cpu& cpu, int round) {
    m.device.value = round % 3 == 2 ? 0x8006 : 0x00ff;
    cpu.load16(kTima + 0x20810);
  });
  EXPECT_TRUE(m.book.clean());
}

TEST(ChkSpur, SilentWhenTheTimaChanged) {
  SpurMachine m;
  SpurTimaWatch watch(m.rule, 0, m.executor);
  m.run(12, [&](Cpu& cpu, int round) {
    cpu.load16(kTima + 0x10830);
    tima::Event event;
    event.after.at(tima::Ring::Phys, tima::reg::kIpb) = round % 2 == 0 ? 1 : 0;
    watch.on_event(event);
  });
  EXPECT_TRUE(m.book.clean());
}

/// A line that takes long to fall is seen by interrupts that have nothing behind them any more.
TEST(ChkSpur, SilentWhileTheFallOfTheLineIsOnItsWay) {
  const auto fired_with = [](Time on_its_way) {
    SpurMachine m({.tima_base = kTima, .line_takes = on_its_way});
    SpurTimaWatch watch(m.rule, 0, m.executor);
    m.run(6, [&](Cpu& cpu, int round) {
      if (round == 0) {
        m.device.value = 0x8006;
        tima::Event event;
        event.before.at(tima::Ring::Phys, tima::reg::kNsr) = 0x80;
        watch.on_event(event);
      }
      cpu.load16(kTima + 0x10830);
      m.device.value = 0;
    });
    return fired(m.book, "CHK-SPUR");
  };
  EXPECT_EQ(fired_with(kMillisecond), 0U);
  EXPECT_EQ(fired_with(0), 1U);
}

TEST(ChkSpur, CountsInterruptsNotPollsAndNotOtherLoads) {
  SpurMachine m;
  m.run(2, [](Cpu& cpu, int) {
    for (int i = 0; i < 5; ++i) cpu.load16(kTima + 0x10830);
  });
  EXPECT_TRUE(m.book.clean());
  SpurMachine other;
  other.run(5, [](Cpu& cpu, int) {
    cpu.load32(kTima + 0x10830);
    cpu.load16(kTima + 0x10820);
  });
  EXPECT_TRUE(other.book.clean());
}

// ---------------------------------------------------------------- CHK-RST

TEST(ChkRst, SilentWhenTheTemplateIsInPlaceEvenIfAnInterruptComesFirst) {
  RuleBook book;
  ChkRst rule(book);
  ManualClock clock;
  HardwareThread thread({}, clock);
  thread.observe(rule);
  ArchState state;
  state.gpr[3] = 0x1000;
  state.nip = 0x10;
  thread.reset(state, false, false);
  thread.begin_instruction();
  thread.end_instruction();
  thread.set_gpr(3, 0);  // afterwards the program may do what it likes
  thread.stop_self();
  thread.set_doorbell(Cause::HypervisorDoorbell, true);
  ASSERT_TRUE(thread.start_cpu(0x4000, 0x77, 0, 0));
  ASSERT_TRUE(thread.take_exception());  // HV=0: enabled at once
  thread.begin_instruction();
  EXPECT_TRUE(book.clean()) << book.violations()[0].detail;
  EXPECT_EQ(hits(book, "CHK-RST"), 2U);
}

// S4.1: an old completion writes r3 after the reset.
TEST(ChkRst, FiresOnAnyRegister) {
  RuleBook book;
  ChkRst rule(book);
  ManualClock clock;
  HardwareThread thread({}, clock);
  thread.observe(rule);
  ArchState state;
  state.gpr[3] = 0x1000;
  thread.reset(state, false, false);
  thread.set_gpr(3, 0);
  thread.begin_instruction();
  ASSERT_EQ(book.violations().size(), 1U);
  EXPECT_EQ(book.violations()[0].detail, "thread 0x0 starts with r3=0x0 (expected 0x1000)");
}

TEST(ChkRst, ComparesEveryRegisterOfTheTemplate) {
  const ArchState base;
  std::vector<std::string> names;
  const auto changed = [&](auto change) {
    ArchState state;
    change(state);
    names.push_back(differences(base, state));
    EXPECT_FALSE(names.back().empty());
  };
  for (unsigned n = 0; n < 32; ++n) changed([n](ArchState& s) { s.gpr[n] = 1; });
  for (unsigned n = 0; n < 4; ++n) changed([n](ArchState& s) { s.sprg[n] = 1; });
  for (unsigned n = 0; n < 2; ++n) changed([n](ArchState& s) { s.hsprg[n] = 1; });
  changed([](ArchState& s) { s.cr = 1; });
  for (auto member : {&ArchState::nip, &ArchState::msr, &ArchState::lr, &ArchState::ctr,
                      &ArchState::xer, &ArchState::srr0, &ArchState::srr1, &ArchState::hsrr0,
                      &ArchState::hsrr1, &ArchState::dar, &ArchState::dsisr, &ArchState::lpcr,
                      &ArchState::psscr, &ArchState::hfscr, &ArchState::hmeer}) {
    changed([member](ArchState& s) { s.*member = 1; });
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
  EXPECT_EQ(differences(base, base), "");
}

// ---------------------------------------------------------------- CHK-ONCE

/// A device in the TIMA's place, seen by the rule; `repeat` performs each access that often.
struct OnceMachine {
  struct Repeat final : platform::Target {
    explicit Repeat(platform::Target& inner) : target(inner) {}
    platform::Response access(const platform::Request& request) override {
      platform::Response response;
      for (int i = 0; i < times; ++i) response = target.access(request);
      return response;
    }
    platform::Target& target;
    int times = 1;
  };
  struct Performed {
    void operator()(const platform::Request& r, const platform::Response&) const {
      rule->performed(r);
    }
    ChkOnce* rule;
  };
  explicit OnceMachine(bool posted = false)
      : rule(book, posted), tap(device, {&rule}), repeat(tap), machine(executor, {}) {
    machine.bus.map({.name = "tima", .base = kTima, .size = 0x40000, .target = &repeat});
    machine.thread(0).observe(rule);
    rule.watch(kTima, 0x40000);
  }
  void run(int times) {
    repeat.times = times;
    machine.program(0, [](Cpu& cpu) {
      cpu.load16(kTima + 0x10830);
      cpu.store8(kTima + 0x10031, 0xff);
      cpu.load64(0x100);
    });
    machine.run(kMillisecond);
  }
  FiberExecutor executor;
  RuleBook book;
  AckDevice device;
  ChkOnce rule;
  platform::Tap<AckDevice, Performed> tap;
  Repeat repeat;
  Machine machine;
};

TEST(ChkOnce, SilentWhenEachAccessIsPerformedOnce) {
  OnceMachine m;
  m.run(1);
  m.rule.finish(0);
  EXPECT_TRUE(m.book.clean());
  EXPECT_EQ(hits(m.book, "CHK-ONCE"), 2U);
}

TEST(ChkOnce, FiresOnRepetitionAndOnOmission) {
  OnceMachine twice;
  twice.run(2);
  EXPECT_EQ(fired(twice.book, "CHK-ONCE"), 2U);
  EXPECT_NE(twice.book.violations()[0].detail.find("performed again"), std::string::npos);
  OnceMachine never;
  never.run(0);
  EXPECT_EQ(fired(never.book, "CHK-ONCE"), 2U);
  EXPECT_NE(never.book.violations()[0].detail.find("never performed"), std::string::npos);
}

TEST(ChkOnce, FiresOnAnAccessOfNoInstruction) {
  OnceMachine m;
  m.run(1);
  m.rule.performed({.address = kTima, .requester = {0}, .instruction = 999});
  EXPECT_EQ(fired(m.book, "CHK-ONCE"), 1U);
  m.rule.performed({.address = kTima});  // a device's access is nobody's instruction
  EXPECT_EQ(fired(m.book, "CHK-ONCE"), 1U);
}

TEST(ChkOnce, PostedStoresMayBeLateButNotLost) {
  OnceMachine m(true);
  m.run(0);
  EXPECT_EQ(fired(m.book, "CHK-ONCE"), 1U);  // the load
  m.rule.performed({.command = platform::Command::Store,
                    .address = kTima + 0x10031,
                    .requester = {0},
                    .instruction = 1});
  m.rule.finish(0);
  EXPECT_EQ(fired(m.book, "CHK-ONCE"), 1U);
  OnceMachine lost(true);
  lost.run(0);
  lost.rule.finish(0);
  EXPECT_EQ(fired(lost.book, "CHK-ONCE"), 2U);
}

}  // namespace
}  // namespace xive::ppc
