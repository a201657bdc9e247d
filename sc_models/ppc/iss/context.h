// SPDX-License-Identifier: Apache-2.0
/// The inside of an IssCpu: what the instruction handlers work with. Everything else uses IssCpu.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sc_models/ppc/iss/code_cache.h"
#include "sc_models/ppc/iss/instruction.h"
#include "sc_models/ppc/iss/iss_cpu.h"
#include "sc_models/ppc/iss/memory_view.h"
#include "sc_models/ppc/iss/translation.h"

namespace xive::ppc::iss {

/// Time inside a slice is not kept up to date: whoever needs it calls sync_time() first. At any
/// moment the slice has completed granted - budget - (count of cur - index of op) instructions.
struct Context {
  Context(IssCpu& owner, HardwareThread& hardware, Storage& shared, const IssConfig& config);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // ---------------------------------------------------------------- running
  void begin_slice(std::uint64_t instructions);
  /// Executes until the slice is used up or something asks to leave.
  void execute();
  /// The same, one instruction at a time, with whoever watches.
  void execute_watched();
  void end_slice();
  /// Block at the NIP; null after a failed fetch, which has become an interrupt.
  const Block* fetch(bool single);
  /// At the end of a slice: lets the others run and begins the next one at the NIP. False: there is
  /// something to do in between.
  bool renew();
  /// Behind a device access: goes on with another end of the slice, or renews it. False: execution
  /// has left the block behind `op`.
  bool go_on(const Op* op);

  /// Block at `pc` if this thread has been there lately.
  const Block* recent(std::uint64_t pc) const {
    const Recent& entry = recent_[pc >> 2U & (kRecent - 1)];
    return entry.key == (pc | mode) && entry.block->valid ? entry.block : nullptr;
  }

  // ---------------------------------------------------------------- for handlers
  std::uint64_t pc_of(const Op* op) const { return cur->pc + 4ULL * op->offset; }
  std::uint64_t next_pc(const Op* op) const { return pc_of(op) + 4ULL * op->words; }
  /// Leaves the block in front of `op`, which has not been executed.
  const Block* stop_before(const Op* op);
  /// Leaves the block behind `op`.
  const Block* stop_after(const Op* op);
  /// Leaves behind `op`, which has set the NIP itself.
  const Block* stop_at_nip(const Op* op);
  /// Brings now() to the time at which `op` starts.
  void sync_time(const Op* op);
  /// The same, and retires everything before `op`.
  void commit(const Op* op) {
    const std::uint64_t completed = completed_before(op);
    cpu.local_ = time_of(completed);
    thread.set_nip(pc_of(op));
    if (completed != committed) {
      thread.end_instruction(completed - committed);
      committed = completed;
      thread.begin_instruction();
    }
  }

  /// Synchronous interrupts; all return null. The instruction is not completed.
  const Block* interrupt(const Op* op, std::uint64_t vector, std::uint64_t srr1 = 0,
                         bool hsrr = false);
  const Block* system_call(const Op* op, unsigned level);
  const Block* program(const Op* op, std::uint64_t srr1);
  const Block* privileged(const Op* op) { return program(op, srr1::kPrivileged); }
  const Block* illegal(const Op* op);
  const Block* alignment(const Op* op, std::uint64_t address);
  const Block* trap(const Op* op, Trap trap);
  const Block* facility_unavailable(const Op* op, std::uint64_t cause, bool hypervisor);

  // Slow storage accesses. False: an interrupt was taken or the instruction must be tried again;
  // the handler returns null at once. After true it completes the instruction and returns
  // proceed(). A loaded value is big-endian, right-justified, in `value`.
  bool load(const Op* op, std::uint64_t address, unsigned size);
  bool store(const Op* op, std::uint64_t address, unsigned size, std::uint64_t data);
  /// The same where a device is not possible: alignment interrupt.
  bool load_ram(const Op* op, std::uint64_t address, unsigned size) {
    only_ram_ = true;
    const bool good = load(op, address, size);
    only_ram_ = false;
    return good;
  }
  bool store_ram(const Op* op, std::uint64_t address, unsigned size, std::uint64_t data) {
    only_ram_ = true;
    const bool good = store(op, address, size, data);
    only_ram_ = false;
    return good;
  }
  bool load_reserve(const Op* op, std::uint64_t address, unsigned size);
  /// `done` tells whether the store was performed.
  bool store_conditional(const Op* op, std::uint64_t address, unsigned size, std::uint64_t data);
  bool zero_block(const Op* op, std::uint64_t address);
  bool icbi(const Op* op, std::uint64_t address);
  void barrier(const Op* op, host::Barrier kind) {
    if (!ordered_) wait_at_barrier(op, kind);
  }
  bool message(const Op* op, const DoorbellMessage& message);
  /// Before anything that others can see: they catch up, what is pending interrupts first.
  bool begin_io(const Op* op);
  const Block* proceed(const Op* op, ArchState& s) {
    if (leave) {
      if (!after_io) return stop_after(op);
      if (!go_on(op)) return nullptr;
    }
    return op[1].fn(s, op + 1, *this);
  }
  /// After an instruction that may have changed MSR or SPRs: leaves if anything follows from it.
  const Block* reconsider(const Op* op, ArchState& s);

