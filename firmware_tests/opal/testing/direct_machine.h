// SPDX-License-Identifier: Apache-2.0
/// A machine without time for fast tests of firmware: memory, XSCOM, interrupt controllers and
/// reference TIMAs, each access done at once. Interrupts are not taken: lines can be read.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sc_models/platform/sparse_memory.h"
#include "sc_models/platform/target.h"
#include "sc_models/ppc/host/cpu.h"
#include "sc_models/tima/reference_port.h"
#include "sc_models/xive/gen1/chip.h"
#include "sc_models/xive/presenter/tima_port_bus.h"
#include "sc_models/xive/rules/xive_rules.h"

namespace xive::opal::testing {

struct DirectOptions {
  unsigned chips = 1;
  unsigned cores = 1;    ///< per chip
  unsigned threads = 4;  ///< per core, 1..4
  std::uint64_t memory_bytes = 0x80000000;
  ic::CacheMode caches = ic::CacheMode::Through;
};

/// One access of a thread to something that is not memory.
struct DeviceAccess {
  std::uint64_t address = 0;
  unsigned size = 0;
  bool write = false;
  std::uint64_t value = 0;
  friend bool operator==(const DeviceAccess&, const DeviceAccess&) = default;
};

class DirectMachine final : private ic::TimaListener {
 public:
  static constexpr std::uint64_t kXscom = 0x000603fc00000000, kSourceUnit = 0x000600c300000000;
  static constexpr unsigned kMsis = 8, kSources = 16;

  explicit DirectMachine(const DirectOptions& options)
      : options_(options),
        memory_(0, options.memory_bytes),
        filter_(options.chips * options.cores),
        service_(fabric_),
        lines_(std::size_t{options.chips} * options.cores * options.threads) {
    std::vector<ic::TimaPortBus::Core> cores;
    for (unsigned c = 0; c < options.chips * options.cores; ++c) {
      tima::Params params;
      params.threads = options.threads;
      ports_.push_back(std::make_unique<tima::ReferencePort>(params));
      tima::StaticInputs inputs;
      inputs.blk = static_cast<std::uint8_t>(c / options.cores);
      for (unsigned t = 0; t < options.threads; ++t) {
        inputs.pir[t] = static_cast<std::uint16_t>(pir(c * options.threads + t));
      }
      cores.push_back({ports_.back().get(), c / options.cores, inputs});
    }
    bus_ = std::make_unique<ic::TimaPortBus>(cores, service_, &filter_,
                                             ic::TimaPortBus::Timing::Immediate);
    bus_->listen(this);
    for (unsigned n = 0; n < options.chips; ++n) add_chip(n);
  }

  unsigned chips() const { return options_.chips; }
  unsigned threads() const { return options_.chips * options_.cores * options_.threads; }
  std::uint32_t pir(unsigned thread) const {
    const unsigned core = thread / options_.threads;
    return (core / options_.cores) << 8U | (core % options_.cores) << 2U |
           thread % options_.threads;
  }
  platform::SparseMemory& memory() { return memory_; }
  ic::gen1::XiveChip& chip(unsigned n = 0) { return *chips_.at(n); }
  ic::SourceUnit& source_unit(unsigned n = 0) { return *units_.at(n); }
  static std::uint64_t source_unit_address(unsigned n) {
    return kSourceUnit + (std::uint64_t{n} << 42U);
  }
  ic::MemoryService& service() { return service_; }
  RuleBook& book() { return book_; }
  ic::XiveRules& rules() { return rules_; }
  bool hv_line(unsigned thread) const { return lines_.at(thread).hv_ext; }
  bool os_line(unsigned thread) const { return lines_.at(thread).os_ext; }
  tima::ThreadState tima(unsigned thread) const {
    return ports_.at(thread / options_.threads)->state(thread % options_.threads);
  }
  std::uint64_t be(std::uint64_t address, unsigned size) {
    std::array<std::uint8_t, 8> bytes{};
    memory_.read(address, std::span(bytes).first(size));
    return platform::from_big_endian(std::span(bytes).first(size));
  }

