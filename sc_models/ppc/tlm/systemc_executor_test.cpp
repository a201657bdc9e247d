// SPDX-License-Identifier: Apache-2.0
// Firmware on SC_THREADs over LT and AT sockets, against the same firmware on fibers over the plain
// bus: same functional result.
#include "sc_models/ppc/tlm/systemc_executor.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sc_models/platform/tlm/bus_face.h"
#include "sc_models/platform/tlm/initiator_face.h"
#include "sc_models/platform/tlm/target_face.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/host/testing.h"
#include "sc_models/ppc/spr.h"
#include "sc_models/tlm/base_protocol_checker.h"
#include "sc_models/tlm/testing/sc_test_main.h"

namespace xive::ppc::tlm_face {
namespace {

using host::Cpu;
using host::InterruptFrame;
using host::VectorSpace;
using host::testing::Machine;
using host::testing::MachineConfig;
using platform::kMicrosecond;
using platform::kMillisecond;
using platform::Timing;

constexpr std::uint64_t kLock = 0x8000, kCounter = 0x8100, kBoard = 0x9000;
constexpr unsigned kThreads = 4, kTurns = 25;

MachineConfig machine_config(platform::Time quantum) {
  MachineConfig config;
  config.threads = kThreads;
  config.cpu.quantum = quantum;
  return config;
}

/// Every thread increments a counter under a lock, passes a token round by doorbells, and sleeps by
/// stop in between.
void load_firmware(Machine& machine) {
  for (unsigned n = 0; n < kThreads; ++n) {
    machine.program(n, [n](Cpu& cpu) {
      for (unsigned i = 0; i < kTurns; ++i) {
        while (cpu.load_reserve(kLock, 8) != 0 || !cpu.store_conditional(kLock, 8, n + 1)) {
          cpu.execute(5 + n);
        }
        cpu.isync();
        cpu.store64(kCounter, cpu.load64(kCounter) + 1);
        cpu.lwsync();
        cpu.store64(kLock, 0);
      }
      unsigned tokens = 0;
      cpu.set_handler(VectorSpace::Host, 0x100, [&](Cpu& inner, InterruptFrame&) {
        inner.msgclr(kDoorbellTypeField);
        inner.msgsync();
        ++tokens;
      });
      cpu.mtspr(spr::kLpcr, lpcr::kPecedh);
      cpu.mtspr(spr::kPsscr, psscr::kEc);
      for (unsigned i = 0; i < kTurns; ++i) {
        if (n != 0 || i != 0) cpu.stop();
        cpu.store64(kBoard + 8 * n, i + 1);
        cpu.sync();
        if (n != kThreads - 1 || i != kTurns - 1) {
          cpu.msgsnd(encode_msgsnd((n + 1) % kThreads));
        }
      }
      cpu.store64(kBoard + 0x100 + 8 * n, tokens);
    });
  }
}

struct Result {
  std::vector<std::uint8_t> memory;
  std::vector<std::uint64_t> interrupts;
  bool finished = true;

  friend bool operator==(const Result&, const Result&) = default;
};

Result result_of(Machine& machine) {
  Result result;
  result.memory.resize(Machine::kMemorySize);
  machine.memory.read(0, result.memory);
  for (const auto& cpu : machine.cpus) {
    result.interrupts.push_back(cpu->interrupts_taken());
    result.finished = result.finished && cpu->finished();
  }
  return result;
}

Result on_fibers(platform::Time quantum) {
  host::FiberExecutor executor;
  Machine machine(executor, machine_config(quantum));
  load_firmware(machine);
  machine.run(100 * kMillisecond);
  return result_of(machine);
}

/// One machine behind sockets.
struct Simulated {
  Simulated(const std::string& name, Timing timing, platform::Time quantum)
      : executor((name + "_executor").c_str()),
        initiator((name + "_initiator").c_str(), timing),
        checker((name + "_checker").c_str(), book),
        machine(executor, machine_config(quantum), &initiator),
        target((name + "_target").c_str(), machine.bus) {
    initiator.socket.bind(checker.target_socket);
    checker.initiator_socket.bind(target.socket);
    load_firmware(machine);
  }
  RuleBook book;
  SystemCExecutor executor;
  platform::InitiatorFace initiator;
  BaseProtocolChecker<> checker;
  Machine machine;
  platform::TargetFace target;
};

/// Kernel facilities by themselves.
struct Plain {
  SystemCExecutor executor{"plain_executor"};
  std::vector<std::string> log;
  Plain() {
    executor.spawn("sleeper", [this] {
      executor.sleep(0, 100);
      note("deadline");
      executor.sleep(0, platform::kNever);
      note("woken");
    });
    executor.spawn("waiter", [this] {
      executor.wait_until(250);
      note("waited");
      executor.at(300, [this] {
        note("first");
        executor.wake(0);
      });
      executor.at(300, [this] { note("second"); });
      executor.wait_until(400);
      throw std::runtime_error("from an agent");
    });
  }
  void note(const std::string& what) { log.push_back(what + "@" + std::to_string(executor.now())); }
};

std::unique_ptr<Plain> plain;
std::map<std::string, std::unique_ptr<Simulated>> machines;

TEST(SystemCExecutor, TimeSleepWakeActionsAndErrors) {
  EXPECT_THROW(plain->executor.run(kMicrosecond), std::runtime_error);
  EXPECT_EQ(plain->log, (std::vector<std::string>{"deadline@100", "waited@250", "first@300",
                                                  "second@300", "woken@300"}));
}

TEST(SystemCExecutor, FirmwareGivesTheSameResultInEveryTiming) {
  const Result expected = on_fibers(0);
  ASSERT_TRUE(expected.finished);
  EXPECT_EQ(expected, on_fibers(kMicrosecond));
  // One kernel runs all machines at the same time.
  machines.begin()->second->executor.run(200 * kMillisecond);
  for (auto& [name, simulated] : machines) {
    EXPECT_EQ(result_of(simulated->machine), expected) << name;
    EXPECT_EQ(platform::load_be<8>(simulated->machine.memory, kCounter), kThreads * kTurns) << name;
    EXPECT_EQ(simulated->machine.network.in_flight(), 0U) << name;
    simulated->checker.finish();
    for (const Violation& v : simulated->book.violations()) {
      ADD_FAILURE() << name << " " << v.rule << " " << v.detail;
    }
  }
}

}  // namespace
}  // namespace xive::ppc::tlm_face

void xive::testing::elaborate() {
  using namespace xive::ppc::tlm_face;
  plain = std::make_unique<Plain>();
  machines["loose"] = std::make_unique<Simulated>("loose", Timing::Loose, 0);
  machines["quantum"] = std::make_unique<Simulated>("quantum", Timing::Loose, kMicrosecond);
  machines["approximate"] = std::make_unique<Simulated>("approximate", Timing::Approximate, 0);
}
