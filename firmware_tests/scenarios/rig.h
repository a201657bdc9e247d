// SPDX-License-Identifier: Apache-2.0
/// A machine for a scenario with every check on it, and the handles that scenarios need.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "firmware_tests/scenarios/context.h"
#include "sc_models/machine/direct_tables.h"
#include "sc_models/machine/machine.h"
#include "sc_models/machine/rules/machine_rules.h"
#include "sc_models/ppc/host/fiber_executor.h"
#include "sc_models/ppc/rules/chk_cppr.h"
#include "sc_models/xive/rules/xive_rules.h"

namespace xive::scenarios {

using machine::DirectTables;
using machine::Machine;
using machine::MachineConfig;
using ppc::host::Cpu;

/// Preset M-P9: 1 chip, 2 cores with 4 threads, generation 1.
MachineConfig p9();

/// Make it in the body of a scenario, give threads their programs, run(). What programs refer to
/// must live as long as the rig.
class Rig {
 public:
  explicit Rig(Context& context, const MachineConfig& config = p9());
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  Context& context() { return context_; }
  ppc::host::FiberExecutor& executor() { return executor_; }
  Machine& machine() { return *machine_; }
  machine::MachineRules& rules() { return *rules_; }
  ppc::ChkCppr& cppr_rule() { return *cppr_; }
  Time now() const { return executor_.now(); }

  /// Tables and registers without firmware; made at the first call.
  DirectTables& tables();
  /// Every thread: phys ring valid, CPPR 0xff (scenarios.md 2); with the knob g1_pool_push also a
  /// pool ring. Outside of simulated time.
  void bring_up();

  // --- programs; each must come to its end (rule SCN-END) ---
  void program(unsigned thread, std::function<void(Cpu&)> body);
  /// At a time (not in the past), outside of any thread.
  void at(Time time, std::function<void()> action) { executor_.at(time, std::move(action)); }
  /// Until `limit`, until nothing is left to happen, or until a faulty variant is caught. Then the
  /// checks look at the end state. A rig runs once.
  void run(Time limit);
  /// Lets the checks that wait for something judge the present; else they do at the next event.
  void check();

  // --- a TIMA without taking time: set-up and looking ---
  tima::MmioResponse tima(unsigned thread, unsigned page, unsigned offset, unsigned size,
                          bool write = false, std::uint64_t data = 0);
  /// Registers as the TIMA has them now.
  tima::ThreadState state(unsigned thread);
  bool os_line(unsigned thread) { return machine().lines(thread).os_ext; }
  bool hv_line(unsigned thread) { return machine().lines(thread).hv_ext; }
  Time cycle() const { return machine_->config().tima_period; }
  /// Longest time from a TIMA event to its line at the thread ("bound" of scenarios.md 2).
  Time bound() { return rules_->context().line_bound; }

  // --- guests on tables() ---
  /// A VP with ENDs for priorities 0 to 6: enqueue, backlog, always notify, queue of 64 KiB.
  struct Vp {
    unsigned blk = 0;
    std::uint32_t idx = 0;
    std::uint32_t first_end = 0;
    std::uint64_t queues = 0;
    std::uint32_t end(unsigned prio) const { return first_end + prio; }
    std::uint64_t queue(unsigned prio) const { return queues + 0x10000ULL * prio; }
    std::uint32_t word2() const { return DirectTables::os_word2(blk, idx); }
  };
  Vp make_vp(unsigned chip = 0);
  /// A source routed to (vp, prio), armed; returns its number in block vp.blk. The queue entry
  /// carries `data`.
  std::uint32_t make_source(const Vp& vp, unsigned prio, std::uint32_t data);
  /// A source for the physical ring of a thread at priority 7; its queue is host_queue(thread).
  std::uint32_t make_host_source(unsigned thread, std::uint32_t data);
  std::uint64_t host_queue(unsigned thread);
  std::uint64_t trigger_page(unsigned chip, std::uint32_t source) {
    return tables().trigger_page(chip, source);
  }
  std::uint64_t management_page(unsigned chip, std::uint32_t source) {
    return tables().management_page(chip, source);
  }
  /// Store of a device to the trigger page of a source, at `time`.
  void trigger_at(Time time, unsigned chip, std::uint32_t source);

 private:
  class TimaWatch;
  class AccessWatch;
  struct Watchers;

  machine::TimaFactory factory();
  void finish();

  Context& context_;
  std::vector<std::unique_ptr<RuleBook>> books_;  ///< of TIMAs and TIMA rules
  ppc::host::FiberExecutor executor_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<ic::XiveRules> chip_rules_;
  std::unique_ptr<machine::MachineRules> rules_;
  std::unique_ptr<ppc::ChkCppr> cppr_;
  std::unique_ptr<Watchers> watchers_;
  std::unique_ptr<DirectTables> tables_;
  struct Program {
    unsigned thread;
    bool ended = false;
  };
  std::vector<std::unique_ptr<Program>> programs_;
  std::vector<std::uint32_t> next_source_, next_end_, next_vp_;  ///< per chip
  std::vector<std::uint64_t> next_queue_;
  std::vector<std::uint64_t> host_queues_;  ///< per thread, 0: none
  std::vector<std::uint32_t> host_ends_;
  bool finished_ = false;
};

}  // namespace xive::scenarios
