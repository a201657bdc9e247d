// SPDX-License-Identifier: Apache-2.0
/// OPAL-style firmware for the interrupt controller of POWER9: boot, the XIVE calls and the short
/// form of the XICS emulation. It is written as firmware: hardware and tables are reached only by
/// loads, stores and barriers of the calling thread; bitmaps and per-chip data are its own.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "firmware_tests/opal/abi.h"
#include "firmware_tests/opal/buddy.h"
#include "firmware_tests/opal/config.h"
#include "firmware_tests/opal/hardware.h"
#include "sc_models/ppc/host/cpu.h"

namespace xive::opal {

using ppc::host::Cpu;

/// Hears of every call, at its beginning and with its result, both with the firmware's lock
/// (GET_IRQ_CONFIG, which reads tables only: without it).
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void on_call(Cpu&, Token, const Args&) {}
  virtual void on_result(Cpu&, Token, const Args&, std::int64_t /*rc*/) {}
};

class Firmware {
 public:
  /// std::invalid_argument: no chips, not a power of two of them, irq_order out of range.
  explicit Firmware(Config config);

  /// Brings up all chips (xive-chip.md 8.1), on one thread. The other threads then call callin().
  void boot(Cpu& cpu);
  /// Enables the calling thread (8.3).
  void callin(Cpu& cpu);

  /// One call. External interrupts are off during it. Results through pointers go to memory.
  /// Unknown tokens: PARAMETER. Throws FirmwareError when the hardware hangs.
  std::int64_t call(Cpu& cpu, Token token, const Args& args);
  std::int64_t call(Cpu& cpu, Token token, std::initializer_list<std::uint64_t> args) {
    Args full{};
    std::size_t n = 0;
    for (const std::uint64_t arg : args) full.at(n++) = arg;
    return call(cpu, token, full);
  }
  bool has(Token token) const;
  /// From now on each call that a caller has to repeat (all but RESET and GET_IRQ_INFO) returns
  /// BUSY so many times before it is done.
  void inject_busy(unsigned times) { busy_ = times; }
  /// Adds an observer; not owned, told in the order of the additions.
  void observe(CallObserver* observer) { observers_.push_back(observer); }

  // --- what the rest of the firmware (PSI, PHB drivers) needs ---
  /// Interrupt numbers for a source controller, from the top of the range of `chip` (block) down,
  /// aligned to the next power of two of `count`. nullopt: none left.
  std::optional<std::uint32_t> allocate_hw_irqs(Cpu& cpu, unsigned blk, std::uint32_t count);
  struct SourceUnit {
    std::uint32_t first_girq = 0;
    std::uint32_t count = 0;
    std::uint64_t esb = 0;  ///< of source 0, one page per source
    unsigned page_shift = 16;
    std::uint32_t first_lsi = 0;  ///< relative; count = no LSI
    bool msi_trigger = false;     ///< stores to the page of an MSI trigger it (PHB)
  };
  void register_source(const SourceUnit& unit) { sources_.push_back(unit); }
  /// Message of source 0 that a source controller is programmed with: block << 28 | index.
  static std::uint32_t notify_base(std::uint32_t number) {
    return girq::block(number) << 28U | girq::index(number);
  }
  /// Address of the notify port for source controllers of a block.
  std::uint64_t notify_port(unsigned blk) const { return chips_.at(blk).ic + hw::kNotifyPage; }

  bool exploitation() const { return exploitation_; }
  const Config& config() const { return config_; }
  /// Messages an operator would see: errors, dumps.
  const std::vector<std::string>& log() const { return log_; }

  /// Figures for reports and tests.
  struct Usage {
    std::uint32_t free_irqs = 0;
    std::uint32_t end_sets = 0;  ///< taken, without the reserved one
    unsigned donated_pages = 0;  ///< not used up
  };
  Usage usage(unsigned blk) const;
  /// Where a chip's structures are, for checks from outside.
  std::uint64_t eas_table(unsigned blk) const { return chips_.at(blk).eas_table; }
  std::uint64_t end_table(unsigned blk) const { return chips_.at(blk).end_table; }
  std::uint64_t vp_table(unsigned blk) const { return chips_.at(blk).vp_table; }