  /// Called before each access that is not memory; may act on the machine in between.
  std::function<void(const DeviceAccess&)> before_device;
  /// The same with the value that a load got.
  std::function<void(unsigned thread, const DeviceAccess&)> after_device;
  /// Accesses that ended in an error response that a thread would have noticed.
  std::uint64_t bus_errors = 0;
  std::uint64_t unclaimed = 0;

  /// `ok` false: error response.
  std::uint64_t access(unsigned thread, std::uint64_t address, unsigned size, bool write,
                       std::uint64_t value, bool& ok) {
    ok = true;
    if (memory_.contains(address, size)) {
      std::array<std::uint8_t, 8> bytes{};
      const auto part = std::span(bytes).first(size);
      if (write) {
        platform::to_big_endian(value, part);
        memory_.write(address, part);
        return 0;
      }
      memory_.read(address, part);
      return platform::from_big_endian(part);
    }
    if (before_device) before_device({address, size, write, value});
    const std::uint64_t result = device(thread, address, size, write, value, ok);
    if (after_device) after_device(thread, {address, size, write, write ? value : result});
    return result;
  }

 private:
  std::uint64_t device(unsigned thread, std::uint64_t address, unsigned size, bool write,
                       std::uint64_t value, bool& ok) {
    const unsigned core = thread / options_.threads;
    for (unsigned n = 0; n < options_.chips; ++n) {
      const std::uint64_t shift = std::uint64_t{n} << 42U;
      if (address - (kXscom + shift) < (std::uint64_t{1} << 34U)) {
        return xscom(n, static_cast<std::uint32_t>((address - kXscom - shift) >> 3U), write, value);
      }
      if (address - (kSourceUnit + shift) < (std::uint64_t{kSources} << 16U)) {
        ok = units_[n]->access(address - kSourceUnit - shift, size, write, value);
        return ok ? value : platform::all_ones(size);
      }
    }
    ic::gen1::BusAccess request{.address = address,
                                .size = size,
                                .write = write,
                                .data = value,
                                .core = core,
                                .thread = thread % options_.threads};
    // The own chip first: the TIMA window is at the same place on all.
    const unsigned own = core / options_.cores;
    for (unsigned n = 0; n < options_.chips; ++n) {
      ic::gen1::XiveChip& chip = *chips_[(own + n) % options_.chips];
      const auto reply = chip.access(request);
      if (reply == ic::gen1::BusReply::Unclaimed) continue;
      ok = reply == ic::gen1::BusReply::Ok || chip.ci_errors_masked();
      return request.data;
    }
    ++unclaimed;
    ok = false;
    return platform::all_ones(size);
  }

  void on_lines(unsigned core, unsigned thread, const tima::Lines& lines, tima::Cycle) override {
    lines_.at(core * options_.threads + thread) = lines;
  }
  std::uint64_t xscom(unsigned n, std::uint32_t pcb, bool write, std::uint64_t value) {
    constexpr std::uint32_t kXive = 0x5013000, kCount = 0x300;
    if (pcb - kXive >= kCount) return 0;  // other units: accepted
    if (write) {
      chips_[n]->xscom_write(pcb - kXive, value);
      return 0;
    }
    chips_[n]->xscom_read(pcb - kXive, value);
    return value;
  }
  void add_chip(unsigned n) {
    ic::gen1::ChipConfig config;
    config.chip_id = n;
    config.caches = options_.caches;
    for (unsigned c = 0; c < options_.cores; ++c) {
      ic::gen1::CoreConfig core;
      core.number = n * options_.cores + c;
      core.threads = options_.threads;
      for (unsigned t = 0; t < options_.threads; ++t) {
        core.pir[t] = static_cast<std::uint16_t>(pir(core.number * options_.threads + t));
      }
      config.cores.push_back(core);
    }
    chips_.push_back(std::make_unique<ic::gen1::XiveChip>(config, memory_, fabric_, *bus_, *bus_));
    ic::gen1::XiveChip& made = *chips_.back();
    made.presenter().set_filter(&filter_);
    made.observe(&rules_.chip(n));
    ic::SourceUnit::Config unit;
    unit.count = kSources;
    unit.page_shift = 16;
    unit.first_lsi = kMsis;
    units_.push_back(std::make_unique<ic::SourceUnit>(unit, made.environment(), made));
  }

