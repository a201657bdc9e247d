// SPDX-License-Identifier: Apache-2.0
/// One hardware thread as the interrupt system sees it: exception inputs, MSR/LPCR rules,
/// power-saving, the quiesced state (scenarios.md 5). It executes nothing itself: an execution
/// engine (host/, iss/) asks can_run(), calls take_exception() between instructions and retires.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sc_models/platform/time.h"
#include "sc_models/ppc/arch_state.h"
#include "sc_models/ppc/cause.h"
#include "sc_models/ppc/doorbell.h"
#include "sc_models/ppc/exception_rules.h"
#include "sc_models/ppc/spr.h"
#include "sc_models/ppc/thread_observer.h"
#include "sc_models/ppc/timebase.h"

namespace xive::ppc {

class Core;

/// Deliberate faults of the quiesced state; scenarios of group S3 switch them on.
struct ThreadFaults {
  bool request_ignores_quiesced = false;  ///< kicks a stopped thread (S3.1)
  bool run_ignores_quiesced = false;      ///< only LPCR keeps a stopped thread down (S3.2)
  bool no_recompute = false;              ///< request not recomputed when the flag changes (S3.5)
  bool flag_after_pause = false;          ///< an interrupt can slip in while stopping (S3.5)
  bool sreset_keeps_quiesced = false;     ///< direct-control sreset leaves the flag set (S3.6)
  bool sreset_last = false;               ///< other causes are taken before 0x100 (S3.6)
};

struct ThreadConfig {
  std::uint32_t pir = 0;
  unsigned chip = 0;
  unsigned core = 0;               ///< number of the core in its chip
  unsigned thread = 0;             ///< TIR: number of the thread in its core
  std::uint64_t pvr = 0x004e1202;  ///< POWER9
  std::uint64_t timebase_hz = TimeBase::kDefaultHz;
  bool lpar_per_thread = false;        ///< DPDES shows the own thread only, as bit 63
  bool reset_passes_quiesced = false;  ///< system reset and machine check leave the RTAS stop
  MsgsndForm msgsnd_form = MsgsndForm::Pir;
  RuleKnobs knobs{};
  PriorityOrder priority{};
  ThreadFaults faults{};
};

/// Result of an instruction that may be refused.
enum class Trap : std::uint8_t { None, Privileged, FacilityUnavailable };

class HardwareThread {
 public:
  /// `clock` is the thread's own idea of time and must outlive it; `core` may be null (no
  /// siblings).
  HardwareThread(const ThreadConfig& config, const platform::Clock& clock, Core* core = nullptr);
  HardwareThread(const HardwareThread&) = delete;
  HardwareThread& operator=(const HardwareThread&) = delete;

  const ThreadConfig& config() const { return config_; }
  ThreadConfig& mutable_config() { return config_; }  ///< knobs and faults, while not running
  void observe(ThreadObserver& observer) { observers_.push_back(&observer); }
  const std::vector<ThreadObserver*>& observers() const { return observers_; }
  /// Called when can_run() may have become true, and when a running thread got a request.
  void set_run_hook(std::function<void()> hook) { run_hook_ = std::move(hook); }
  platform::Time now() const { return clock_->now(); }
  /// The thread's time comes from its execution engine, which exists after the thread.
  void set_clock(const platform::Clock& clock) { clock_ = &clock; }

  // --- exception inputs; each recomputes the request ---
  void set_external(bool level) { set_level(Cause::External, level); }
  void set_hypervisor_virtualization(bool level) {
    set_level(Cause::HypervisorVirtualization, level);
  }
  void set_performance_monitor(bool level) { set_level(Cause::PerformanceMonitor, level); }
  void raise_system_reset() { raise_reset_class(Cause::SystemReset); }
  void raise_machine_check() { raise_reset_class(Cause::MachineCheck); }
  void set_doorbell(Cause kind, bool pending);  ///< PrivilegedDoorbell or HypervisorDoorbell
  void set_hmer(std::uint64_t or_bits);         ///< hardware sets bits of HMER

