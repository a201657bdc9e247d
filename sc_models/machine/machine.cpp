// SPDX-License-Identifier: Apache-2.0
// Length: the machine is wired in one place; its parts are in files of their own.
#include "sc_models/machine/machine.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace xive::machine {
namespace {

MachineConfig checked(MachineConfig config) {
  const auto refuse = [](const std::string& text) {
    throw std::invalid_argument("machine: " + text);
  };
  if (config.generation != 1) refuse(fmt::format("generation {}: 1 expected", config.generation));
  if (config.chips < 1 || config.chips > 16) {
    refuse(fmt::format("{} chips: 1 to 16 expected", config.chips));
  }
  if (config.threads < 1 || config.threads > tima::kMaxThreads) {
    refuse(fmt::format("{} threads per core: 1 to 8 expected", config.threads));
  }
  const unsigned limit = config.threads > 4 ? 12 : 24;
  if (config.cores < 1 || config.cores > limit) {
    refuse(fmt::format("{} cores per chip: 1 to {} expected", config.cores, limit));
  }
  if (config.chip_ids.empty()) {
    for (unsigned n = 0; n < config.chips; ++n) config.chip_ids.push_back(n);
  }
  if (config.chip_ids.size() != config.chips) {
    refuse(fmt::format("{} chip ids for {} chips", config.chip_ids.size(), config.chips));
  }
  for (unsigned n = 0; n < config.chips; ++n) {
    if (config.chip_ids[n] > 15 || (n > 0 && config.chip_ids[n] <= config.chip_ids[n - 1])) {
      refuse("chip ids must be 0 to 15 and ascending");
    }
  }
  if (config.memory_bytes == 0) config.memory_bytes = std::uint64_t{config.chips} << 30U;
  return config;
}

/// Hops to the target of an access: their queues are in front of it.
constexpr HopId kAccessHops[] = {HopId::Memory, HopId::Esb, HopId::Mmio, HopId::Xscom, HopId::Tima};

tima::Params params_of(const MachineConfig& config) {
  return {.generation = config.generation, .threads = config.threads, .knobs = config.knobs};
}

}  // namespace

class Machine::XiveScom final : public platform::XscomUnit {
 public:
  explicit XiveScom(ic::gen1::XiveChip& chip) : chip_(chip) {}
  bool read(std::uint32_t offset, std::uint64_t& value) override {
    return chip_.xscom_read(offset, value);
  }
  bool write(std::uint32_t offset, std::uint64_t value) override {
    return chip_.xscom_write(offset, value);
  }

 private:
  ic::gen1::XiveChip& chip_;
};

class Machine::UnitWindow final : public platform::Target {
 public:
  UnitWindow(std::uint64_t base, ic::SourceUnit& unit) : base_(base), unit_(unit) {}
  platform::Response access(const platform::Request& request) override {
    std::uint64_t data = request.data;
    const bool write = request.command == platform::Command::Store;
    if (!unit_.access(request.address - base_, request.size, write, data)) {
      return platform::error_response(platform::Status::DeviceError, request);
    }
    return {.data = write ? 0 : data};
  }

 private:
  std::uint64_t base_;
  ic::SourceUnit& unit_;
};

/// Committed events of one TIMA, with their time.
class Machine::TimaTap final : public tima::Observer {
 public:
  TimaTap(Machine& machine, unsigned core) : machine_(machine), core_(core) {}
  void chain(tima::Observer* next) { next_ = next; }

  void on_event(const tima::Event& event) override {
    const Time time = machine_.drivers_[core_]->time_of(event.cycle);
    ++machine_.tima_events_;
    machine_.last_activity_ = std::max(machine_.last_activity_, time);
    Digest& digest = machine_.digest_;
    digest.add(std::uint64_t{core_} << 32U | std::uint64_t{event.thread} << 8U |
               static_cast<std::uint64_t>(event.kind));
    digest.add(time);
    digest.add(event.mmio_response.rdata);
    digest.add(event.after.r);
    if (next_ != nullptr || !machine_.observers_.empty()) tell(event, time);
  }
  void on_match(const tima::PresenterRequest& request, const tima::PresenterResponse& response,
                tima::Cycle cycle) override {
    if (next_ != nullptr) next_->on_match(request, response, cycle);
  }
  void on_memory(const tima::MemoryRequest& request, tima::Cycle cycle) override {
    if (next_ != nullptr) next_->on_memory(request, cycle);
  }
  void on_memory_answer(const tima::MemoryResponse& response, tima::Cycle cycle) override {
    if (next_ != nullptr) next_->on_memory_answer(response, cycle);
  }

