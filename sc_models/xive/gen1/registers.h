// SPDX-License-Identifier: Apache-2.0
/// Register face of the POWER9 interrupt controller over the shared router: IC page 0 by MMIO, the
/// same registers by XSCOM. No register that firmware polls can stick.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sc_models/xive/gen1/register_map.h"
#include "sc_models/xive/presenter/presenter_bus.h"
#include "sc_models/xive/router/cache_watch.h"
#include "sc_models/xive/router/router.h"

namespace xive::ic::gen1 {

/// A core of the chip: its number on the presenter bus and the PIR of its threads.
struct CoreConfig {
  unsigned number = 0;
  unsigned threads = 4;
  std::array<std::uint16_t, tima::kMaxThreads> pir{};
};

class alignas(64) Registers final : public Router::SyncSink {
 public:
  Registers(Environment& env, Tables& tables, Router& router, Fabric& fabric, TimaControl& control,
            unsigned chip_id, std::vector<CoreConfig> cores);

  /// 8-byte register at an 8-aligned `offset` below 0x1000. Unlisted ones store and are reported.
  std::uint64_t read(std::uint16_t offset);
  void write(std::uint16_t offset, std::uint64_t value);

  /// `x` relative to the unit's XSCOM base; false (reported) beyond the unit.
  bool xscom_read(std::uint32_t x, std::uint64_t& value);
  bool xscom_write(std::uint32_t x, std::uint64_t value);

  /// An address window that a BAR opens, in one word: base, which is 4K-aligned, log2 of the page
  /// size, log2 of the size. A closed one is a byte that no address reaches.
  class Window {
   public:
    Window() = default;
    Window(std::uint64_t base, unsigned size_log2, unsigned page_shift)
        : word_(base | page_shift << 6U | size_log2) {}
    bool valid() const { return word_ != kClosed; }
    std::uint64_t base() const { return word_ & ~std::uint64_t{0xfff}; }
    unsigned size_log2() const { return word_ & 0x3fU; }
    std::uint64_t size() const { return std::uint64_t{1} << size_log2(); }
    unsigned page_shift() const { return word_ >> 6U & 0x1fU; }
    bool contains(std::uint64_t address) const { return (address - base()) >> size_log2() == 0; }

   private:
    static constexpr std::uint64_t kClosed = ~std::uint64_t{0} << platform::kPhysicalAddressBits;
    std::uint64_t word_ = kClosed;
  };
  const Window& ic() const { return ic_; }
  const Window& tm(unsigned n) const { return tm_[n & 1U]; }
  const Window& vc() const { return vc_; }
  const Window& pc() const { return pc_; }
  /// Counts changes of windows, so that a bus can follow.
  unsigned windows_version() const { return windows_version_; }
  bool single_page_sources() const { return single_page_sources_; }

  std::uint64_t edt(unsigned set) const { return edt_[set % edt_.size()]; }
  std::uint64_t vdt(unsigned set) const { return vdt_[set % vdt_.size()]; }
  bool store_eoi() const { return store_eoi_; }
  bool ci_errors_masked() const { return (regs_[reg::kFirMask / 8] & reg::kFirCiBadAddress) != 0; }
  Fabric& fabric() const { return fabric_; }
  TimaControl& control() const { return control_; }
  /// Block of the HW CAM line and of locally generated numbers.
  std::uint8_t block() const;

  struct Thread {
    bool exists = false;
    unsigned core = 0;
    std::uint8_t thread = 0;
  };
  const Thread& thread(unsigned pir7) const { return threads_[pir7 & 0x7fU]; }
  /// Selector of the indirect access as the access path sees it, and as software wrote it.
  std::uint64_t indirect() const { return indirect_; }
  std::uint64_t indirect_written() const { return regs_[reg::kIndir0 / 8]; }

  /// A store to a sync offset of the notify page.
  void request_sync(std::uint32_t bit);
  void on_sync_done(std::uint32_t bit, std::uint64_t earlier) override;

 private:
  std::uint64_t& at(std::uint16_t offset) { return regs_[offset / 8]; }
  void update_windows();
  void write_tdr(std::uint64_t value);
  void write_vsd(bool pc, std::uint64_t descriptor);
  void write_enable(unsigned which, std::uint64_t value);
  void start_poll(std::uint16_t offset, std::uint64_t value);
  bool scrub(std::uint16_t offset, std::uint64_t value);
  std::uint64_t read_watch_spec(CacheWatch& watch, std::uint16_t offset);
  void update_block();

  // What every access looks at comes first, in one line of a cache, or two with an entry of the
  // EDT.
  bool store_eoi_ = false, single_page_sources_ = false;
  Window vc_;
  std::array<Window, 2> tm_{};
  Window ic_, pc_;
  TimaControl& control_;
  std::array<std::uint64_t, 64> edt_{};

  Fabric& fabric_;
  Environment& env_;
  Tables& tables_;
  Router& router_;
  unsigned chip_id_;
  std::vector<CoreConfig> cores_;
  std::vector<std::uint8_t> enables_;  ///< per entry of cores_, bit t = thread t
  std::array<Thread, 128> threads_{};
  std::array<std::uint8_t, 128> core_slot_{};
  CacheWatch end_watch_, vp_watch_;

  std::array<std::uint64_t, 512> regs_{};
  std::array<std::uint64_t, reg::kXscomCount> xscom_only_{};
  std::array<std::uint64_t, 16> vdt_{}, blk_{}, mig_{};
  std::uint64_t sync_done_ = 0;
  std::uint64_t indirect_ = 0;
  int block_ = -1;
  unsigned windows_version_ = 0;
};

}  // namespace xive::ic::gen1