 private:
  struct Chip {
    unsigned blk = 0;
    std::uint32_t id = 0;
    std::uint64_t ic = 0, vc = 0, pc = 0;
    std::uint64_t memory_next = 0, memory_end = 0;
    std::uint64_t eas_table = 0, esb_table = 0, end_table = 0, vp_table = 0;
    std::uint32_t ipi_first = 0;  ///< index of the first number handed out
    std::uint32_t ipi_top = 0;    ///< first one after the boot IPIs
    std::uint32_t hw_bottom = 0;  ///< numbers from here up belong to source controllers
    std::vector<bool> irq_used, irq_enabled;
    std::vector<bool> end_sets;
    std::uint64_t donated = 0;  ///< first page of the list that runs through the pages
    unsigned donated_count = 0;
  };
  struct Thread {
    std::uint32_t pir = 0;
    unsigned blk = 0;
    std::uint32_t vp = 0;  ///< index of its hardware VP
    std::uint32_t ends = 0;
    std::uint32_t ipi = 0;
    bool called_in = false;
    // XICS emulation
    std::uint64_t queue = 0;
    std::uint32_t queue_index = 0;
    std::uint32_t queue_gen = 0;
    std::uint8_t cppr = 0, mfrr = 0xff, pending = 0;
  };
  using EndImage = std::array<std::uint32_t, 8>;
  using VpImage = std::array<std::uint32_t, 16>;
  struct VpRef {
    Chip* chip = nullptr;
    std::uint32_t idx = 0;
    bool physical = false;
  };
  struct EndRef {
    Chip* chip = nullptr;
    std::uint32_t idx = 0;
  };
  struct Source {
    std::uint64_t eoi = 0;
    std::uint64_t trigger = 0;  ///< 0: none
    unsigned shift = 0;
    bool lsi = false;
    bool own_trigger_page = false;
    bool store_eoi = false;
    bool escalation = false;
  };
  enum class Retry : std::uint8_t { No, Yes };  ///< Yes: the caller waits until it worked
  class Lock;

  bool broken(Fault fault) const { return config_.fault == fault; }
  void say(std::string line) { log_.push_back(std::move(line)); }

  // access.cpp
  std::uint64_t reg(Cpu& cpu, const Chip& chip, std::uint32_t offset);
  void set_reg(Cpu& cpu, const Chip& chip, std::uint32_t offset, std::uint64_t value);
  void update_reg(Cpu& cpu, const Chip& chip, std::uint32_t offset, std::uint64_t clear,
                  std::uint64_t set);
  void xscom_write(Cpu& cpu, const Chip& chip, std::uint32_t pcb, std::uint64_t value);
  /// Value of the register when the bits of `mask` have become `wanted`.
  std::uint64_t poll(Cpu& cpu, const Chip& chip, std::uint32_t offset, std::uint64_t mask,
                     std::uint64_t wanted, const char* what);
  void memory_zero(Cpu& cpu, std::uint64_t address, std::uint64_t bytes);
  std::uint64_t take_memory(Chip& chip, std::uint64_t bytes, std::uint64_t align);

