// SPDX-License-Identifier: Apache-2.0
/// Executes PPC64 machine code on one HardwareThread, as one agent of an Executor. The sibling of
/// host::HostCpu: same executor, same memory order, same clock rules; the program is in memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sc_models/platform/timing/hop.h"
#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/host/executor_ref.h"
#include "sc_models/ppc/host/memory_order.h"
#include "sc_models/ppc/iss/storage.h"

namespace xive::ppc::iss {

using platform::Time;

class IssCpu;
struct Context;

/// Which instructions exist. FromPvr: Power ISA 3.1 for POWER10, else 3.0.
enum class IsaVersion : std::uint8_t { FromPvr, V30, V31 };

struct IssConfig {
  /// Of every instruction; loads and stores of devices add what the device takes. 1 ns with the
  /// usual time base: TB advances 512 per 1000 instructions. Not 0: std::invalid_argument.
  Time instruction_time = platform::kNanosecond;
  /// How far the thread may run ahead of other threads. It never runs ahead of a scheduled action
  /// (an interrupt, a doorbell, a device) that is known, whatever the quantum.
  Time quantum = platform::kMicrosecond;
  /// Let the others catch up before each device access and message, whatever the quantum.
  bool sync_before_io = true;
  IsaVersion isa = IsaVersion::FromPvr;
  /// From an asynchronous interrupt taken to its handler; null: no time. Not owned.
  platform::Hop* exception = nullptr;
};

enum class EventKind : std::uint8_t {
  Attention,   ///< attn was executed; the thread is quiesced
  Checkstop,   ///< machine check with MSR[ME]=0
  Breakpoint,  ///< the instruction at nip has not been executed
  Watchpoint,  ///< the access has been made, nip is behind it; `address` is the accessed byte
  Step,        ///< the step requested by step() is done
  Break,       ///< break_soon()
};

struct ExecutionEvent {
  EventKind kind = EventKind::Attention;
  std::uint64_t nip = 0;
  std::uint64_t address = 0;
  bool write = false;  ///< Watchpoint
  Time time = 0;
};

/// Stop: Executor::stop() is called and the thread waits there; the next Executor::run() goes on.
enum class EventAction : std::uint8_t { Continue, Stop };

/// Sees the execution itself. While a thread has one it runs in the instrumented loop, with the
/// same results and the same simulated time, several times slower.
class ExecutionObserver {
 public:
  virtual ~ExecutionObserver() = default;
  /// Before the instruction at `nip` (its registers: cpu.thread().regs()).
  virtual void on_instruction(const IssCpu& /*cpu*/, std::uint64_t /*nip*/,
                              std::uint32_t /*word*/) {}
};

struct Watchpoint {
  std::uint64_t address = 0;  ///< effective
  std::uint64_t length = 1;
  bool on_load = false;
  bool on_store = true;
  friend bool operator==(const Watchpoint&, const Watchpoint&) = default;
};

/// Numbers of one thread, for reports.
struct IssStatistics {
  std::uint64_t asynchronous = 0;                      ///< interrupts taken between instructions
  std::map<std::uint64_t, std::uint64_t> synchronous;  ///< by vector
  std::uint64_t device_accesses = 0;
  /// Instructions that nobody implements, by mnemonic or opcode.
  std::map<std::string, std::uint64_t> unimplemented;
  /// SPR numbers that do not exist, accessed in privileged state (no-ops).
  std::map<unsigned, std::uint64_t> unknown_sprs;
};

class IssCpu final : public platform::Clock {
 public:
  using EventHook = std::function<EventAction(IssCpu&, const ExecutionEvent&)>;

  /// All references must outlive the object. `order` carries device accesses and messages;
  /// `storage` is shared by the threads of a machine. The thread starts at its NIP when the
  /// executor runs.
  IssCpu(HardwareThread& thread, host::Executor& executor, host::MemoryOrder& order,
         Storage& storage, const IssConfig& config = {});
  ~IssCpu() override;
  IssCpu(const IssCpu&) = delete;
  IssCpu& operator=(const IssCpu&) = delete;