 private:
  void tell(const tima::Event& event, Time time) {
    TimaDriver& driver = *machine_.drivers_[core_];
    machine_.teller_ = &driver;
    driver.begin_telling(event.cycle);
    {
      const PartScope scope(machine_.profile_, Part::Rules);
      for (MachineObserver* observer : machine_.observers_) observer->on_tima(core_, event, time);
      if (next_ != nullptr) next_->on_event(event);
    }
    driver.end_telling();
    machine_.teller_ = nullptr;
  }

  Machine& machine_;
  unsigned core_;
  tima::Observer* next_ = nullptr;
};

struct Machine::ChipParts {
  ChipParts(unsigned id, Profile& profile)
      : hub(profile),
        xscom(id),
        scom_window(platform::XscomWindow::kP9Base + (std::uint64_t{id} << kChipShift), xscom) {}
  ObserverHub hub;
  std::unique_ptr<ic::gen1::XiveChip> xive;
  std::unique_ptr<XiveScom> xive_scom;
  std::unique_ptr<RouterPacer> pacer;
  std::unique_ptr<ic::SourceUnit> unit;
  std::unique_ptr<UnitWindow> unit_window;
  platform::XscomRouter xscom;
  platform::XscomWindow scom_window;
  std::vector<std::unique_ptr<ppc::DirectControls>> controls;
  std::vector<std::unique_ptr<ppc::SpecialWakeup>> wakeups;
};

// ---- Construction

Machine::Machine(const MachineConfig& config, ppc::host::Executor& executor,
                 const TimaFactory& factory)
    : config_(checked(config)),
      chip_ids_(config_.chip_ids),
      executor_(executor),
      hops_(config_.hops, config_.chips, config_.chips * config_.cores, config_.seed),
      memory_(0, config_.memory_bytes),
      tap_(bus_, Note{this}),
      memory_service_(fabric_),
      doorbells_(executor, core_map_, hops_.at(HopId::Doorbell)),
      order_(tap_, doorbells_) {
  home_.fill(~0U);
  for (unsigned n = 0; n < config_.chips; ++n) home_[chip_ids_[n]] = n;
  build_memory();
  build_cores(factory);
  for (unsigned n = 0; n < config_.chips; ++n) build_chip(n);
  build_threads();
}

Machine::~Machine() = default;

void Machine::build_memory() {
  memory_.set_snooper(&reservations_);
  bus_.map({.name = "memory",
            .base = 0,
            .size = config_.memory_bytes,
            .target = &memory_,
            .kind = platform::Bus::Kind::Memory,
            .hop = &hops_.at(HopId::Memory)});
  bus_.map({.name = "interrupt controllers",
            .base = kChipRegion,
            .size = std::uint64_t{16} << kChipShift,
            .target = this});
}

