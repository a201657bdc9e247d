// SPDX-License-Identifier: Apache-2.0
/// Programs the interrupt controllers of a machine without firmware: registers and tables as
/// firmware would leave them, at time 0. For tests, loads and benchmarks that are not about
/// firmware.
#pragma once

#include <cstdint>

#include "sc_models/machine/machine.h"
#include "sc_models/xive/gen1/structures.h"

namespace xive::machine {

/// Block n belongs to chip n of the machine. Everything lies in memory at chip * kStride.
class DirectTables {
 public:
  static constexpr std::uint64_t kStride = 0x40000000;
  static constexpr std::uint64_t kEsb = 0x01000000, kEas = 0x02000000, kEndTop = 0x02800000,
                                 kVpTop = 0x02810000, kEnds = 0x03000000, kVps = 0x03800000,
                                 kQueues = 0x04000000;
  static constexpr std::uint64_t kIc = 0x0006030203100000, kTm = 0x0006030203180000,
                                 kVc = 0x0006010000000000, kPc = 0x0006018000000000;
  static constexpr unsigned kEndPages = 16, kVpPages = 4;  ///< sub-pages of 64 KiB
  static constexpr std::uint32_t kEndCount = kEndPages * 2048, kVpCount = kVpPages * 1024;

  /// Sets up every chip: windows, tables, set translation, all threads enabled. Sources are off,
  /// ENDs, EASs and VPs invalid.
  explicit DirectTables(Machine& machine);

  // --- addresses ---
  std::uint64_t trigger_page(unsigned blk, std::uint32_t source) const;
  std::uint64_t management_page(unsigned blk, std::uint32_t source) const;
  std::uint64_t end_page(unsigned blk, std::uint32_t end, bool escalation) const;
  std::uint64_t notify_page(unsigned chip) const {
    return machine_.chip_address(chip, kIc) + 0x10000;
  }
  /// TIMA page 0..3 of the accessing thread.
  static std::uint64_t tima(unsigned page, unsigned offset) {
    return kTm + 0x10000ULL * page + offset;
  }
  std::uint64_t end_address(unsigned blk, std::uint32_t end) const {
    return blk * kStride + kEnds + 32ULL * end;
  }
  std::uint64_t vp_address(unsigned blk, std::uint32_t vp) const {
    return blk * kStride + kVps + 64ULL * vp;
  }
  std::uint64_t eas_address(unsigned blk, std::uint32_t source) const {
    return blk * kStride + kEas + 8ULL * source;
  }
  /// Free memory for queues of a chip.
  std::uint64_t queue_area(unsigned blk) const { return blk * kStride + kQueues; }

  // --- entries ---
  struct EndSetup {
    std::uint32_t flags = ic::gen1::end_w0::kValid | ic::gen1::end_w0::kEnqueue |
                          ic::gen1::end_w0::kUcondNotify | ic::gen1::end_w0::kBacklog;
    unsigned qsize = 0;  ///< queue of 4096 << qsize bytes
    std::uint64_t queue = 0;
    unsigned vp_blk = 0;
    std::uint32_t vp = 0;
    unsigned prio = 6;
    unsigned esc_blk = 0;
    std::uint32_t esc_end = 0;
    std::uint32_t esc_data = 0;
  };
  void set_end(unsigned blk, std::uint32_t end, const EndSetup& setup);
  void set_eas(unsigned blk, std::uint32_t source, unsigned end_blk, std::uint32_t end,
               std::uint32_t data, bool masked = false);
  void set_vp(unsigned blk, std::uint32_t vp, bool valid = true);
  /// PQ := 00.
  void arm(unsigned blk, std::uint32_t source);

  /// VP of a hardware thread (xive-chip.md 1.3), in the block of its chip.
  std::uint32_t hardware_vp(unsigned thread) const {
    return 0x80U + (machine_.pir(thread) & 0x7fU);
  }
  unsigned block_of_thread(unsigned thread) const {
    return machine_.chip_of_core(machine_.core_of_thread(thread));
  }
  /// Word 2 that a push writes to run VP (blk, vp).
  static std::uint32_t os_word2(unsigned blk, std::uint32_t vp) {
    return 0x80000000U | ic::gen1::vp_id(blk, vp);
  }
  std::uint8_t backlog(unsigned blk, std::uint32_t vp);

  /// The source unit of `chip` sends as sources `first` + n of block `blk`.
  void connect_unit(unsigned chip, unsigned blk, std::uint32_t first);

 private:
  void program(unsigned chip);
  void put32(std::uint64_t address, std::uint32_t value);
  void put64(std::uint64_t address, std::uint64_t value);

  Machine& machine_;
};

}  // namespace xive::machine
