// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/powernv/powernv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sc_models/machine/testing/end_to_end.h"
#include "sc_models/platform/device_tree/tree_check.h"
#include "sc_models/platform/devices/psi_bridge.h"
#include "sc_models/platform/image/testing.h"
#include "sc_models/xive/rules/xive_rules.h"
#include "sc_models/xive/testdata/skiboot_accesses.h"

namespace xive::machine {
namespace {

using platform::Command;
using platform::Request;
using platform::Response;
using platform::testing::message_of;
using platform::testing::ScratchFolder;
using ::testing::HasSubstr;

MachineConfig config_of(unsigned chips, unsigned cores, unsigned threads) {
  MachineConfig config;
  config.chips = chips;
  config.cores = cores;
  config.threads = threads;
  config = powernv_machine(config);
  config.execution = Execution::None;  // the test drives the threads
  return config;
}

/// A machine whose threads are driven by the test.
struct Bench {
  explicit Bench(const MachineConfig& config, const PowerNvConfig& platform = {})
      : machine(config, executor, testing::reference_factory()), powernv(machine, platform) {}

  platform::Requester requester(unsigned thread) {
    const auto& config = machine.hardware_thread(thread).config();
    return {config.pir, static_cast<std::uint16_t>(config.chip),
            static_cast<std::uint16_t>(config.core), static_cast<std::uint16_t>(config.thread)};
  }
  Response access(unsigned thread, bool write, std::uint64_t address, unsigned size,
                  std::uint64_t data = 0) {
    return machine.port().access({.command = write ? Command::Store : Command::Load,
                                  .size = static_cast<std::uint8_t>(size),
                                  .address = address,
                                  .data = data,
                                  .requester = requester(thread),
                                  .time = executor.now()});
  }
  std::uint64_t hmer(unsigned thread) { return machine.hardware_thread(thread).regs().hmer; }

