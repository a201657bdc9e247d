// SPDX-License-Identifier: Apache-2.0
/// A random load of interrupts on directly programmed tables: IPIs between threads, MSIs and LSIs
/// of devices, virtual processors that are dispatched and taken away at random, escalations of
/// those that are away. It keeps its own account: every event that was put into a queue must be
/// taken out once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sc_models/machine/direct_tables.h"
#include "sc_models/machine/machine.h"
#include "sc_models/rules/random.h"

namespace xive::machine {

struct LoadConfig {
  std::uint64_t seed = 1;
  std::uint64_t triggers = 20'000;          ///< of all kinds together
  unsigned vps = 64;                        ///< virtual processors, spread over the chips
  unsigned priorities = 3;                  ///< of each virtual processor, 1..7
  unsigned guest_sources = 128;             ///< sources that target virtual processors
  unsigned host_sources = 4;                ///< per thread: sources that target that thread
  unsigned device_percent = 20;             ///< of the triggers: MSIs and LSIs of devices
  unsigned dispatch_percent = 25;           ///< of the steps of a thread: another virtual processor
  Time pause = 2 * platform::kMicrosecond;  ///< longest pause between two steps of a thread
};

enum class SourceKind : std::uint8_t { Ipi = 0, Msi = 1, UnitMsi = 2, Lsi = 3 };

struct LoadResult {
  std::uint64_t sent = 0;                 ///< triggers
  std::uint64_t sent_by_kind[4] = {};     ///< by SourceKind
  std::uint64_t handled_by_kind[4] = {};  ///< queue entries handled
  std::uint64_t handled = 0;
  std::uint64_t escalations = 0;  ///< escalation entries handled
  std::uint64_t host_interrupts = 0, guest_interrupts = 0;
  std::uint64_t spurious = 0;  ///< interrupts without anything to acknowledge
  std::uint64_t dispatches = 0;
  std::uint64_t lost = 0, duplicated = 0;  ///< queue entries
  std::uint64_t stuck = 0;                 ///< sources whose PQ is not 00 at the end
  bool finished = false;                   ///< every thread came to its end
  std::string functional;                  ///< digest of what must not depend on timing

  bool passed() const { return finished && lost == 0 && duplicated == 0 && stuck == 0 && sent > 0; }
};

class MixedLoad final : private ic::QueueObserver {
 public:
  /// Programs the tables and gives every thread its program. The machine has not run yet.
  MixedLoad(Machine& machine, DirectTables& tables, const LoadConfig& config);

  /// After the run.
  LoadResult result();

  /// Triggers, and queue entries handled, while it runs.
  std::uint64_t sent_so_far() const { return result_.sent; }
  std::uint64_t handled_so_far() const { return result_.handled + result_.escalations; }

 private:
  struct Source {
    SourceKind kind = SourceKind::Ipi;
    unsigned blk = 0;
    std::uint32_t idx = 0;                             ///< in the ESB and EAS tables
    unsigned chip = 0, unit = 0;                       ///< source unit
    std::uint64_t sent = 0, written = 0, handled = 0;  ///< triggers, entries put in, taken out
  };
  struct Queue {
    std::uint64_t base = 0;
    std::uint32_t mask = 0;
    std::uint32_t index = 0;
    std::uint32_t toggle = 0;
    bool coalesced = false;  ///< END with n=0: ESn needs an EOI
    unsigned blk = 0;
    std::uint32_t end = 0;
  };
  struct Vp {
    unsigned blk = 0;
    std::uint32_t idx = 0;
    std::uint64_t saved = 0x00ff0000ff000000;  ///< first image: CPPR and ACK# all ones
    bool running = false;
    bool wanted = false;
    std::vector<Queue> queues;
    std::vector<unsigned> priorities;  ///< of queues, same order
  };
  struct Thread {
    Random triggers, choices;
    std::uint64_t budget = 0;
    int vp = -1;
    Queue queue;
  };

  static constexpr std::uint32_t kEscalation = 0x40000000;  ///< bit of the data of an escalation

  void on_entry(std::uint32_t data) override;

  Queue make_queue(unsigned blk, std::uint32_t end, unsigned qsize);
  /// In the block of the chip of thread `t`; nothing is sent to it.
  std::uint32_t pool_vp(unsigned t) const;
  void make_host_queues();
  void make_vps();
  void make_sources();
  std::uint32_t add_source(Source source, unsigned end_blk, std::uint32_t end);

  void thread_main(unsigned t, ppc::host::Cpu& cpu);
  void host_interrupt(unsigned t, ppc::host::Cpu& cpu);
  void guest_interrupt(unsigned t, ppc::host::Cpu& cpu);
  void pop_all(ppc::host::Cpu& cpu, Queue& queue);
  void handle(ppc::host::Cpu& cpu, std::uint32_t data);
  void end_of_interrupt(ppc::host::Cpu& cpu, const Source& source);
  void trigger(unsigned t, ppc::host::Cpu& cpu);
  void dispatch(unsigned t, ppc::host::Cpu& cpu);
  void put_away(unsigned t, ppc::host::Cpu& cpu);
  void enter(unsigned t, ppc::host::Cpu& cpu, unsigned vp);
  void drain(unsigned t, ppc::host::Cpu& cpu);
  void device_step();
  bool drained() const;

  Machine& machine_;
  DirectTables& tables_;
  LoadConfig config_;
  std::vector<Source> sources_;
  std::vector<unsigned> ipis_;  ///< what threads trigger: every one of them any of these
  std::vector<Vp> vps_;
  std::deque<unsigned> wanted_;
  std::vector<Thread> threads_;
  std::vector<unsigned> device_sources_;
  std::vector<std::uint64_t> queue_memory_;  ///< per chip: next free address
  std::vector<std::uint32_t> next_source_;   ///< per chip
  Random device_;
  std::uint64_t device_budget_ = 0;
  Time device_gap_ = 0;
  std::uint64_t escalations_written_ = 0;
  unsigned working_ = 0;   ///< threads that still trigger
  unsigned finished_ = 0;  ///< threads that have ended
  bool done_ = false;
  unsigned draining_ = 0;  ///< threads that work no more and give virtual processors their turns
  unsigned drain_rounds_ = 0;  ///< in a row in which nothing was handled
  std::uint64_t drained_ = 0;  ///< handled until the round before
  LoadResult result_;
};

}  // namespace xive::machine