void Machine::build_cores(const TimaFactory& factory) {
  const unsigned count = config_.chips * config_.cores;
  if (config_.vp_filter) filter_ = std::make_unique<ic::VpFilter>(count);
  const unsigned pir_shift = config_.threads > 4 ? 3 : 2;
  const tima::Params params = params_of(config_);
  TimaOwner& owner = *this;
  for (unsigned n = 0; n < count; ++n) {
    const unsigned chip = n / config_.cores, number = n % config_.cores;
    ppc::CoreConfig core;
    core.chip = chip;
    core.core = number;
    core.first_pir = chip_ids_[chip] << 8U | number << pir_shift;
    core.threads = config_.threads;
    core.thread = config_.thread;
    cores_.push_back(std::make_unique<ppc::Core>(core, executor_.get()));
    core_map_.add(*cores_.back());
    for (unsigned t = 0; t < config_.threads; ++t) {
      hardware_threads_.push_back(&cores_.back()->thread(t));
    }

    auto port = factory(n, params);
    if (!port) throw std::invalid_argument(fmt::format("machine: no TIMA for core {}", n));
    taps_.push_back(std::make_unique<TimaTap>(*this, n));
    if (filter_) {
      feeds_.push_back(std::make_unique<ic::FilterFeed>(*filter_, n, params));
      feeds_.back()->chain(taps_.back().get());
      port->observe(feeds_.back().get());
    } else {
      port->observe(taps_.back().get());
    }
    const TimaDriver::Timing timing{.period = config_.tima_period,
                                    .access = hops_.at(HopId::Tima, n),
                                    .broadcast = hops_.at(HopId::Broadcast, n),
                                    .presenter = hops_.at(HopId::Presenter, n),
                                    .memory = hops_.at(HopId::VpMemory, n),
                                    .line = hops_.at(HopId::Line, n)};
    drivers_.push_back(
        std::make_unique<TimaDriver>(n, std::move(port), executor_.get(), timing, owner, profile_));
    tima::StaticInputs inputs;
    inputs.blk = static_cast<std::uint8_t>(chip_ids_[chip]);
    inputs.tid8 = config_.threads > 4;
    for (unsigned t = 0; t < config_.threads; ++t) {
      inputs.pir[t] = static_cast<std::uint16_t>(core.first_pir + t);
    }
    static_inputs_.push_back(inputs);
  }
  lines_.resize(std::size_t{count} * config_.threads);
}

void Machine::build_chip(unsigned n) {
  chips_.push_back(std::make_unique<ChipParts>(chip_ids_[n], profile_));
  ChipParts& parts = *chips_.back();
  ic::gen1::ChipConfig chip;
  chip.chip_id = chip_ids_[n];
  chip.caches = config_.caches;
  chip.user_ring = config_.knobs.user_ring;
  for (unsigned c = 0; c < config_.cores; ++c) {
    ic::gen1::CoreConfig core;
    core.number = n * config_.cores + c;
    core.threads = config_.threads;
    core.pir = static_inputs_[core.number].pir;
    chip.cores.push_back(core);
  }
  parts.xive = std::make_unique<ic::gen1::XiveChip>(chip, bus_, fabric_, *this, *this);
  xives_.push_back(parts.xive.get());
  if (filter_) parts.xive->presenter().set_filter(filter_.get());
  parts.pacer = std::make_unique<RouterPacer>(parts.xive->router(), executor_.get(), hops_, n,
                                              config_.router_caches, profile_, forwarding_);
  parts.hub.add_hops(*parts.pacer);
  parts.xive->observe_hops(parts.pacer.get());

  parts.xive_scom = std::make_unique<XiveScom>(*parts.xive);
  parts.xscom.map(ic::gen1::reg::kXscomBase, ic::gen1::reg::kXscomCount, *parts.xive_scom, "xive");
  const unsigned small = config_.threads > 4 ? 2 : 1;
  constexpr auto kP9 = ppc::CoreGeneration::P9;
  for (unsigned c = 0; c < config_.cores; ++c) {
    ppc::Core& core = *cores_[n * config_.cores + c];
    for (unsigned half = 0; half < small; ++half) {
      const unsigned chiplet = c * small + half;
      parts.controls.push_back(std::make_unique<ppc::DirectControls>(core, kP9, 4 * half));
      parts.xscom.map(ppc::DirectControls::base(kP9, chiplet), ppc::DirectControls::size(kP9),
                      *parts.controls.back(), fmt::format("direct controls {}", chiplet));
      parts.wakeups.push_back(std::make_unique<ppc::SpecialWakeup>(kP9));
      parts.xscom.map(ppc::SpecialWakeup::base(kP9, chiplet), ppc::SpecialWakeup::size(kP9),
                      *parts.wakeups.back(), fmt::format("special wake-up {}", chiplet));
    }
  }
  parts.scom_window.set_completion([this](const platform::Requester& who, bool failed) {
    if (ppc::HardwareThread* thread = core_map_.find(who.pir)) {
      // Status 4, address error, is the only way in which an access fails here.
      constexpr std::uint64_t kFailed = ppc::hmer::kXscomFail | ppc::ibm_bit(21);
      thread->set_hmer(ppc::hmer::kXscomDone | (failed ? kFailed : 0));
    }
  });
  bus_.map({.name = fmt::format("xscom {}", chip_ids_[n]),
            .base = chip_address(n, platform::XscomWindow::kP9Base),
            .size = platform::XscomWindow::kSize,
            .target = &parts.scom_window,
            .priority = 1,
            .hop = &hops_.at(HopId::Xscom, n)});

  ic::SourceUnit::Config unit;
  unit.id = static_cast<std::uint8_t>(n);
  unit.count = config_.msi_sources + config_.lsi_sources;
  unit.page_shift = 16;
  unit.first_lsi = config_.msi_sources;
  if (unit.count == 0) return;
  parts.unit = std::make_unique<ic::SourceUnit>(unit, parts.xive->environment(), *parts.xive);
  const std::uint64_t base = chip_address(n, kSourceUnit);
  parts.unit_window = std::make_unique<UnitWindow>(base, *parts.unit);
  bus_.map({.name = fmt::format("source unit {}", chip_ids_[n]),
            .base = base,
            .size = std::uint64_t{unit.count} << unit.page_shift,
            .target = parts.unit_window.get(),
            .priority = 1,
            .hop = &hops_.at(HopId::Esb, n)});
}

