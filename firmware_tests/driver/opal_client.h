// SPDX-License-Identifier: Apache-2.0
/// The OPAL calls as a driver uses them: typed results, BUSY tried again, pages donated when asked.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "firmware_tests/opal/firmware.h"

namespace xive::driver {

using opal::Token;
using ppc::host::Cpu;

/// A call that must not fail did.
class CallFailed : public std::runtime_error {
 public:
  CallFailed(Token token, std::int64_t rc);
  Token token() const { return token_; }
  std::int64_t rc() const { return rc_; }

 private:
  Token token_;
  std::int64_t rc_;
};

class OpalClient {
 public:
  /// Memory of the caller: results of thread n go to scratch + 256 * n (n from the PIR, chip and
  /// number in the chip); pages to donate are taken from `pages` upwards.
  struct Memory {
    std::uint64_t scratch = 0x00100000;
    std::uint64_t pages = 0x20000000;
  };
  explicit OpalClient(opal::Firmware& firmware) : OpalClient(firmware, Memory{}) {}
  OpalClient(opal::Firmware& firmware, const Memory& memory)
      : firmware_(firmware), memory_(memory) {}

  opal::Firmware& firmware() { return firmware_; }

  /// Result as it is; BUSY is tried again (except RESET and GET_IRQ_INFO), at most kTries times.
  std::int64_t call(Cpu& cpu, Token token, std::initializer_list<std::uint64_t> args);
  /// Throws CallFailed unless the result is >= 0.
  std::int64_t must(Cpu& cpu, Token token, std::initializer_list<std::uint64_t> args);

  struct IrqInfo {
    std::uint64_t flags = 0, eoi = 0, trigger = 0;
    std::uint32_t shift = 0, chip = 0;
  };
  IrqInfo irq_info(Cpu& cpu, std::uint64_t number);
  struct QueueInfo {
    std::uint64_t page = 0, size = 0, eoi = 0, flags = 0;
    std::uint32_t escalation = 0;
  };
  QueueInfo queue_info(Cpu& cpu, std::uint64_t vp, unsigned prio);
  struct VpInfo {
    std::uint64_t flags = 0, cam = 0, report = 0;
    std::uint32_t chip = 0;
  };
  VpInfo vp_info(Cpu& cpu, std::uint64_t vp);
  struct QueueState {
    std::uint32_t toggle = 0, index = 0;
  };
  QueueState queue_state(Cpu& cpu, std::uint64_t vp, unsigned prio);
  std::uint64_t vp_state(Cpu& cpu, std::uint64_t vp);
  /// An interrupt number; the old marker for "none" counts as RESOURCE.
  std::uint32_t allocate_irq(Cpu& cpu, std::uint64_t chip);
  void set_irq(Cpu& cpu, std::uint64_t number, std::uint64_t vp, unsigned prio, std::uint32_t lirq);
  /// Donates a page to every chip as often as the firmware asks for it.
  std::uint64_t allocate_vp_block(Cpu& cpu, unsigned order);

  static constexpr unsigned kTries = 1000;

 private:
  std::uint64_t scratch(Cpu& cpu, unsigned word) const {
    return memory_.scratch + (std::uint64_t{cpu.pir()} << 8U) + 8ULL * word;
  }
  std::uint64_t take(Cpu& cpu, unsigned word) { return cpu.load64(scratch(cpu, word)); }
  std::uint32_t take32(Cpu& cpu, unsigned word) { return cpu.load32(scratch(cpu, word)); }

  opal::Firmware& firmware_;
  Memory memory_;
};

}  // namespace xive::driver
