// SPDX-License-Identifier: Apache-2.0
/// A whole machine: memory, bus, XSCOM, one interrupt controller per chip, hardware threads with
/// their TIMAs, in the simulated time of an Executor. Which TIMA it is (model, RTL, lock-step) is
/// the business of the factory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sc_models/machine/config.h"
#include "sc_models/machine/hops.h"
#include "sc_models/machine/machine_observer.h"
#include "sc_models/machine/observer_hub.h"
#include "sc_models/machine/router_pacer.h"
#include "sc_models/machine/thread_link.h"
#include "sc_models/machine/tima_driver.h"
#include "sc_models/machine/tima_errors.h"
#include "sc_models/platform/bus.h"
#include "sc_models/platform/reservations.h"
#include "sc_models/platform/sparse_memory.h"
#include "sc_models/platform/tap.h"
#include "sc_models/platform/xscom.h"
#include "sc_models/ppc/core.h"
#include "sc_models/ppc/direct_controls.h"
#include "sc_models/ppc/host/doorbell_network.h"
#include "sc_models/ppc/host/executor_ref.h"
#include "sc_models/ppc/host/host_cpu.h"
#include "sc_models/ppc/iss/iss_cpu.h"
#include "sc_models/ppc/special_wakeup.h"
#include "sc_models/rules/digest.h"
#include "sc_models/rules/rule_book.h"
#include "sc_models/xive/gen1/chip.h"
#include "sc_models/xive/rules/xive_rules.h"