void Machine::build_threads() {
  const bool links = !config_.hops[HopId::CoreBus].free() ||
                     std::any_of(std::begin(kAccessHops), std::end(kAccessHops),
                                 [this](HopId hop) { return config_.hops[hop].period != 0; });
  for (unsigned n = 0; n < threads(); ++n) {
    const unsigned core = core_of_thread(n);
    ppc::ArchState state;
    state.nip = entry(n);
    state.msr |= ppc::msr::kMe;
    state.lpcr = ppc::lpcr::kHvice;
    hardware_thread(n).reset(state, false, false);
    ppc::host::MemoryOrder* order = &order_;
    platform::Target* way = config_.route ? &config_.route(n, tap_) : &tap_;
    if (links) {
      way = &links_.emplace_back(
          executor_.get(), hops_.at(HopId::CoreBus, core),
          [this](const platform::Request& request) { return way_to(request); }, *way);
    }
    if (way != &tap_) order = &routed_.emplace_back(*way, doorbells_);
    if (config_.execution == Execution::Iss) {
      if (!storage_) storage_ = std::make_unique<ppc::iss::Storage>(bus_, memory_);
      ppc::iss::IssConfig iss = config_.iss;
      iss.exception = &hops_.at(HopId::Exception, core);
      iss_.push_back(std::make_unique<ppc::iss::IssCpu>(hardware_thread(n), executor_.get(), *order,
                                                        *storage_, iss));
    }
    if (config_.execution != Execution::Host) continue;
    programs_[entry(n)] = [](ppc::host::Cpu&) {};
    ppc::host::HostCpuConfig cpu = config_.cpu;
    cpu.exception = &hops_.at(HopId::Exception, core);
    cpus_.push_back(std::make_unique<ppc::host::HostCpu>(hardware_thread(n), executor_.get(),
                                                         *order, bus_, programs_, cpu));
  }
}

bool Machine::in_tima_window(const platform::Request& request) const {
  const unsigned chip = request.requester.chip;
  if (!request.requester.is_thread() || chip >= chips()) return false;
  const auto& regs = xives_[chip]->registers();
  return regs.tm(0).contains(request.address) || regs.tm(1).contains(request.address);
}

unsigned Machine::thread_of_pir(std::uint32_t pir) const {
  const unsigned shift = config_.threads > 4 ? 3 : 2;
  const unsigned chip = pir >> 8U < home_.size() ? home_[pir >> 8U] : chips();
  const unsigned core = (pir & 0xffU) >> shift, thread = pir & ((1U << shift) - 1U);
  if (chip >= chips() || core >= config_.cores || thread >= config_.threads) return threads();
  return (chip * config_.cores + core) * config_.threads + thread;
}

void Machine::observe_tima(unsigned core, tima::Observer& observer) {
  taps_.at(core)->chain(&observer);
}

platform::XscomRouter& Machine::xscom(unsigned chip) {
  return chips_.at(chip)->xscom;
}

Time Machine::issued() const {
  if (links_.empty() || !requester_.is_thread() || teller_ != nullptr) return stamp();
  return links_[thread_of_pir(requester_.pir)].issued();
}