  /// Causes that exist now, enabled or not.
  CauseSet pending() const;
  bool interrupt_request() const { return run_.request; }
  /// What interrupt_request() should be, computed from scratch.
  bool expected_request() const;

  // --- time ---
  /// Brings the decrementers up to now(); cheap when nothing is due.
  void update_time() {
    if (now() >= next_timer_edge_) timer_edge();
  }
  /// Next time at which a decrementer condition changes.
  platform::Time next_timer_edge() const { return next_timer_edge_; }
  std::uint64_t timebase() const { return timebase_.at(now()); }
  void set_timebase_offset(std::uint64_t offset);

  // --- architected state ---
  const ArchState& regs() const { return regs_; }
  /// For an execution engine: registers that nothing follows from (GPRs, NIP, CR, LR, CTR, XER,
  /// DAR, DSISR). Everything else has a function of its own.
  ArchState& engine_regs() { return regs_; }
  std::uint64_t gpr(unsigned n) const { return regs_.gpr[n]; }
  void set_gpr(unsigned n, std::uint64_t value) { regs_.gpr[n] = value; }
  std::uint64_t nip() const { return regs_.nip; }
  void set_nip(std::uint64_t value) { regs_.nip = value; }
  std::uint64_t msr() const { return regs_.msr; }
  void set_msr(std::uint64_t value);
  std::uint64_t lpcr() const { return regs_.lpcr; }
  void set_lpcr(std::uint64_t value);
  bool hypervisor() const { return (regs_.msr & msr::kHv) != 0 && (regs_.msr & msr::kPr) == 0; }
  /// SPR access with the privilege of the current MSR; unknown numbers are refused.
  Trap mfspr(unsigned number, std::uint64_t& value);
  Trap mtspr(unsigned number, std::uint64_t value);
  static bool spr_exists(unsigned number);
  /// Is SPR `number` within reach of the current MSR?
  bool spr_accessible(unsigned number, bool write) const;
  /// Whatever the MSR; of registers that only hold a value.
  std::uint64_t stored_spr(unsigned number) const;
  void set_stored_spr(unsigned number, std::uint64_t value) { *storage_spr(number) = value; }
  std::uint64_t hrmor() const { return stored_spr(spr::kHrmor); }

  // --- doorbell instructions ---
  /// Checks the privilege and decodes; `message` stays empty for a no-op.
  Trap msgsnd(std::uint64_t rb, std::optional<DoorbellMessage>& message) const;
  Trap msgclr(std::uint64_t rb);
  Trap msgsndp(std::uint64_t rb);
  Trap msgclrp(std::uint64_t rb);

  // --- execution ---
  bool quiesced() const { return run_.quiesced; }
  bool halted() const { return run_.halted; }
  bool paused() const { return run_.paused; }
  bool checkstopped() const { return run_.checkstopped; }
  /// False: can_run() and no interrupt request; the common case, cheap.
  bool needs_attention() const { return (word(run_) & ~word({.stop_requested = true})) != 0; }
  /// The same, and no direct-control stop waits for the end of an instruction.
  bool runs_on() const { return word(run_) == 0; }
  /// May execute: not quiesced, not paused, and either not halted or about to wake.
  bool can_run() const;
  /// Between two instructions: ends a stop if its wake condition holds and takes the most urgent
  /// enabled exception. Nothing when !can_run().
  std::optional<TakenInterrupt> take_exception();
  /// Synchronous interrupt of a refused instruction (Trap != None).
  InterruptState take_trap(Trap trap);
  /// Synchronous interrupt of an execution engine: `nip` is what (H)SRR0 gets, `set_hv` enters the
  /// hypervisor with SRR0/1 (system call of level 1).
  InterruptState take_synchronous(std::uint64_t vector, bool hsrr, std::uint64_t nip,
                                  std::uint64_t srr1_info, bool set_hv = false);
  void set_save_registers(bool hsrr, std::uint64_t srr0, std::uint64_t srr1);
  struct SaveRegisters {
    std::uint64_t srr0, srr1, hsrr0, hsrr1;
  };
  SaveRegisters save_registers() const {
    return {regs_.srr0, regs_.srr1, regs_.hsrr0, regs_.hsrr1};
  }
  void restore_save_registers(const SaveRegisters& saved);
  void set_data_address(std::uint64_t address) { regs_.dar = address; }
  /// rfid (`hsrr` false) or hrfid.
  void return_from_interrupt(bool hsrr);
  /// Between begin and end the thread is inside one instruction: a direct-control stop waits.
  void begin_instruction() {
    in_instruction_ = true;
    if (first_instruction_) tell_first_instruction();
  }
  void end_instruction(std::uint64_t count = 1) {
    in_instruction_ = false;
    retired_ += count;
    for (ThreadObserver* observer : observers_) observer->on_retire(*this, count);
    if (run_.stop_requested) stop_now();
  }
  bool in_instruction() const { return in_instruction_; }
  std::uint64_t retired() const { return retired_; }