  HardwareThread& thread() { return thread_; }
  const HardwareThread& thread() const { return thread_; }
  std::uint32_t pir() const { return thread_.config().pir; }
  const IssConfig& config() const { return config_; }
  Time now() const override { return std::max(local_, executor_.now()); }
  /// Instructions completed.
  std::uint64_t instructions() const { return thread_.retired(); }
  const IssStatistics& statistics() const { return statistics_; }

  /// Called between instructions, on the thread's own agent: it may look at and change everything,
  /// and it may block (a debugger does). Without a hook Attention and Checkstop stop the executor.
  void set_event_hook(EventHook hook) { event_hook_ = std::move(hook); }

  // --- debugging: none of it changes results or simulated time ---
  /// Not owned; null ends it. From the next instruction on.
  void set_observer(ExecutionObserver* observer);
  void add_breakpoint(std::uint64_t address);
  void remove_breakpoint(std::uint64_t address);
  void add_watchpoint(const Watchpoint& watchpoint);
  void remove_watchpoint(const Watchpoint& watchpoint);
  /// An event Step after `count` more instructions or taken interrupts; 0 cancels.
  void step(std::uint64_t count = 1);
  /// An event Break as soon as the thread runs and is between two slices of execution. From
  /// anywhere, also from a signal handler or another host thread.
  void break_soon();
  /// Called between slices of execution, at least every `slice` instructions (0: as without), so
  /// that a debugger can look at its connection. It must not change anything.
  void set_idle_hook(std::function<void(IssCpu&)> hook, std::uint64_t slice = 1'000'000);

  /// Memory as the thread sees it in its current mode, without time and without device side
  /// effects: RAM only. False where there is none. Writing code is safe.
  bool read_memory(std::uint64_t address, std::span<std::uint8_t> data);
  bool write_memory(std::uint64_t address, std::span<const std::uint8_t> data);

 private:
  friend struct Context;

  void main();
  /// Takes what is pending; true: the thread may execute.
  bool poll();
  void run_slice();
  /// How far the thread may execute: never past what is known to happen, except that other threads
  /// may be a quantum behind.
  Time horizon() const {
    const Time ahead = std::min(executor_.now() + config_.quantum, executor_.next_action());
    return std::max(ahead, executor_.next_event());
  }
  /// Instructions until something may happen; the thread is at now().
  std::uint64_t slice_length() {
    const Time limit = std::min(horizon(), thread_.next_timer_edge());
    local_ = now();
    return limit <= local_ ? 1 : instructions(local_, limit);
  }
  /// That begin from `from` until before `limit`, which is later.
  std::uint64_t instructions(Time from, Time limit) const {
    return std::min((limit - from - 1) / config_.instruction_time + 1, slice_limit_);
  }
  /// Lets the others run when this thread has come as far as it may.
  void wait_at_horizon() {
    if (local_ > executor_.now() && local_ >= horizon()) executor_.wait_until(local_);
  }
  void catch_up() {
    local_ = now();
    if (local_ > executor_.now()) executor_.wait_until(local_);
  }
  void report_pending();
  void raise(ExecutionEvent event);

  HardwareThread& thread_;
  host::ExecutorRef executor_;
  host::MemoryOrder& order_;
  Storage& storage_;
  IssConfig config_;
  IssStatistics statistics_;
  EventHook event_hook_;
  std::function<void(IssCpu&)> idle_hook_;
  static constexpr std::uint64_t kLongestSlice = 10'000'000;
  std::uint64_t slice_limit_ = kLongestSlice;
  host::Executor::AgentId agent_;
  Time local_ = 0;
  std::optional<EventKind> pending_event_;
  bool checkstop_told_ = false;
  std::unique_ptr<Context> context_;
};

}  // namespace xive::ppc::iss
