// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sc_models/xive/gen1/chip.h"
#include "sc_models/xive/gen1/structures.h"
#include "sc_models/xive/router/eas.h"
#include "sc_models/xive/rules/xive_rules.h"
#include "sc_models/xive/test/fake_memory.h"
#include "sc_models/xive/test/fake_tima.h"

namespace xive::ic::test {

/// One or more chips programmed as firmware does it, with memory, fake TIMAs and all rules live.
/// Block n belongs to chip n. Tables of a chip lie at kTables + n * kChipStride.
class Machine {
 public:
  struct Options {
    unsigned chips = 1;
    unsigned cores = 2;  ///< per chip
    unsigned threads = 4;
    bool filter = true;
    CacheMode caches = CacheMode::Through;
    unsigned tsize = 4;  ///< indirect pages: 0 = 4K, 4 = 64K
  };

  static constexpr std::uint64_t kChipStride = 0x40000000;
  static constexpr std::uint64_t kEas = 0x02000000, kEsb = 0x01dc0000, kEndTop = 0x02810000,
                                 kVpTop = 0x02830000, kEndPages = 0x03000000, kVpPages = 0x03800000,
                                 kEq = 0x04000000;
  static constexpr std::uint64_t kIc = 0x0006030203100000, kTm = 0x0006030203180000,
                                 kVc = 0x0006010000000000, kPc = 0x0006018000000000;

  explicit Machine(const Options& options) : Machine(options, nullptr) {}

  /// What stands behind the presenter bus: fake TIMAs, or what `make_bus` gives (not owned).
  struct Bus {
    PresenterBus* presenter;
    TimaControl* control;
  };
  using MakeBus = std::function<Bus(MemoryService&, VpFilter*)>;
  Machine(const Options& options, const MakeBus& make_bus)
      : options_(options), filter_(options.chips * options.cores) {
    service_ = std::make_unique<MemoryService>(fabric_);
    VpFilter* filter = options.filter ? &filter_ : nullptr;
    tima_ = std::make_unique<FakeTima>(options.chips * options.cores, options.threads,
                                       make_bus ? nullptr : filter);
    bus_ = make_bus ? make_bus(*service_, filter) : Bus{tima_.get(), tima_.get()};
    for (unsigned n = 0; n < options.chips; ++n) add_chip(n);
    for (unsigned n = 0; n < options.chips; ++n) program(n);
  }
  Machine() : Machine(Options{}) {}

  gen1::XiveChip& chip(unsigned n = 0) { return *chips_[n]; }
  FakeTima& tima() { return *tima_; }
  FakeMemory& memory() { return memory_; }
  MemoryService& service() { return *service_; }
  XiveRules& rules() { return rules_; }
  RuleBook& book() { return book_; }
  VpFilter& filter() { return filter_; }
  Fabric& fabric() { return fabric_; }

  std::uint64_t ic(unsigned n = 0) const { return kIc + chip_shift(n); }
  std::uint64_t base(unsigned n) const { return n * kChipStride; }

  std::uint64_t reg(std::uint16_t offset, unsigned n = 0) { return load(ic(n) + offset, 8, n); }
  void set_reg(std::uint16_t offset, std::uint64_t value, unsigned n = 0) {
    store(ic(n) + offset, 8, value, n);
  }
  std::uint64_t load(std::uint64_t address, unsigned size = 8, unsigned n = 0) {
    gen1::BusAccess access{.address = address, .size = size};
    last_reply = chip(n).access(access);
    return access.data;
  }
  void store(std::uint64_t address, unsigned size, std::uint64_t value, unsigned n = 0) {
    gen1::BusAccess access{.address = address, .size = size, .write = true, .data = value};
    last_reply = chip(n).access(access);
  }
  gen1::BusReply last_reply = gen1::BusReply::Ok;

  std::uint64_t source_page(std::uint32_t idx, bool management, unsigned n = 0) const {
    return kVc + chip_shift(n) + (std::uint64_t{idx} << 17U) + (management ? 0x10000U : 0U);
  }
  std::uint64_t end_page(std::uint32_t idx, bool escalation, unsigned n = 0) const {
    return kVc + chip_shift(n) + 0x6000000000U + (std::uint64_t{idx} << 17U) +
           (escalation ? 0x10000U : 0U);
  }
  void trigger(std::uint32_t idx, unsigned n = 0) { store(source_page(idx, false, n), 8, 0, n); }
  std::uint64_t esb(std::uint32_t idx, unsigned offset, unsigned n = 0) {
    return load(source_page(idx, true, n) + offset, 8, n);
  }