  DirectOptions options_;
  platform::SparseMemory memory_;
  ic::Fabric fabric_;
  RuleBook book_;
  ic::XiveRules rules_{book_, &memory_};
  ic::VpFilter filter_;
  ic::MemoryService service_;
  std::vector<tima::Lines> lines_;
  std::vector<std::unique_ptr<tima::ReferencePort>> ports_;
  std::unique_ptr<ic::TimaPortBus> bus_;
  std::vector<std::unique_ptr<ic::gen1::XiveChip>> chips_;
  std::vector<std::unique_ptr<ic::SourceUnit>> units_;
};

/// Thread of a DirectMachine as firmware sees it. What needs interrupts or power saving throws
/// std::logic_error.
class DirectCpu final : public ppc::host::Cpu {
 public:
  DirectCpu(DirectMachine& machine, unsigned thread) : machine_(machine), thread_(thread) {}

  std::uint64_t load(std::uint64_t address, unsigned size) override {
    bool ok = true;
    const std::uint64_t value = machine_.access(thread_, address, size, false, 0, ok);
    if (!ok) ++machine_.bus_errors;
    return value;
  }
  void store(std::uint64_t address, unsigned size, std::uint64_t value) override {
    bool ok = true;
    machine_.access(thread_, address, size, true, value & platform::all_ones(size), ok);
    if (!ok) ++machine_.bus_errors;
    if (address - DirectMachine::kXscom < (std::uint64_t{1} << 46U)) hmer_ |= kHmerDone;
  }
  std::optional<std::uint64_t> probe(std::uint64_t address, unsigned size) override {
    bool ok = true;
    const std::uint64_t value = machine_.access(thread_, address, size, false, 0, ok);
    return ok ? std::optional(value) : std::nullopt;
  }
  std::uint64_t load_reserve(std::uint64_t address, unsigned size) override {
    return load(address, size);
  }
  bool store_conditional(std::uint64_t address, unsigned size, std::uint64_t value) override {
    store(address, size, value);
    return true;
  }
  void sync() override {}
  void lwsync() override {}
  void eieio() override {}
  void isync() override {}
  void ptesync() override {}
  void msgsnd(std::uint64_t) override { missing("msgsnd"); }
  void msgclr(std::uint64_t) override { missing("msgclr"); }
  void msgsndp(std::uint64_t) override { missing("msgsndp"); }
  void msgclrp(std::uint64_t) override { missing("msgclrp"); }
  void msgsync() override {}
  std::uint64_t mfspr(unsigned spr) override { return spr == kHmer ? hmer_ : sprs_[spr]; }
  void mtspr(unsigned spr, std::uint64_t value) override {
    if (spr == kHmer) {
      hmer_ &= value;
    } else {
      sprs_[spr] = value;
    }
  }
  std::uint64_t mfmsr() override { return msr_; }
  void mtmsr(std::uint64_t value) override { msr_ = value; }
  std::uint64_t gpr(unsigned n) const override { return gpr_.at(n); }
  void set_gpr(unsigned n, std::uint64_t value) override { gpr_.at(n) = value; }
  void execute(std::uint64_t count) override { now_ += count * 500; }
  void delay(ppc::host::Time duration) override { now_ += duration; }
  ppc::host::Time now() const override { return now_; }
  void stop() override { missing("stop"); }
  [[noreturn]] void stop_self() override { missing("stop_self"); }
  void set_handler(ppc::host::VectorSpace, std::uint64_t, Handler) override {}
  ppc::HardwareThread& thread() override { missing("thread"); }
  std::uint32_t pir() const override { return machine_.pir(thread_); }

 private:
  static constexpr unsigned kHmer = 336;
  static constexpr std::uint64_t kHmerDone = std::uint64_t{1} << 54U;
  [[noreturn]] static void missing(const char* what) {
    throw std::logic_error(std::string("a thread without time has no ") + what);
  }
  DirectMachine& machine_;
  unsigned thread_;
  std::uint64_t hmer_ = 0, msr_ = 0;
  std::array<std::uint64_t, 32> gpr_{};
  std::map<unsigned, std::uint64_t> sprs_;
  ppc::host::Time now_ = 0;
};

}  // namespace xive::opal::testing