  // watch.cpp
  bool commit_watch(Cpu& cpu, const Chip& chip, bool vp, std::uint32_t idx,
                    const std::function<void(std::uint64_t*)>& modify);
  std::int64_t update(Cpu& cpu, Chip& chip, bool vp, std::uint32_t idx, Retry retry,
                      const std::function<void(std::uint64_t*)>& change);
  std::int64_t update_end(Cpu& cpu, Chip& chip, std::uint32_t idx, Retry retry,
                          const std::function<void(EndImage&)>& modify);
  std::int64_t update_vp(Cpu& cpu, Chip& chip, std::uint32_t idx, Retry retry,
                         const std::function<void(VpImage&)>& modify);
  void set_escalation(Cpu& cpu, Chip& chip, std::uint32_t idx, std::uint64_t eas);
  void scrub_end(Cpu& cpu, const Chip& chip, std::uint32_t idx);
  void scrub_vp(Cpu& cpu, const Chip& chip, std::uint32_t idx);
  void scrub_eas(Cpu& cpu, const Chip& chip, std::uint32_t idx);
  void sync_chip(Cpu& cpu, const Chip& chip);
  void kill_indirect(Cpu& cpu, const Chip& chip, bool pc);

  // tables.cpp
  Chip* chip_of_block(unsigned blk) { return blk < chips_.size() ? &chips_[blk] : nullptr; }
  Chip* chip_of_id(std::uint64_t id);
  Thread* thread_of_pir(std::uint64_t pir);
  std::uint64_t end_address(Cpu& cpu, const Chip& chip, std::uint32_t idx);  ///< 0: no page
  std::uint64_t vp_address(Cpu& cpu, const Chip& chip, std::uint32_t idx);   ///< 0: no page
  std::optional<VpRef> decode_vp(std::uint64_t vp);
  std::uint32_t encode_vp(unsigned order, std::uint32_t idx) const;
  std::optional<EndRef> base_end(Cpu& cpu, const VpRef& vp);
  std::optional<EndRef> find_end(Cpu& cpu, std::uint64_t vp, std::uint64_t prio);
  std::optional<Source> find_source(std::uint64_t number);
  std::uint64_t eas_address(Cpu& cpu, std::uint64_t number);  ///< 0: no such interrupt
  EndImage read_end(Cpu& cpu, std::uint64_t address);
  VpImage read_vp(Cpu& cpu, std::uint64_t address);
  std::uint64_t end_page(const Chip& chip, std::uint32_t idx) const {
    return chip.vc + hw::kEndPages + idx * hw::kPair;
  }

  // provision.cpp
  void give_page(Cpu& cpu, std::uint64_t entry, std::uint64_t page, bool firmware);
  bool provide_page(Cpu& cpu, Chip& chip, std::uint64_t table, std::uint32_t number);
  struct EndSet {
    std::int64_t rc = 0;
    std::uint32_t base = 0;
  };
  EndSet allocate_end_set(Cpu& cpu, Chip& chip);
  void free_end_set(Chip& chip, std::uint32_t base) { chip.end_sets[base / 8U] = false; }
  void clean_end(Cpu& cpu, Chip& chip, std::uint32_t idx);
  void release_vps(Cpu& cpu, std::uint32_t first, std::uint32_t count);

  // boot.cpp
  void init_chip(Cpu& cpu, Chip& chip);
  void init_registers(Cpu& cpu, Chip& chip);
  void init_tables(Cpu& cpu, Chip& chip);
  void write_vsd(Cpu& cpu, const Chip& chip, hw::Table table, unsigned index, std::uint64_t vsd,
                 bool pc = true);
  void init_forwards(Cpu& cpu);
  void init_thread(Cpu& cpu, Thread& thread);
  void init_thread_vp(Cpu& cpu, Thread& thread);
  void init_emulation_queue(Cpu& cpu, Thread& thread);
  void enable_thread(Cpu& cpu, const Thread& thread, bool indirect);
  /// `action` with the address of TIMA page 0 of a thread.
  void with_indirect(Cpu& cpu, const Thread& thread,
                     const std::function<void(std::uint64_t)>& action);