  std::uint64_t eas_address(std::uint32_t idx, unsigned n = 0) const {
    return base(n) + kEas + 8ULL * idx;
  }
  std::uint64_t end_address(std::uint32_t idx, unsigned n = 0) const {
    return base(n) + kEndPages + 32ULL * idx;
  }
  std::uint64_t vp_address(std::uint32_t idx, unsigned n = 0) const {
    return base(n) + kVpPages + 64ULL * idx;
  }
  std::uint64_t eq_address(unsigned n = 0) const { return base(n) + kEq; }

  /// An EAS: valid, towards END (blk, idx).
  void set_eas(std::uint32_t idx, unsigned end_blk, std::uint32_t end, std::uint32_t data,
               unsigned n = 0, bool masked = false) {
    memory_.put64(eas_address(idx, n), eas::kValid | std::uint64_t{end_blk} << 56U |
                                           std::uint64_t{end} << 32U |
                                           (masked ? eas::kMasked : 0U) | data);
  }
  /// An END: `w0` without QSIZE; queue at `eq`, VP (blk, idx), priority.
  struct EndSetup {
    std::uint32_t w0 = gen1::end_w0::kValid | gen1::end_w0::kEnqueue | gen1::end_w0::kUcondNotify |
                       gen1::end_w0::kBacklog;
    std::uint32_t qsize = 0;
    std::uint32_t w1 = end_w1::kGeneration;
    std::uint64_t eq = 0;
    unsigned vp_blk = 0;
    std::uint32_t vp = 0;
    std::uint32_t w7 = 6U << 16U;
    std::uint32_t w4 = 0, w5 = 0;
    bool format = false;
  };
  void set_end(std::uint32_t idx, const EndSetup& end, unsigned n = 0) {
    const std::uint64_t at = end_address(idx, n);
    memory_.put32(at, end.w0 | end.qsize << 16U);
    memory_.put32(at + 4, end.w1);
    memory_.put64(at + 8, end.eq != 0 ? end.eq : eq_address(n));
    memory_.put32(at + 16, end.w4);
    memory_.put32(at + 20, end.w5);
    memory_.put32(at + 24, (end.format ? 0x00800000U : 0U) | end.vp_blk << 19U | end.vp);
    memory_.put32(at + 28, end.w7);
  }
  std::uint32_t end_word(std::uint32_t idx, unsigned word, unsigned n = 0) {
    return static_cast<std::uint32_t>(memory_.be32(end_address(idx, n) + 4ULL * word));
  }
  void set_vp(std::uint32_t idx, bool valid = true, unsigned n = 0) {
    memory_.put32(vp_address(idx, n), valid ? 0x80000000U : 0U);
  }
  std::uint8_t backlog(std::uint32_t idx, unsigned n = 0) {
    return static_cast<std::uint8_t>(memory_.be32(vp_address(idx, n) + 16) >> 8U);
  }
  /// Makes (core, thread) of chip 0 run VP (blk, idx) in its OS ring.
  void dispatch(unsigned core, unsigned thread, unsigned blk, std::uint32_t idx, unsigned n = 0) {
    tima_->push_os(core, thread, 0x80000000U | blk << 19U | idx, *service_, n);
  }
  /// Source 0x20 -> END 8 -> VP 0x300 prio 6, not dispatched, PQ reset.
  static constexpr std::uint32_t kSource = 0x20, kEnd = 8, kVp = 0x300;
  void usual_path() { usual_path(EndSetup{}); }
  void usual_path(EndSetup end) {
    if (end.vp == 0) end.vp = kVp;
    set_end(kEnd, end);
    set_eas(kSource, 0, kEnd, 0x1234);
    set_vp(kVp);
    esb(kSource, 0xc00);
  }

 private:
  static std::uint64_t chip_shift(unsigned n) { return std::uint64_t{n} << 42U; }

  void add_chip(unsigned n) {
    gen1::ChipConfig config;
    config.chip_id = n;
    config.caches = options_.caches;
    for (unsigned c = 0; c < options_.cores; ++c) {
      gen1::CoreConfig core;
      core.number = n * options_.cores + c;
      core.threads = options_.threads;
      for (unsigned t = 0; t < options_.threads; ++t) {
        core.pir[t] = static_cast<std::uint16_t>(n << 8U | c << 2U | t);
        tima_->thread(core.number, t).pir = core.pir[t];
      }
      config.cores.push_back(core);
    }
    chips_.push_back(
        std::make_unique<gen1::XiveChip>(config, memory_, fabric_, *bus_.presenter, *bus_.control));
    gen1::XiveChip& made = *chips_.back();
    if (options_.filter) made.presenter().set_filter(&filter_);
    made.observe(&rules_.chip(n));
  }