  ppc::host::FiberExecutor executor;
  Machine machine;
  PowerNv powernv;
};

constexpr std::uint64_t kXscom = platform::XscomWindow::kP9Base;

TEST(PowerNv, ResetState) {
  Bench bench(config_of(1, 2, 2));
  EXPECT_EQ(bench.powernv.running(), (std::vector<unsigned>{0, 1, 2, 3}));
  for (unsigned n = 0; n < 4; ++n) {
    const ppc::HardwareThread& thread = bench.machine.hardware_thread(n);
    EXPECT_EQ(thread.nip(), 0x10U);
    EXPECT_EQ(thread.msr(), 0x9000000000000000U);
    EXPECT_EQ(thread.gpr(3), 0x1000000U);
    EXPECT_EQ(thread.gpr(1), 0U);
    EXPECT_EQ(thread.lpcr(), 0xcU);
    EXPECT_TRUE(thread.can_run());
  }
  EXPECT_EQ(bench.machine.pir(2), 4U);
  EXPECT_EQ(bench.machine.peek(0x1000000, 4), 0xd00dfeedU);
}

TEST(PowerNv, MemoryIsSharedOutToTheChips) {
  MachineConfig config = config_of(2, 1, 4);
  config.chip_ids = {0, 8};
  Bench bench(config);
  const auto facts = platform::tree_facts(bench.powernv.tree());
  EXPECT_EQ(facts.memory_end, 0x80000000U);
  EXPECT_EQ(facts.pirs.back(), 0x803U);
  EXPECT_EQ(bench.access(4, false, kXscom + (8ULL << 42U) + 0xf000fULL * 8, 8).data,
            0x220d104900008000U);
}

TEST(PowerNv, ThreadsThatTheTreeDoesNotListStayStopped) {
  const ScratchFolder folder;
  PowerNvConfig platform;
  {
    Bench small(config_of(1, 1, 1));
    platform.tree = folder.file("one.dtb", small.powernv.tree());
  }
  Bench bench(config_of(1, 1, 4), platform);
  EXPECT_EQ(bench.powernv.running(), std::vector<unsigned>{0});
  EXPECT_TRUE(bench.machine.hardware_thread(0).can_run());
  EXPECT_FALSE(bench.machine.hardware_thread(1).can_run());
}

TEST(PowerNv, TreeForAnotherMachine) {
  const ScratchFolder folder;
  PowerNvConfig platform;
  {
    Bench large(config_of(1, 2, 1));
    platform.tree = folder.file("two.dtb", large.powernv.tree());
  }
  EXPECT_EQ(message_of<platform::FileError>([&] { Bench bench(config_of(1, 1, 4), platform); }),
            platform.tree +
                ": lists a thread with PIR 0x4, the machine has none (set chips, cores and "
                "threads)");
  MachineConfig config = config_of(1, 2, 1);
  config.memory_bytes = 0x20000000;
  EXPECT_THAT(message_of<platform::FileError>([&] { Bench bench(config, platform); }),
              HasSubstr("memory up to 0x40000000, the machine has 0x20000000 bytes"));
  EXPECT_THROW(Bench(config_of(1, 1, 8)), std::invalid_argument);
}

TEST(PowerNv, XscomCompletesInTheThreadThatMadeTheAccess) {
  PowerNvConfig platform;
  platform.unknown_xscom = platform::UnknownXscom::Fail;
  Bench bench(config_of(1, 1, 2), platform);
  EXPECT_EQ(bench.access(1, false, kXscom + 0xf000fULL * 8, 8).data, 0x220d104900008000U);
  EXPECT_EQ(bench.hmer(0), 0U);
  EXPECT_EQ(bench.hmer(1), ppc::hmer::kXscomDone);
  bench.access(0, true, kXscom + 0x777ULL * 8, 8, 1);
  EXPECT_EQ(bench.hmer(0), ppc::hmer::kXscomDone | ppc::hmer::kXscomFail | ppc::ibm_bit(21));
  EXPECT_EQ(bench.hmer(1), ppc::hmer::kXscomDone);
  ASSERT_EQ(bench.machine.xscom(0).unknown().size(), 1U);
  EXPECT_EQ(bench.machine.xscom(0).unknown()[0].pcb, 0x777U);
}

TEST(PowerNv, UartAtTheRootAndBehindLpcIsTheSame) {
  Bench bench(config_of(1, 1, 1));
  std::string printed;
  bench.powernv.set_console_output([&](std::uint8_t c) { printed += static_cast<char>(c); });
  bench.access(0, true, 0x60300d00103f8, 1, 'h');
  bench.access(0, true, 0x60300d00103f8, 1, 'i');
  EXPECT_EQ(printed, "hi");
  bench.powernv.uart().feed("x");
  EXPECT_EQ(bench.access(0, false, 0x60300d00103fd, 1).data, 0x61U);
  EXPECT_EQ(bench.access(0, false, 0x60300d00103f8, 1).data, unsigned{'x'});
  EXPECT_FALSE(bench.access(0, false, 0x60300d00103f8 + (1ULL << 50U), 1).ok());
}

TEST(PowerNv, ExitDeviceStopsTheRun) {
  Bench bench(config_of(1, 1, 1));
  std::vector<std::uint32_t> codes;
  bench.powernv.set_exit([&](std::uint32_t code, std::uint32_t pir) {
    codes.push_back(code);
    EXPECT_EQ(pir, 0U);
  });
  bench.executor.spawn("test", [&] {
    bench.executor.wait_until(1000);
    bench.access(0, true, PowerNv::kExit, 4, 42);
    bench.executor.wait_until(5000);
    ADD_FAILURE() << "ran on";
  });
  bench.executor.run(4000);
  EXPECT_EQ(codes, std::vector<std::uint32_t>{42});
}

TEST(PowerNv, MemoryConsole) {
  Bench bench(config_of(1, 1, 1));
  EXPECT_EQ(bench.powernv.memory_console(), "");
  bench.machine.poke(PowerNv::kMemoryConsole, 4, 0x4f50414c);
  EXPECT_EQ(bench.powernv.memory_console(), "OPAL");
  EXPECT_EQ(bench.powernv.memory_console(2), "AL");
}

TEST(PowerNv, UartInterruptThroughLpcAndPsiToTheRouter) {
  PowerNvConfig platform;
  platform.psi = true;
  platform.console = platform::ConsoleKind::Lpc;
  Bench bench(config_of(1, 1, 1), platform);
  class Seen final : public ic::Observer {
   public:
    void on_pq(const ic::PqEvent& event) override {
      if (event.place == ic::PqPlace::Unit && event.forwarded) sources.push_back(event.idx);
    }
    std::vector<std::uint32_t> sources;
  } seen;
  bench.machine.observe_chip(0, seen);
  constexpr std::uint64_t kPsi = platform::PsiBridge::kP9Base,
                          kEsb = platform::PsiBridge::kP9EsbBase, kLpc = platform::LpcBus::kP9Base;
  bench.executor.spawn("test", [&] {
    bench.access(0, true, kPsi + 0x60, 8, kEsb | 1);
    EXPECT_EQ(bench.access(0, false, kEsb + 8 * 0x1000 + 0xc00, 8).data, 1U);
    bench.access(0, true, kLpc + 0xc0010000 + 0x0c, 4, 1U << 18U);  // interrupt 4 to route 1
    bench.access(0, true, kLpc + 0xc0012000 + 0x34, 4, 0x08000000);
    bench.access(0, true, kLpc + 0xc0012000 + 0x30, 4, 0x80800000);
    bench.access(0, true, PowerNv::kRootUart + 1, 1, 1);
    bench.powernv.uart().feed("a");
  });
  bench.executor.run(platform::kMillisecond);
  EXPECT_EQ(seen.sources, std::vector<std::uint32_t>{8});
}

// ---- Replay of skiboot's register accesses (sc_models/xive/testdata/README.md) on a whole machine

/// Here there are no HOMER and OCC areas, the recording machine has them.
bool compared(const ic::test::SkibootAccess& access) {
  return (access.address & ~std::uint64_t{0x3f}) != 0x603fc28095800;
}

TEST(PowerNv, ReplaysWhatSkibootDoes) {
  const auto accesses = ic::test::skiboot_accesses();
  ASSERT_EQ(accesses.size(), 276U);
  PowerNvConfig platform;
  platform.unknown_xscom = platform::UnknownXscom::Fail;
  Bench bench(config_of(1, 1, 1), platform);
  RuleBook book;
  ic::XiveRules rules(book, &bench.machine.memory());
  bench.machine.observe_chip(0, rules.chip(0));

  // What skiboot does in memory only (xive-chip.md 8.1): the ESB table and indirect tables.
  const std::vector<std::uint8_t> off(0x40000, 0x55);
  ASSERT_TRUE(bench.machine.memory().write(0x31dc0000, off));
  bench.machine.poke(0x32810000, 8, 0xa0000000328d0004);
  bench.machine.poke(0x32830000, 8, 0xa000000032850004);
  bench.machine.poke(0x32000000 + 8 * 0x10, 8, 0x8000000f80000000 | 0x10);

  unsigned full = 0, xscom = 0;
  bool finished = false;
  bench.executor.spawn("skiboot", [&] {
    ppc::HardwareThread& thread = bench.machine.hardware_thread(0);
    for (const ic::test::SkibootAccess& access : accesses) {
      const bool scom = access.address >= kXscom;
      if (scom) {
        ++xscom;
        thread.mtspr(336, ~(ppc::hmer::kXscomDone | ppc::hmer::kXscomFail));  // AND
        EXPECT_EQ(thread.regs().hmer, 0U);
      }
      const Response response =
          bench.access(0, access.write, access.address, access.size, access.value);
      ASSERT_TRUE(response.ok()) << "access " << access.seq;
      bench.executor.wait_until(bench.executor.now() + response.latency);
      if (scom) {
        EXPECT_EQ(thread.regs().hmer, ppc::hmer::kXscomDone) << access.seq;
      }
      if (access.write || !compared(access)) continue;
      const std::uint64_t mask = ic::test::compared_bits(access);
      EXPECT_EQ(response.data & mask, access.value & mask)
          << "access " << access.seq << " at " << std::hex << access.address;
      if (mask == ~std::uint64_t{0}) ++full;
    }
    finished = true;
  });
  bench.executor.run(platform::kSecond);
  EXPECT_TRUE(finished);
  EXPECT_GE(full, 35U);
  EXPECT_EQ(xscom, 19U);
  EXPECT_TRUE(bench.machine.xscom(0).unknown().empty());
  EXPECT_EQ(bench.machine.peek(0x32850000 + 0x80 * 64, 8), 0x8000000000000008U) << "HW VP";
  EXPECT_EQ(bench.machine.peek(0x328d0000 + 15 * 32, 8), 0x0000800050000000U) << "END";
  EXPECT_EQ(bench.machine.chip(0).fir().count(ic::FirId::UnlistedRegister), 0U);
  rules.finish();
  EXPECT_TRUE(book.clean()) << book.violations()[0].rule << ": " << book.violations()[0].detail;
}

}  // namespace
}  // namespace xive::machine