const RouterPacer& Machine::pacer(unsigned chip) const {
  return *chips_.at(chip)->pacer;
}

ic::gen1::XiveChip& Machine::chip(unsigned chip) {
  return *chips_.at(chip)->xive;
}

ic::SourceUnit& Machine::source_unit(unsigned chip) {
  return *chips_.at(chip)->unit;
}

void Machine::observe_chip(unsigned chip, ic::Observer& observer) {
  chips_.at(chip)->hub.add(observer);
  chips_[chip]->xive->observe(&chips_[chip]->hub);  // until somebody listens nothing is told
}

void Machine::observe_hops(unsigned chip, ic::HopObserver& observer) {
  chips_.at(chip)->hub.add_hops(observer);
  chips_[chip]->xive->observe_hops(&chips_[chip]->hub);
}

// ---- Bus

void Machine::tell(const platform::Request& request, const platform::Response& response) {
  const PartScope scope(profile_, Part::Rules);
  for (MachineObserver* observer : observers_) observer->on_access(request, response);
}

inline Machine::ChipPlace Machine::place_of(const platform::Request& request) const {
  const auto area = [&](unsigned n) {
    return n < xives_.size() ? xives_[n]->area(request.address) : ic::gen1::Area::None;
  };
  // The chip of the requester first: TM windows look alike everywhere. Then the chip in whose
  // region the address lies, then whoever answers.
  ChipPlace place{request.requester.chip, area(request.requester.chip)};
  if (place.area != ic::gen1::Area::None) return place;
  place.chip = home_[(request.address - kChipRegion) >> kChipShift & 0xfU];
  place.area = area(place.chip);
  if (place.area != ic::gen1::Area::None) return place;
  for (place.chip = 0; place.chip < chips(); ++place.chip) {
    place.area = area(place.chip);
    if (place.area != ic::gen1::Area::None) break;
  }
  return place;
}

platform::Hop& Machine::way_into_chip(const ChipPlace& place) {
  return hops_.at(place.area == ic::gen1::Area::Vc ? HopId::Esb : HopId::Mmio, place.chip);
}

platform::Hop* Machine::way_to(const platform::Request& request) {
  const platform::Bus::Window* window = bus_.decode(request.address);
  if (window == nullptr || window->target != this) {
    return window == nullptr ? nullptr : window->hop;
  }
  const platform::Requester& who = request.requester;
  if (in_tima_window(request)) return &hops_.at(HopId::Tima, who.chip * config_.cores + who.core);
  const ChipPlace place = place_of(request);
  return place.chip == chips() ? nullptr : &way_into_chip(place);
}

/// The address space of all chips' interrupt controllers. A TM window has the same address on every
/// chip and belongs to the chip of the thread that uses it.
platform::Response Machine::access(const platform::Request& request) {
  ic::gen1::BusAccess access;
  access.address = request.address;
  access.size = request.size;
  access.write = request.command == platform::Command::Store;
  access.data = request.data;
  const platform::Requester& who = request.requester;
  if (who.is_thread()) {
    access.core = who.chip * config_.cores + who.core;
    access.thread = who.thread;
  }
  const ChipPlace place = place_of(request);
  if (place.chip == chips()) {
    return platform::error_response(platform::Status::AddressError, request);
  }
  const bool tm = place.area == ic::gen1::Area::Tm;
  if (tm && !who.is_thread()) {
    return platform::error_response(platform::Status::DeviceError, request);
  }
  ic::gen1::XiveChip& chip = *xives_[place.chip];
  const Time begin = executor_.now();
  requester_ = who;
  may_wait_ = who.is_thread() && executor_.in_agent();
  const ic::gen1::BusReply reply = chip.access(access, place.area);
  may_wait_ = false;
  requester_ = {};
  platform::Response response;
  // A TIMA that waited has spent time already.
  response.latency = executor_.now() - begin;
  if (!tm && who.is_thread()) {
    response.latency += way_into_chip(place).flight(request.size);
  }
  if (!access.write) response.data = access.data;
  if (reply != ic::gen1::BusReply::Ok && !tm && !chip.ci_errors_masked()) {
    response.status = platform::Status::DeviceError;
  }
  return response;
}