  // irq.cpp
  std::int64_t get_irq_info(Cpu& cpu, const Args& a);
  std::int64_t get_irq_config(Cpu& cpu, const Args& a);
  std::int64_t set_irq_config(Cpu& cpu, const Args& a);
  std::int64_t allocate_irq(Cpu& cpu, const Args& a);
  std::int64_t free_irq(Cpu& cpu, const Args& a);
  std::int64_t allocate_irq_on(Cpu& cpu, Chip& chip);
  struct Route {
    std::uint64_t vp = 0;
    std::uint8_t prio = 0xff;
    std::uint32_t lirq = 0;
  };
  std::optional<Route> route_of(Cpu& cpu, std::uint64_t number);
  /// `old_target` receives the chip of the END before.
  std::int64_t retarget(Cpu& cpu, std::uint64_t number, std::uint64_t vp, std::uint64_t prio,
                        std::uint32_t lirq, Chip*& old_target);
  void set_esb(Cpu& cpu, const Source& source, std::uint64_t offset);
  void mask_source(Cpu& cpu, std::uint32_t number);
  void eoi_source(Cpu& cpu, const Source& source);

  // queue.cpp
  std::int64_t get_queue_info(Cpu& cpu, const Args& a);
  std::int64_t set_queue_info(Cpu& cpu, const Args& a);
  // vp.cpp
  std::int64_t donate_page(Cpu& cpu, const Args& a);
  std::int64_t allocate_vp_block(Cpu& cpu, const Args& a);
  std::int64_t free_vp_block(Cpu& cpu, const Args& a);
  std::int64_t get_vp_info(Cpu& cpu, const Args& a);
  std::int64_t set_vp_info(Cpu& cpu, const Args& a);
  std::int64_t set_single_escalation(Cpu& cpu, const VpRef& vp, const EndRef& base, bool on);
  // reset.cpp
  std::int64_t reset(Cpu& cpu, const Args& a);
  void reset_chip(Cpu& cpu, Chip& chip);
  // sync.cpp
  std::int64_t sync(Cpu& cpu, const Args& a);
  // state.cpp
  std::int64_t get_queue_state(Cpu& cpu, const Args& a);
  std::int64_t set_queue_state(Cpu& cpu, const Args& a);
  std::int64_t get_vp_state(Cpu& cpu, const Args& a);
  // dump.cpp
  std::int64_t dump(Cpu& cpu, const Args& a);
  // xics.cpp
  std::int64_t int_get_xirr(Cpu& cpu, const Args& a);
  std::int64_t int_set_cppr(Cpu& cpu, const Args& a);
  std::int64_t int_eoi(Cpu& cpu, const Args& a);
  std::int64_t int_set_mfrr(Cpu& cpu, const Args& a);
  std::int64_t set_xive(Cpu& cpu, const Args& a);
  std::int64_t get_xive(Cpu& cpu, const Args& a);
  void write_cppr(Cpu& cpu, Thread& thread, std::uint8_t cppr);
  std::uint32_t read_queue(Cpu& cpu, Thread& thread, bool peek);
  bool more_pending(Cpu& cpu, Thread& thread);
  void trigger_ipi(Cpu& cpu, const Thread& thread);

  std::int64_t dispatch(Cpu& cpu, Token token, const Args& a);

  Config config_;
  std::vector<Chip> chips_;
  std::vector<Thread> threads_;
  std::vector<SourceUnit> sources_;
  Buddy vps_{hw::kVpOrder};
  unsigned block_bits_ = 0;  ///< log2 of the number of chips
  bool exploitation_ = false;
  bool booting_ = false;  ///< pages of tables come from firmware memory
  bool locked_ = false;
  std::uint64_t lock_turns_ = 0;               ///< how often it was taken
  unsigned busy_ = 0;                          ///< injected results before each call
  std::map<std::uint32_t, unsigned> refused_;  ///< by PIR: of the call that is being repeated
  std::vector<std::string> log_;
  std::vector<CallObserver*> observers_;
};

/// Stores a result of 1, 2, 4 or 8 bytes through a pointer of the caller; NULL: not wanted.
inline void put_result(Cpu& cpu, std::uint64_t pointer, unsigned size, std::uint64_t value) {
  if (pointer != 0) cpu.store(pointer, size, value);
}

}  // namespace xive::opal
