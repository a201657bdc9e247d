// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <forward_list>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "sc_models/platform/bus.h"
#include "sc_models/platform/timing/hop.h"
#include "sc_models/ppc/hardware_thread.h"
#include "sc_models/ppc/host/cpu.h"
#include "sc_models/ppc/host/executor_ref.h"
#include "sc_models/ppc/host/memory_order.h"

namespace xive::ppc::host {

/// An interrupt was taken and the firmware has no handler for it.
class UnhandledInterrupt : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct HostCpuConfig {
  Time instruction_time = 500;  ///< of every instruction, beside what memory adds
  /// How far the thread may run ahead of the others. 0: never so that anybody could tell.
  Time quantum = 0;
  /// Let the others catch up before each device access, message and barrier, whatever the quantum.
  bool sync_before_io = true;
  /// From an interrupt taken to its handler; null: no time. Not owned.
  platform::Hop* exception = nullptr;
};

/// Programs by entry address: what a thread executes after reset or start-cpu.
using ProgramTable = std::map<std::uint64_t, std::function<void(Cpu&)>>;

/// Runs compiled-in firmware on one HardwareThread as one agent of an Executor. Reset and start-cpu
/// abandon the program that runs (its C++ frames are unwound) and start the one at the new NIP; a
/// program that returns leaves the thread idle for good.
class alignas(64) HostCpu final : public Cpu, public platform::Clock {
 public:
  /// All references must outlive the object. `map` tells memory from devices. `programs` is read at
  /// every start.
  HostCpu(HardwareThread& thread, Executor& executor, MemoryOrder& order, const platform::Bus& map,
          const ProgramTable& programs, const HostCpuConfig& config = {});

  std::uint64_t load(std::uint64_t address, unsigned size) override;
  void store(std::uint64_t address, unsigned size, std::uint64_t value) override;
  std::optional<std::uint64_t> probe(std::uint64_t address, unsigned size) override;
  std::uint64_t load_reserve(std::uint64_t address, unsigned size) override;
  bool store_conditional(std::uint64_t address, unsigned size, std::uint64_t value) override;
  void sync() override { barrier(Barrier::Sync); }
  void lwsync() override { barrier(Barrier::Lwsync); }
  void eieio() override { barrier(Barrier::Eieio); }
  void isync() override { barrier(Barrier::Isync); }
  void ptesync() override { barrier(Barrier::Ptesync); }
  void msgsnd(std::uint64_t rb) override;
  void msgclr(std::uint64_t rb) override;
  void msgsndp(std::uint64_t rb) override;
  void msgclrp(std::uint64_t rb) override;
  void msgsync() override { barrier(Barrier::Msgsync); }
  std::uint64_t mfspr(unsigned number) override;
  void mtspr(unsigned number, std::uint64_t value) override;
  std::uint64_t mfmsr() override;
  void mtmsr(std::uint64_t value) override;
  std::uint64_t gpr(unsigned n) const override { return thread_.gpr(n); }
  void set_gpr(unsigned n, std::uint64_t value) override { thread_.set_gpr(n, value); }
  void execute(std::uint64_t count) override;
  void delay(Time duration) override;
  Time now() const override;
  void stop() override;
  [[noreturn]] void stop_self() override;
  void set_handler(VectorSpace space, std::uint64_t vector, Handler handler) override;
  HardwareThread& thread() override { return thread_; }
  std::uint32_t pir() const override { return thread_.config().pir; }

  /// Not an instruction: the program goes on when `ready`, and takes interrupts until then. Asked
  /// again after each of them and after each nudge(), so that nobody has to poll what others in
  /// the harness do.
  void wait_until(const std::function<bool()>& ready);
  /// What a wait_until() waits for may have come true.
  void nudge() { executor_.get().wake(agent_); }

  /// What stands between the thread and memory; another one may take its place before the run.
  MemoryOrder& order() { return *order_; }
  void set_order(MemoryOrder& order) { order_ = &order; }

  /// True once the program has returned and nothing has started another.
  bool finished() const { return finished_; }
  std::uint64_t interrupts_taken() const { return interrupts_; }

 private:
  struct Entry {
    VectorSpace space;
    std::uint64_t vector;
    Handler handler;
  };
  struct Restart {};  ///< thrown through the firmware's frames

  void main();
  inline bool needs_attention() const;
  inline void poll();
  void attend();
  std::optional<InterruptFrame> take();
  inline void dispatch(InterruptFrame& frame);
  [[noreturn]] void unhandled(const InterruptFrame& frame);
  void wait_until_runnable();
  void catch_up();
  void spend(Time time);
  inline Time horizon() const;
  void begin();
  void begin_io();
  void end(Time extra = 0);
  void refuse(Trap trap);
  void tell_issue(const platform::Request& request);
  void tell_retire(const platform::Request& request, const platform::Response& response);
  void barrier(Barrier kind);
  platform::Response transfer(platform::Command command, std::uint64_t address, unsigned size,
                              std::uint64_t data, platform::Atomic atomic);
  std::uint64_t access(platform::Command command, std::uint64_t address, unsigned size,
                       std::uint64_t data, platform::Atomic atomic);
  template <typename Instruction>
  void may_trap(Instruction instruction, bool io = false);

  // In cache lines of 64 bytes by use: a first one with the virtual tables ...
  HardwareThread& thread_;
  ExecutorRef executor_;
  MemoryOrder* order_;
  Time local_ = 0;
  std::uint64_t generation_ = 0;
  // ... one more for what an instruction needs ...
  const platform::Bus& map_;
  HostCpuConfig config_;
  platform::Requester requester_;
  std::uint32_t agent_;                ///< Executor::AgentId
  std::forward_list<Entry> handlers_;  ///< few: a thread has a handful of vectors
  // ... and the rest.
  std::uint64_t interrupts_ = 0;
  const ProgramTable& programs_;
  bool finished_ = false;
};

}  // namespace xive::ppc::host