std::uint64_t Machine::peek(std::uint64_t address, unsigned size, unsigned chip) {
  platform::Request request{.command = platform::Command::Load,
                            .size = static_cast<std::uint8_t>(size),
                            .address = address,
                            .requester = {.chip = static_cast<std::uint16_t>(chip)},
                            .time = executor_.now()};
  const platform::Response response = tap_.access(request);
  if (!response.ok()) {
    throw std::runtime_error(fmt::format("load of {} bytes at {:#x}: {}", size, address,
                                         platform::to_string(response.status)));
  }
  return response.data;
}

void Machine::poke(std::uint64_t address, unsigned size, std::uint64_t value, unsigned chip) {
  platform::Request request{.command = platform::Command::Store,
                            .size = static_cast<std::uint8_t>(size),
                            .address = address,
                            .data = value,
                            .requester = {.chip = static_cast<std::uint16_t>(chip)},
                            .time = executor_.now()};
  const platform::Response response = tap_.access(request);
  if (!response.ok()) {
    throw std::runtime_error(fmt::format("store of {} bytes at {:#x}: {}", size, address,
                                         platform::to_string(response.status)));
  }
}

void Machine::device_store(Time time, unsigned chip, std::uint64_t address, std::uint64_t value,
                           unsigned size) {
  executor_.get().at(time,
                     [this, chip, address, value, size] { poke(address, size, value, chip); });
}

void Machine::raise(unsigned chip, unsigned source) {
  source_unit(chip).trigger(source);
}

void Machine::set_level(unsigned chip, unsigned source, bool asserted) {
  source_unit(chip).set_level(source, asserted);
}

// ---- Presenter and TIMAs

std::optional<tima::PresenterResponse> Machine::present(unsigned core,
                                                        const tima::PresenterRequest& request,
                                                        ic::PresenterSink& sink, bool alone) {
  return drivers_[core]->present(request, sink, alone);
}

tima::MmioResponse Machine::mmio(unsigned core, const tima::MmioRequest& request) {
  const bool wait = std::exchange(may_wait_, false);
  const platform::Requester who = requester_;
  const tima::MmioResponse response = drivers_.at(core)->mmio(request, wait);
  // Others have made their accesses meanwhile.
  requester_ = who;
  return response;
}

void Machine::set_thread_enable(unsigned core, std::uint8_t mask) {
  drivers_[core]->set_thread_enable(mask);
}

void Machine::set_block(unsigned core, std::uint8_t blk) {
  static_inputs_[core].blk = blk;
  if (filter_) feeds_[core]->configure(static_inputs_[core]);
  drivers_[core]->configure(static_inputs_[core]);
  for (MachineObserver* observer : observers_) {
    observer->on_static_inputs(core, static_inputs_[core]);
  }
}

tima::MemoryResponse Machine::on_memory(unsigned core, const tima::MemoryRequest& request) {
  const TimaDriver* const before = teller_;
  teller_ = drivers_[core].get();
  const tima::MemoryResponse response = memory_service_.execute(chip_of_core(core), request);
  teller_ = before;
  return response;
}

void Machine::on_lines(unsigned core, unsigned thread, const tima::Lines& lines) {
  const unsigned number = core * config_.threads + thread;
  const tima::Lines before = lines_[number];
  lines_[number] = lines;
  const Time now = executor_.now();
  digest_.add(std::uint64_t{number} << 8U | (lines.os_ext ? 1U : 0U) | (lines.hv_ext ? 2U : 0U) |
              (lines.user_ebb ? 4U : 0U));
  digest_.add(now);
  for (MachineObserver* observer : observers_) observer->on_lines(number, before, lines, now);
  ppc::HardwareThread& target = hardware_thread(number);
  target.set_external(lines.os_ext);
  target.set_hypervisor_virtualization(lines.hv_ext);
}

void Machine::on_tima_error(unsigned core, unsigned thread, tima::ErrorCode code) {
  tima_errors_.add(core * config_.threads + thread, code);
}

bool Machine::quiet() const {
  return std::all_of(chips_.begin(), chips_.end(),
                     [](const auto& parts) { return parts->xive->router().idle(); }) &&
         std::none_of(drivers_.begin(), drivers_.end(),
                      [](const auto& driver) { return driver->busy(); });
}

}  // namespace xive::machine