  void program(unsigned n) {
    namespace reg = gen1::reg;
    const std::uint64_t at = base(n);
    memory_.fill(at + kEsb, 0x40000, 0x55);
    memory_.map(at + kEas, 0x800000);
    memory_.map(at + kEndTop, 0x10000);
    memory_.map(at + kVpTop, 0x10000);
    memory_.map(at + kEndPages, 0x20000);
    memory_.map(at + kVpPages, 0x20000);
    memory_.map(at + kEq, 0x100000);
    // Page 0 and, behind it, page 1 of both indirect tables.
    const std::uint64_t page_bytes = std::uint64_t{4096} << options_.tsize;
    for (unsigned page = 0; page < 2; ++page) {
      memory_.put64(at + kEndTop + 8ULL * page,
                    0x8000000000000000 | (at + kEndPages + page * page_bytes) | options_.tsize);
      memory_.put64(at + kVpTop + 8ULL * page,
                    0xa000000000000000 | (at + kVpPages + page * page_bytes) | options_.tsize);
    }
    const auto xscom = [&](std::uint32_t x, std::uint64_t value) { chip(n).xscom_write(x, value); };
    const std::uint64_t shift = chip_shift(n);
    xscom(0x10, 0xc000000000000000 | (kIc + shift));
    xscom(0x12, 0xc000000000000000 | kTm);
    xscom(0x17, 0x3000000000);
    xscom(0x16, 0x8000000000000000 | (kPc + shift));
    xscom(0x19, 0x78000000000);
    xscom(0x18, 0x8000000000000000 | (kVc + shift));
    xscom(0x20, 0x0600020000000000);
    const auto put = [&](std::uint16_t offset, std::uint64_t value) { set_reg(offset, value, n); };
    put(reg::kVcGlobalConfig, 0x80000000);
    put(reg::kPcGlobalConfig, 0x80800000);
    put(reg::kTctxtCfg, 0xe0c0000200000000 | std::uint64_t{n} << 48U);
    put(reg::kEqcConfig, reg::kEnableU | reg::kEnableS);
    put(reg::kTar, 0x8001000000000000);
    for (std::uint64_t i = 0; i < 48; ++i) {
      put(reg::kTdr, 0x4000000000000000 | std::uint64_t{n} << 48U | i << 32U);
    }
    for (std::uint64_t i = 0; i < 16; ++i) {
      put(reg::kTdr, 0x8000000000000000 | std::uint64_t{n} << 48U | i << 32U);
    }
    for (unsigned blk = 0; blk < options_.chips; ++blk) {
      const bool own = blk == n;
      const auto vsd = [&](std::uint64_t table, std::uint64_t value) {
        const std::uint64_t select = table << 48U | std::uint64_t{blk} << 32U;
        put(reg::kVcVsdAddr, select);
        put(reg::kVcVsdData, value);
        put(reg::kPcVsdAddr, select);
        put(reg::kPcVsdData, value);
      };
      const std::uint64_t remote = 0xc000000000000000 | (ic(blk) + 0x10000);
      vsd(0, own ? 0x8000000000000000 | (at + kEas) | 0x0b : remote);
      vsd(1, own ? 0x8000000000000000 | (at + kEsb) | 0x06 : remote);
      vsd(2, own ? 0x8000000000000080 | (at + kEndTop) | options_.tsize : remote);
      vsd(3, own ? 0x8000000000000080 | (at + kVpTop) | options_.tsize
                 : 0xc000000000000000 | (kPc + chip_shift(blk)) | 24);
    }
    // Every thread enabled, no context.
    for (unsigned c = 0; c < options_.cores; ++c) {
      for (unsigned t = 0; t < options_.threads; ++t) {
        put(reg::kThreadEn0Set, bit64(c * 4 + t));
      }
    }
  }

  Options options_;
  FakeMemory memory_;
  Fabric fabric_;
  RuleBook book_;
  XiveRules rules_{book_, &memory_};
  VpFilter filter_;
  std::unique_ptr<FakeTima> tima_;
  Bus bus_{};
  std::unique_ptr<MemoryService> service_;
  std::vector<std::unique_ptr<gen1::XiveChip>> chips_;
};

}  // namespace xive::ic::test