  // --- power saving, stop and start ---
  /// `stop` with the current PSSCR.
  void power_save();
  void pause(bool on);  ///< from outside, independent of everything else
  /// RTAS stop-self: EC=1, wake bits cleared, quiesced, halted, in the order of scenarios.md 4.3.
  void stop_self();
  /// RTAS start-cpu on a stopped thread; false and no change if it is not quiesced.
  bool start_cpu(std::uint64_t entry, std::uint64_t r3, std::uint64_t lpcr_value,
                 std::uint64_t timebase_offset);
  /// Machine reset: registers from the template, latches and levels as they are.
  void reset(const ArchState& state, bool quiesced_after, bool halted_after);
  /// Counts start_cpu and reset: execution engines abandon what ran before.
  std::uint64_t generation() const { return generation_; }

  // --- direct controls (S3.5, S3.6) ---
  void direct_stop();
  void direct_start();  ///< start and clear-maintenance
  void direct_sreset();

 private:
  friend class Core;
  void set_level(Cause cause, bool level) {
    if (levels_.has(cause) != level) change_level(cause, level);
  }
  void change_level(Cause cause, bool level);
  void raise_reset_class(Cause cause);
  void timer_edge();
  void recompute();
  void set_quiesced(bool on);
  void tell_first_instruction();
  void stop_now();
  void notify_run_state();
  TakenInterrupt deliver(Cause cause, bool wake, std::uint64_t srr1_info);
  std::optional<Cause> most_urgent(CauseSet set) const;
  void apply(const InterruptState& state);
  bool large_decrementer() const { return (regs_.lpcr & lpcr::kLd) != 0; }
  std::uint64_t* storage_spr(unsigned number);

  /// Asked for together before each access of a device, hence in one word.
  struct RunState {
    bool request = false, quiesced = false, halted = false, paused = false, checkstopped = false;
    bool stop_requested = false;  ///< direct-control stop waiting for the instruction to complete
    std::array<bool, 2> unused{};
  };
  static constexpr std::uint64_t word(const RunState& state) {
    return std::bit_cast<std::uint64_t>(state);
  }

  // In cache lines of 64 bytes by use, as a large machine has more threads than caches hold.
  // Two lines for interrupts and for what decides about them ...
  alignas(64) std::function<void()> run_hook_;
  std::vector<std::pair<std::uint16_t, std::uint64_t>> storage_;  ///< SPRs that only hold a value
  CauseSet latches_, levels_;
  bool dec_negative_ = false, hdec_negative_ = false;
  bool stop_window_ = false;  ///< fault flag_after_pause
  ThreadConfig config_;
  const platform::Clock* clock_;
  // ... one for every instruction, up to NIP; the rest of what interrupts need follows.
  platform::Time next_timer_edge_ = 0;
  RunState run_;
  std::uint64_t retired_ = 0;
  std::vector<ThreadObserver*> observers_;
  std::uint32_t generation_ = 0;
  bool in_instruction_ = false;
  bool first_instruction_ = false;
  ArchState regs_;
  Core* core_;
  TimeBase timebase_;
  Decrementer dec_;
  Decrementer hdec_{true};
};

}  // namespace xive::ppc