  void count_unimplemented(const Op* op);
  void count_unknown_spr(unsigned number);
  const Block* attention(const Op* op);
  std::uint64_t random();

  // ---------------------------------------------------------------- state
  MemoryView view;
  const Block* cur = nullptr;
  std::uint64_t budget = 0;
  const Block** link = nullptr;  ///< to be set to the block that is looked up next
  std::uint64_t mode = 0;
  bool leave = false;
  bool after_io = false;  ///< leaving because of a device access alone
  bool done = false;
  std::uint64_t value = 0;

  IssCpu& cpu;
  HardwareThread& thread;
  const platform::Requester requester;
  Storage& storage;
  RealMode real_mode;
  AddressTranslation* translation = &real_mode;
  bool v31 = false;
  Time instruction_time = 0;

  std::uint64_t granted = 0;
  std::uint64_t committed = 0;  ///< instructions of the slice that are retired
  Time slice_start = 0;
  Time extra = 0;  ///< time of the slice beside its instructions
  std::uint64_t data_mode = 0;
  std::uint64_t generation = 0;
  std::uint64_t bus_generation = 0;
  std::uint64_t random_state = 0;

  // ---------------------------------------------------------------- debugging
  ExecutionObserver* observer = nullptr;
  std::set<std::uint64_t> breakpoints;
  std::vector<Watchpoint> watchpoints;
  std::uint64_t steps = 0;
  std::atomic<bool> break_requested{false};
  bool watch_hit = false;
  bool watch_write = false;
  std::uint64_t watch_address = 0;
  /// A breakpoint here has been reported: it does not stop the instruction again.
  std::optional<std::uint64_t> passed;
  bool at_breakpoint() const {
    return breakpoints.count(thread.nip()) != 0 && passed != thread.nip();
  }
  /// An instruction or an interrupt has been stepped over.
  void count_step() {
    if (steps != 0 && --steps == 0) step_done = true;
  }
  bool take_step_event() { return std::exchange(step_done, false); }
  bool step_done = false;
  bool watched() const { return observer != nullptr || !breakpoints.empty() || steps != 0; }

  /// Drops everything derived from the MSR, if it changed.
  void refresh_mode();

 private:
  static constexpr unsigned kRecent = 2048;
  struct Recent {
    std::uint64_t key = ~std::uint64_t{0};
    const Block* block = nullptr;
  };

  void start_slice(std::uint64_t instructions);
  bool debugged() const;
  bool undisturbed() const;
  const Block* head_of(const Block& block);
  std::uint64_t completed_before(const Op* op) const {
    return granted - budget - cur->count + op->index;
  }
  /// After so many instructions of the slice.
  Time time_of(std::uint64_t completed) const {
    return slice_start + completed * instruction_time + extra;
  }
  bool translate(const Op* op, std::uint64_t address, AccessKind kind, std::uint64_t& real);
  bool device(const Op* op, std::uint64_t address, std::uint64_t real, unsigned size, bool write,
              std::uint64_t data);
  /// begin_io() that tells the time.
  inline bool begin_io(const Op* op, Time& now);
  void wait_at_barrier(const Op* op, host::Barrier kind);
  inline platform::Response perform(const platform::Request& request);
  platform::Response perform_seen(const platform::Request& request);
  bool straddling(const Op* op, std::uint64_t address, unsigned size, bool write,
                  std::uint64_t data);
  void bus_error(const Op* op, std::uint64_t address);
  bool is_watched(std::uint64_t page) const;
  void check_watch(std::uint64_t address, unsigned size, bool write);
  void flush_recent() { recent_.fill({}); }

  const bool ordered_;  ///< barriers have nothing to do
  bool only_ram_ = false;
  bool in_slice_ = false;
  Block head_;
  std::array<Op, CodeCache::kMaxBlock + 1> head_ops_;
  std::shared_ptr<CodeArena> arena_;
  std::array<Recent, kRecent> recent_{};
};

}  // namespace xive::ppc::iss
