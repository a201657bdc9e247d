// SPDX-License-Identifier: Apache-2.0
/// Booted firmware on a DirectMachine, with short forms of calls whose results go through memory.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "firmware_tests/opal/firmware.h"
#include "firmware_tests/opal/testing/direct_machine.h"

namespace xive::opal::testing {

struct RigOptions {
  DirectOptions machine{};
  unsigned irq_order = 12;
  std::uint32_t allocatable_irqs = 0;
  Fault fault = Fault::None;
  std::vector<Token> absent;
  bool boot = true;
  bool exploitation = true;
  std::uint64_t first_memory = 0x30000000;
};

class Rig {
 public:
  /// Caller memory: result words, queue pages, pages to donate.
  static constexpr std::uint64_t kOut = 0x10000, kQueues = 0x01000000, kPages = 0x08000000,
                                 kChipMemory = 0x10000000;

  explicit Rig(const RigOptions& options = {})
      : machine(with_memory(options)), firmware(config(options, machine)) {
    for (unsigned n = 0; n < machine.threads(); ++n) cpus.emplace_back(machine, n);
    if (!options.boot) return;
    firmware.boot(cpus[0]);
    for (std::size_t n = 1; n < cpus.size(); ++n) firmware.callin(cpus[n]);
    if (options.exploitation) {
      EXPECT_EQ(call(Token::XiveReset, {kModeExploitation}), rc::kSuccess);
    }
  }

  /// Enough for the memory of every chip; only what is used is there.
  static DirectOptions with_memory(const RigOptions& options) {
    DirectOptions machine = options.machine;
    machine.memory_bytes =
        std::max(machine.memory_bytes, options.first_memory + machine.chips * kChipMemory);
    return machine;
  }

  static Config config(const RigOptions& options, const DirectMachine& machine) {
    Config config;
    config.irq_order = options.irq_order;
    config.allocatable_irqs = options.allocatable_irqs;
    config.fault = options.fault;
    config.absent = options.absent;
    config.poll_limit = 100;
    const unsigned per_chip = machine.threads() / machine.chips();
    for (unsigned n = 0; n < machine.chips(); ++n) {
      ChipConfig chip;
      chip.chip_id = n;
      chip.memory = options.first_memory + n * kChipMemory;
      for (unsigned t = 0; t < per_chip; ++t) chip.pirs.push_back(machine.pir(n * per_chip + t));
      config.chips.push_back(chip);
    }
    return config;
  }

  /// Every call is held to the documented set of results (CHK-RC).
  std::int64_t call(Token token, std::initializer_list<std::uint64_t> args, unsigned thread = 0) {
    const std::int64_t result = firmware.call(cpus.at(thread), token, args);
    if (!rc_documented(token, result)) undocumented.push_back({token, result});
    return result;
  }
  struct Undocumented {
    Token token;
    std::int64_t result;
  };
  std::vector<Undocumented> undocumented;

  std::uint64_t out(unsigned n, unsigned size) { return machine.be(kOut + 8ULL * n, size); }
  static constexpr std::uint64_t at(unsigned n) { return kOut + 8ULL * n; }

  struct IrqInfo {
    std::int64_t rc;
    std::uint64_t flags, eoi, trigger, shift, chip;
  };
  IrqInfo irq_info(std::uint64_t number) {
    const auto result = call(Token::XiveGetIrqInfo, {number, at(0), at(1), at(2), at(3), at(4)});
    return {result, out(0, 8), out(1, 8), out(2, 8), out(3, 4), out(4, 4)};
  }
  struct IrqConfig {
    std::int64_t rc;
    std::uint64_t vp, prio, lirq;
  };
  IrqConfig irq_config(std::uint64_t number) {
    const auto result = call(Token::XiveGetIrqConfig, {number, at(0), at(1), at(2)});
    return {result, out(0, 8), out(1, 1), out(2, 4)};
  }
  struct QueueInfo {
    std::int64_t rc;
    std::uint64_t page, size, eoi, escalation, flags;
  };
  QueueInfo queue_info(std::uint64_t vp, std::uint64_t prio) {
    const auto result =
        call(Token::XiveGetQueueInfo, {vp, prio, at(0), at(1), at(2), at(3), at(4)});
    return {result, out(0, 8), out(1, 8), out(2, 8), out(3, 4), out(4, 8)};
  }
  struct VpInfo {
    std::int64_t rc;
    std::uint64_t flags, cam, report, chip;
  };
  VpInfo vp_info(std::uint64_t vp) {
    const auto result = call(Token::XiveGetVpInfo, {vp, at(0), at(1), at(2), at(3)});
    return {result, out(0, 8), out(1, 8), out(2, 8), out(3, 4)};
  }
  struct QueueState {
    std::int64_t rc;
    std::uint64_t toggle, index;
  };
  QueueState queue_state(std::uint64_t vp, std::uint64_t prio) {
    const auto result = call(Token::XiveGetQueueState, {vp, prio, at(0), at(1)});
    return {result, out(0, 4), out(1, 4)};
  }

  /// ALLOCATE_VP_BLOCK, giving pages to every chip until it no longer asks.
  std::int64_t allocate_block(std::uint64_t order) {
    for (unsigned n = 0; n < 64; ++n) {
      const std::int64_t result = call(Token::XiveAllocateVpBlock, {order});
      if (result != rc::kProvisioning) return result;
      donate();
    }
    return rc::kProvisioning;
  }
  void donate() {
    for (unsigned n = 0; n < machine.chips(); ++n) {
      EXPECT_EQ(call(Token::XiveDonatePage, {n, next_page_}), rc::kSuccess);
      next_page_ += kProvisionPageBytes;
    }
  }
  std::uint64_t load(std::uint64_t address, unsigned size, unsigned thread = 0) {
    return cpus.at(thread).load(address, size);
  }
  void store(std::uint64_t address, unsigned size, std::uint64_t value, unsigned thread = 0) {
    cpus.at(thread).store(address, size, value);
  }
  /// Value of a table entry word as memory has it.
  std::uint64_t end_address(unsigned blk, std::uint32_t idx) {
    return page(firmware.end_table(blk), idx / 2048) + 32ULL * (idx % 2048);
  }
  std::uint64_t vp_address(unsigned blk, std::uint32_t idx) {
    return page(firmware.vp_table(blk), idx / 1024) + 64ULL * (idx % 1024);
  }
  std::uint64_t eas(unsigned blk, std::uint32_t idx) {
    return machine.be(firmware.eas_table(blk) + 8ULL * idx, 8);
  }
  std::uint32_t end_word(unsigned blk, std::uint32_t idx, unsigned w) {
    return static_cast<std::uint32_t>(machine.be(end_address(blk, idx) + 4ULL * w, 4));
  }
  std::uint32_t vp_word(unsigned blk, std::uint32_t idx, unsigned w) {
    return static_cast<std::uint32_t>(machine.be(vp_address(blk, idx) + 4ULL * w, 4));
  }
  /// First violation of a rule of the hardware, "" if there is none.
  std::string violation() const {
    if (machine_book().clean()) return "";
    return std::string(machine_book().violations()[0].rule) + ": " +
           machine_book().violations()[0].detail;
  }

  DirectMachine machine;
  Firmware firmware;
  std::vector<DirectCpu> cpus;

 private:
  const RuleBook& machine_book() const { return const_cast<DirectMachine&>(machine).book(); }
  std::uint64_t page(std::uint64_t table, std::uint32_t number) {
    return machine.be(table + 8ULL * number, 8) & 0x0ffffffffffff000U;
  }
  std::uint64_t next_page_ = kPages;
};

}  // namespace xive::opal::testing