namespace xive::machine {

/// Makes the TIMA of one core; `core` counts over the whole machine.
using TimaFactory =
    std::function<std::unique_ptr<tima::TimaPort>(unsigned core, const tima::Params& params)>;

/// Cores and threads have one number over the whole machine: chip by chip, core by core.
class Machine final : public ic::PresenterBus,
                      public ic::TimaControl,
                      private TimaOwner,
                      private platform::Target {
 public:
  /// `executor` is not owned and must outlive the machine; it has not run yet. Impossible
  /// configurations: std::invalid_argument.
  Machine(const MachineConfig& config, ppc::host::Executor& executor, const TimaFactory& factory);
  ~Machine() override;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  const MachineConfig& config() const { return config_; }
  ppc::host::Executor& executor() { return executor_.get(); }
  unsigned chips() const { return config_.chips; }
  unsigned cores() const override { return static_cast<unsigned>(cores_.size()); }
  unsigned threads() const { return cores() * config_.threads; }
  unsigned chip_of_core(unsigned core) const { return core / config_.cores; }
  unsigned core_of_thread(unsigned thread) const { return thread / config_.threads; }
  unsigned chip_id(unsigned chip) const { return chip_ids_.at(chip); }
  std::uint32_t pir(unsigned thread) const { return hardware_thread(thread).config().pir; }
  /// Number of the thread with this PIR; threads() when there is none.
  unsigned thread_of_pir(std::uint32_t pir) const;

  // --- address space ---
  /// Chip regions begin at kChipRegion | chip id << 42; XSCOM lies inside (P9 map, xive-chip.md
  /// 2.2).
  static constexpr std::uint64_t kChipRegion = 0x0006000000000000;
  static constexpr unsigned kChipShift = 42;
  std::uint64_t chip_address(unsigned chip, std::uint64_t chip0_address) const {
    return chip0_address + (std::uint64_t{chip_id(chip)} << kChipShift);
  }
  /// Window of the source unit of each chip (POWER9: where the ESB pages of PHB 0 are): one 64 KiB
  /// page per source.
  static constexpr std::uint64_t kSourceUnit = 0x000600c300000000;

  /// Address decode; platform devices add their windows here, with a priority above 0.
  platform::Bus& bus() { return bus_; }
  /// What threads and devices access: the bus, watched.
  platform::Target& port() { return tap_; }
  platform::SparseMemory& memory() { return memory_; }
  platform::XscomRouter& xscom(unsigned chip);
  /// Load or store outside of simulated time: set-up and tests. A bus error throws
  /// std::runtime_error.
  std::uint64_t peek(std::uint64_t address, unsigned size, unsigned chip = 0);
  void poke(std::uint64_t address, unsigned size, std::uint64_t value, unsigned chip = 0);
  /// DMA store of a device of `chip` at `time`, e.g. an MSI: 8 bytes to a trigger page or to the
  /// notify port.
  void device_store(Time time, unsigned chip, std::uint64_t address, std::uint64_t value,
                    unsigned size = 8);

  // --- timing ---
  Hops& hops() { return hops_; }
  const RouterPacer& pacer(unsigned chip) const;

  // --- interrupt controller ---
  ic::gen1::XiveChip& chip(unsigned chip);
  ic::Fabric& fabric() { return fabric_; }
  /// Source unit of a chip: sources 0.. are edges (MSIs), behind them LSIs. Messages leave when
  /// firmware has given it a notify address (set_notify_valid, set_offset).
  ic::SourceUnit& source_unit(unsigned chip);
  bool is_lsi(unsigned source) const { return source >= config_.msi_sources; }
  /// An edge (MSI) or a level of a source of the unit, now.
  void raise(unsigned chip, unsigned source);
  void set_level(unsigned chip, unsigned source, bool asserted);
  TimaDriver& tima(unsigned core) { return *drivers_.at(core); }
  const TimaDriver& tima(unsigned core) const { return *drivers_.at(core); }
  const tima::StaticInputs& static_inputs(unsigned core) const { return static_inputs_.at(core); }

  // --- threads ---
  ppc::Core& core(unsigned core) { return *cores_.at(core); }
  ppc::CoreMap& core_map() { return core_map_; }
  ppc::HardwareThread& hardware_thread(unsigned thread) { return *hardware_threads_.at(thread); }
  const ppc::HardwareThread& hardware_thread(unsigned thread) const {
    return *hardware_threads_.at(thread);
  }
  /// Lines of a thread as it sees them (with the latency of the wire).
  const tima::Lines& lines(unsigned thread) const { return lines_.at(thread); }
  /// Only with Execution::Host.
  bool in_tima_window(const platform::Request& request) const;
  ppc::host::HostCpu& cpu(unsigned thread) { return *cpus_.at(thread); }
  /// Only with Execution::Iss. Every thread is ready to run at entry(n); whoever loads an image
  /// resets it to the state it wants before the run.
  ppc::iss::IssCpu& iss(unsigned thread) { return *iss_.at(thread); }
  ppc::iss::Storage& storage() { return *storage_; }
  /// Programs by address, for start-cpu. Thread n begins in hypervisor state at entry(n) with a
  /// program that does nothing until set_program() gives it another.
  ppc::host::ProgramTable& programs() { return programs_; }
  static std::uint64_t entry(unsigned thread) { return 0x10000 + 0x1000ULL * thread; }
  void set_program(unsigned thread, std::function<void(ppc::host::Cpu&)> body) {
    programs_[entry(thread)] = std::move(body);
  }

  // --- watching ---
  /// Not owned; must outlive the machine's use. Added in order, before the run.
  void observe(MachineObserver& observer) { observers_.push_back(&observer); }
  void observe_chip(unsigned chip, ic::Observer& observer);
  void observe_chips(ic::Observer& observer) {
    for (unsigned n = 0; n < chips(); ++n) observe_chip(n, observer);
  }
  /// Stations of interrupts on their way through a chip; stamp() is their time.
  void observe_hops(unsigned chip, ic::HopObserver& observer);
  void observe_threads(ppc::ThreadObserver& observer) {
    for (unsigned n = 0; n < threads(); ++n) hardware_thread(n).observe(observer);
  }
  /// Further observer of the committed events of one TIMA (TIMA rules). One per core.
  void observe_tima(unsigned core, tima::Observer& observer);
  /// Time of what is being told just now.
  Time stamp() const { return teller_ != nullptr ? teller_->stamp() : executor_.now(); }
  /// Time at which a thread issued the access that is taking effect just now; else stamp().
  Time issued() const;
  /// Who makes the access in progress; nobody (device without address) outside of one.
  const platform::Requester& requester() const { return requester_; }

  /// Chain over all bus accesses, committed TIMA events and lines with their times.
  const Digest& digest() const { return digest_; }
  std::uint64_t accesses() const { return accesses_; }
  std::uint64_t tima_events() const { return tima_events_; }
  /// Time of the last access, TIMA event or change of a line.
  Time last_activity() const { return last_activity_; }
  /// Error pulses of all TIMAs (spec/tima.md 6.5); those of accesses are in the FIR log as well.
  const TimaErrors& tima_errors() const { return tima_errors_; }

  /// Which part of the simulator works just now.
  const Profile& profile() const { return profile_; }

  /// True when no event is on its way in a router or a TIMA.
  bool quiet() const;

  // --- ic::PresenterBus, ic::TimaControl ---
  std::optional<tima::PresenterResponse> present(unsigned core,
                                                 const tima::PresenterRequest& request,
                                                 ic::PresenterSink& sink, bool alone) override;
  tima::MmioResponse mmio(unsigned core, const tima::MmioRequest& request) override;
  void set_thread_enable(unsigned core, std::uint8_t mask) override;
  void set_block(unsigned core, std::uint8_t blk) override;

 private:
  class UnitWindow;
  class TimaTap;
  class XiveScom;
  struct ChipParts;
  /// What the tap in front of the bus does.
  struct Note {
    void operator()(const platform::Request& request, const platform::Response& response) const {
      machine->note(request, response);
    }
    Machine* machine;
  };
  struct ChipPlace {
    unsigned chip;  ///< number; chips() when nobody answers
    ic::gen1::Area area;
  };

  void build_memory();
  void build_cores(const TimaFactory& factory);
  void build_chip(unsigned n);
  void build_threads();
  void note(const platform::Request& request, const platform::Response& response) {
    ++accesses_;
    last_activity_ = std::max(last_activity_, executor_.now());
    Digest digest = digest_;  // in registers until the end
    digest.add(request.address);
    digest.add(std::uint64_t{request.requester.pir} << 32U | std::uint64_t{request.size} << 8U |
               static_cast<std::uint64_t>(request.command) << 4U |
               static_cast<std::uint64_t>(response.status));
    digest.add(request.command == platform::Command::Store ? request.data : response.data);
    digest.add(request.time);
    digest_ = digest;
    if (!observers_.empty()) tell(request, response);
  }
  void tell(const platform::Request& request, const platform::Response& response);
  /// Hop of an access of a thread to its target; null when nobody is there.
  platform::Hop* way_to(const platform::Request& request);
  platform::Hop& way_into_chip(const ChipPlace& place);
  /// Where an access to the interrupt controllers goes.
  inline ChipPlace place_of(const platform::Request& request) const;
  platform::Response access(const platform::Request& request) override;

  tima::MemoryResponse on_memory(unsigned core, const tima::MemoryRequest& request) override;
  void on_lines(unsigned core, unsigned thread, const tima::Lines& lines) override;
  void on_tima_error(unsigned core, unsigned thread, tima::ErrorCode code) override;

  MachineConfig config_;
  std::vector<unsigned> chip_ids_;
  std::array<unsigned, 16> home_{};  ///< chip number by chip id
  ppc::host::ExecutorRef executor_;
  Profile profile_;
  Hops hops_;
  platform::SparseMemory memory_;
  platform::Reservations reservations_;
  platform::Bus bus_;
  platform::Tap<platform::Bus, Note> tap_;

  ic::Fabric fabric_;
  ic::MemoryService memory_service_;
  std::unique_ptr<ic::VpFilter> filter_;
  std::vector<std::unique_ptr<TimaDriver>> drivers_;
  std::vector<std::unique_ptr<ic::FilterFeed>> feeds_;
  std::vector<std::unique_ptr<TimaTap>> taps_;
  std::vector<tima::StaticInputs> static_inputs_;
  std::vector<std::unique_ptr<ppc::Core>> cores_;
  std::vector<ppc::HardwareThread*> hardware_threads_;
  ppc::CoreMap core_map_;
  std::vector<std::unique_ptr<ChipParts>> chips_;
  std::vector<ic::gen1::XiveChip*> xives_;  ///< of chips_: every access asks one or two
  bool forwarding_ = false;

  ppc::host::DoorbellNetwork doorbells_;
  ppc::host::SequentialOrder order_;
  std::deque<ThreadLink> links_;                   ///< of threads whose accesses can wait
  std::deque<ppc::host::SequentialOrder> routed_;  ///< of threads with a way of their own
  ppc::host::ProgramTable programs_;
  std::vector<std::unique_ptr<ppc::host::HostCpu>> cpus_;
  std::unique_ptr<ppc::iss::Storage> storage_;
  std::vector<std::unique_ptr<ppc::iss::IssCpu>> iss_;
  std::vector<tima::Lines> lines_;

  std::vector<MachineObserver*> observers_;
  const TimaDriver* teller_ = nullptr;
  platform::Requester requester_{};
  bool may_wait_ = false;  ///< the access in progress is made by an agent
  Digest digest_;
  std::uint64_t accesses_ = 0;
  std::uint64_t tima_events_ = 0;
  TimaErrors tima_errors_;
  Time last_activity_ = 0;
};

}  // namespace xive::machine
