// SPDX-License-Identifier: Apache-2.0
/// The properties of xive-chip.md 9.1 that firmware must keep, watched while it runs: from its
/// calls and results, from its accesses to the hardware, and from the tables it leaves in memory.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "firmware_tests/opal/firmware.h"
#include "sc_models/platform/memory_port.h"
#include "sc_models/rules/rule_book.h"

namespace xive::opal {

enum class FirmwareRule : std::uint8_t {
  Result,       ///< CHK-RC
  Freed,        ///< P14
  Conflict,     ///< P40
  Scrub,        ///< P42
  ResetSync,    ///< P43
  Indirect,     ///< P46
  StoreEoi,     ///< P5
  ThreadReset,  ///< P33
  RemoteVp,     ///< P58
  Numbers,      ///< P61
  Blocks,       ///< P62
  AfterReset,   ///< P65
  kCount
};

class FirmwareRules final : public CallObserver {
 public:
  /// `memory` is looked into, never written. Nothing is owned. Call before boot.
  FirmwareRules(RuleBook& book, const Firmware& firmware, platform::MemoryPort& memory);

  /// An access of thread `pir` that is not memory, performed; `value` is that of the store or of
  /// the load's answer.
  void on_access(std::uint32_t pir, std::uint64_t address, bool write, std::uint64_t value);

  void on_call(Cpu& cpu, Token token, const Args& args) override;
  void on_result(Cpu& cpu, Token token, const Args& args, std::int64_t result) override;

 private:
  struct Chip {
    std::uint64_t ic = 0, end_pages = 0;
    std::map<std::uint32_t, std::uint64_t> ordering;  ///< by thread: load that must come next
    std::set<std::uint32_t> selector;                 ///< threads that have just written it
    std::uint64_t vp_select = 0;
    std::set<unsigned> enabled;  ///< threads by low PIR bits
    std::set<unsigned> cleared;  ///< during a reset
    bool synced = false;         ///< during a reset
    std::uint32_t end_sets = 0;  ///< at the beginning of ALLOCATE_VP_BLOCK
  };
  void check(FirmwareRule rule, bool ok, const char* what, std::uint64_t value = 0);
  void ic_access(Chip& chip, std::uint32_t pir, std::uint32_t offset, bool write,
                 std::uint64_t value);
  void end_of_masking(std::uint64_t value);
  void vp_block_result(Token token, const Args& args, std::int64_t result);
  void irq_result(Token token, const Args& args, std::int64_t result);
  void after_reset(const Args& args);
  std::uint64_t be64(std::uint64_t address) const;

  RuleBook& book_;
  const Firmware& firmware_;
  platform::MemoryPort& memory_;
  std::array<RuleBook::Index, static_cast<std::size_t>(FirmwareRule::kCount)> index_{};
  std::vector<Chip> chips_;
  std::uint64_t calls_ = 0;  ///< the clock of these rules
  bool resetting_ = false;   ///< inside RESET, queues not yet touched
  bool masked_ = false;      ///< a source was masked by the reset in progress
  bool conflict_ = false;    ///< the last watch of the call in progress was refused
  std::set<std::uint64_t> irqs_;
  std::map<std::uint64_t, unsigned> blocks_;  ///< base to order
  std::set<std::uint64_t> vps_;               ///< enabled
};

}  // namespace xive::opal
