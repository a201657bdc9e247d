// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/context.h"

#include <algorithm>

#include <fmt/format.h>

#include "sc_models/ppc/iss/handlers.h"
#include "sc_models/ppc/spr.h"

namespace xive::ppc::iss {

Context::Context(IssCpu& owner, HardwareThread& hardware, Storage& shared, const IssConfig& config)
    : view(hardware.config().pir),
      cpu(owner),
      thread(hardware),
      requester{hardware.config().pir, static_cast<std::uint16_t>(hardware.config().chip),
                static_cast<std::uint16_t>(hardware.config().core),
                static_cast<std::uint16_t>(hardware.config().thread)},
      storage(shared),
      instruction_time(config.instruction_time),
      generation(hardware.generation()),
      bus_generation(shared.bus().generation()),
      random_state(0x243f6a8885a308d3ULL ^ hardware.config().pir),
      ordered_(owner.order_.always_ordered()),
      arena_(shared.code().arena()) {
  constexpr std::uint64_t kPower10 = 0x80;
  v31 = config.isa == IsaVersion::V31 ||
        (config.isa == IsaVersion::FromPvr && hardware.config().pvr >> 16U == kPower10);
  storage.attach(view);
}

Context::~Context() {
  storage.detach(view);
}

// ---------------------------------------------------------------- slices

void Context::refresh_mode() {
  const std::uint64_t msr = thread.msr();
  mode = ((msr & msr::kLe) != 0 ? kModeLittleEndian : 0U) |
         ((msr & msr::kIr) != 0 ? kModeRelocated : 0U);
  const std::uint64_t data = msr & (msr::kDr | msr::kHv | msr::kPr);
  if (data != data_mode || storage.bus().generation() != bus_generation) {
    data_mode = data;
    bus_generation = storage.bus().generation();
    view.flush();
  }
}

void Context::begin_slice(std::uint64_t instructions) {
  refresh_mode();
  if (arena_ != storage.code().arena()) {
    arena_ = storage.code().arena();
    flush_recent();
  }
  generation = thread.generation();
  start_slice(instructions);
}

void Context::start_slice(std::uint64_t instructions) {
  granted = budget = instructions;
  committed = 0;
  extra = 0;
  slice_start = cpu.local_;
  leave = after_io = false;
  in_slice_ = true;
  link = nullptr;
  thread.begin_instruction();
}

void Context::execute() {
  ArchState& s = thread.engine_regs();
  const Block* block = nullptr;
  for (;;) {
    if (block == nullptr) {
      if (leave || (budget == 0 && !renew())) return;
      block = recent(s.nip);
      if (block == nullptr) {
        block = fetch(false);
        if (block == nullptr) return;
      }
      if (link != nullptr) {
        *link = block;
        link = nullptr;
      }
    }
    if (budget < block->count) {
      if (budget == 0) {
        block = nullptr;
        continue;
      }
      block = head_of(*block);  // the slice ends inside
    }
    budget -= block->count;
    cur = block;
    block = block->ops->fn(s, block->ops, *this);
    if (cur == &head_) link = nullptr;  // soon another one
  }
}

/// The first instructions of a block, as many as there are left.
const Block* Context::head_of(const Block& block) {
  head_.pc = block.pc;
  head_.physical = block.physical;
  head_.mode = block.mode;
  head_.count = static_cast<std::uint32_t>(budget);
  std::copy_n(block.ops, budget, head_ops_.begin());
  // Behind them: what goes on with the rest.
  Op& end = head_ops_[budget];
  end = Op{};
  end.fn = &end_of_block;
  end.index = block.ops[budget].index;
  end.offset = block.ops[budget].offset;
  head_.bytes = 4U * end.offset;
  head_.ops = head_ops_.data();
  return &head_;
}

void Context::execute_watched() {
  ArchState& s = thread.engine_regs();
  while (!leave && budget != 0) {
    if (at_breakpoint()) return;
    passed.reset();
    const Block* block = fetch(true);
    if (block == nullptr) return;
    if (observer != nullptr) observer->on_instruction(cpu, s.nip, block->ops->raw);
    --budget;
    cur = block;
    block->ops->fn(s, block->ops, *this);
    link = nullptr;
    if (steps != 0) {
      count_step();
      if (step_done) return;
    }
  }
}

void Context::end_slice() {
  if (!std::exchange(in_slice_, false)) return;
  const std::uint64_t completed = granted - budget;
  cpu.local_ = std::max(cpu.local_, time_of(completed));
  thread.end_instruction(completed - committed);
  committed = completed;
}

/// Somebody looks on between slices.
inline bool Context::debugged() const {
  return break_requested.load(std::memory_order_relaxed) || watch_hit || cpu.idle_hook_ ||
         watched();
}

/// What IssCpu::poll() and begin_slice() look at is as it was, and nobody wants to look.
inline bool Context::undisturbed() const {
  return thread.runs_on() && !debugged() && storage.bus().generation() == bus_generation &&
         arena_ == storage.code().arena();
}

bool Context::renew() {
  end_slice();
  if (debugged()) return false;
  cpu.wait_at_horizon();
  if (cpu.now() >= thread.next_timer_edge()) thread.update_time();
  if (thread.generation() != generation || !undisturbed()) return false;
  start_slice(cpu.slice_length());
  return true;
}

bool Context::go_on(const Op* op) {
  after_io = false;
  const Block& block = *cur;
  const std::uint64_t before = op->index + 1ULL, rest = block.count - before;
  const Time now = cpu.local_ + instruction_time;
  const Time limit = std::min(cpu.horizon(), thread.next_timer_edge());
  if (now < limit && undisturbed()) {
    const std::uint64_t instructions = cpu.instructions(now, limit);
    if (instructions >= rest) {
      // The same slice, until another time.
      granted += instructions - (budget + rest);
      budget = instructions - rest;
      leave = false;
      return true;
    }
  }
  stop_after(op);
  if (!renew() || budget < rest || &block == &head_ || !block.valid) return false;
  // As if the slice had begun at the start of the block.
  granted += before;
  budget -= rest;
  committed = before;
  slice_start -= before * instruction_time;
  return true;
}

const Block* Context::fetch(bool single) {
  ArchState& s = thread.engine_regs();
  s.nip &= ~std::uint64_t{3};
  std::uint64_t real = 0;
  const auto fault = translation->translate(thread, s.nip, AccessKind::Fetch, real);
  const std::uint8_t* page = fault ? nullptr : storage.page(real);
  if (page == nullptr) {
    // Between two blocks everything granted and not in the budget is done.
    cpu.local_ = time_of(granted - budget);
    extra += instruction_time;
    leave = true;
    if (fault) {
      ++cpu.statistics_.synchronous[fault->vector];
      thread.take_synchronous(fault->vector, false, s.nip, fault->srr1);
    } else {
      thread.set_data_address(s.nip);
      thread.raise_machine_check();
    }
    return nullptr;
  }
  CodeCache& code = storage.code();
  if (!code.holds_page(real)) storage.revoke_stores(real & kPageMask);
  const Block& block = code.get({s.nip, real, page, static_cast<std::uint8_t>(mode), v31}, single);
  if (arena_ != code.arena()) {
    link = nullptr;  // it pointed into the old arena
    arena_ = code.arena();
    flush_recent();
  }
  if (!single) recent_[s.nip >> 2U & (kRecent - 1)] = {s.nip | mode, &block};
  return &block;
}

// ---------------------------------------------------------------- leaving a block

const Block* Context::stop_before(const Op* op) {
  budget += cur->count - op->index;
  thread.engine_regs().nip = pc_of(op);
  return nullptr;
}

const Block* Context::stop_after(const Op* op) {
  budget += cur->count - op->index - 1;
  thread.engine_regs().nip = next_pc(op);
  return nullptr;
}

const Block* Context::stop_at_nip(const Op* op) {
  budget += cur->count - op->index - 1;
  return nullptr;
}

void Context::sync_time(const Op* op) {
  cpu.local_ = time_of(completed_before(op));
}

const Block* Context::reconsider(const Op* op, ArchState& s) {
  // The next edge of a decrementer may have moved, so what is left of the slice may be too much.
  leave = true;
  (void)s;
  return stop_after(op);
}

// ---------------------------------------------------------------- synchronous interrupts

const Block* Context::interrupt(const Op* op, std::uint64_t vector, std::uint64_t srr1, bool hsrr) {
  sync_time(op);
  stop_before(op);
  ++cpu.statistics_.synchronous[vector];
  // The instruction does not count, but an endless series of interrupts must let time pass.
  extra += instruction_time;
  leave = true;
  thread.take_synchronous(vector, hsrr, thread.nip(), srr1);
  return nullptr;
}

const Block* Context::system_call(const Op* op, unsigned level) {
  sync_time(op);
  stop_after(op);
  ++cpu.statistics_.synchronous[vector::kSystemCall];
  leave = true;
  thread.take_synchronous(vector::kSystemCall, false, thread.nip(), 0, level == 1);
  return nullptr;
}

const Block* Context::program(const Op* op, std::uint64_t srr1) {
  return interrupt(op, vector::kProgram, srr1);
}

const Block* Context::illegal(const Op* op) {
  interrupt(op, vector::kHvEmulation, 0, true);
  thread.set_stored_spr(spr::kHeir, op->raw);
  return nullptr;
}

const Block* Context::alignment(const Op* op, std::uint64_t address) {
  thread.set_data_address(address);
  thread.engine_regs().dsisr = 0;
  return interrupt(op, vector::kAlignment);
}

const Block* Context::trap(const Op* op, Trap trap) {
  if (trap == Trap::Privileged) return privileged(op);
  sync_time(op);
  stop_before(op);
  ++cpu.statistics_.synchronous[vector::kHvFacilityUnavailable];
  extra += instruction_time;
  leave = true;
  thread.take_trap(trap);
  return nullptr;
}

const Block* Context::facility_unavailable(const Op* op, std::uint64_t cause, bool hypervisor) {
  constexpr unsigned kCauseShift = 56;
  if (!hypervisor) {
    const std::uint64_t fscr = thread.stored_spr(spr::kFscr);
    thread.set_stored_spr(spr::kFscr, (fscr << 8U >> 8U) | cause << kCauseShift);
    return interrupt(op, vector::kFacilityUnavailable);
  }
  return interrupt(op, vector::kHvFacilityUnavailable, 0, true);
}

void Context::count_unimplemented(const Op* op) {
  const std::string name = op->info < instructions().size()
                               ? std::string(instructions()[op->info].mnemonic)
                               : fmt::format("{:#010x}", op->raw);
  // A program that executes data must not fill the memory of the host.
  constexpr std::size_t kMostNames = 1000;
  auto& counts = cpu.statistics_.unimplemented;
  ++counts[counts.size() < kMostNames || counts.count(name) != 0 ? name : "others"];
}

void Context::count_unknown_spr(unsigned number) {
  ++cpu.statistics_.unknown_sprs[number];
}

const Block* Context::attention(const Op* op) {
  commit(op);
  stop_after(op);
  leave = true;
  thread.direct_stop();  // takes effect at the end of the instruction
  cpu.pending_event_ = EventKind::Attention;
  return nullptr;
}

std::uint64_t Context::random() {
  // splitmix64: equal runs draw equal numbers.
  std::uint64_t z = random_state += 0x9e3779b97f4a7c15ULL;
  z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ z >> 27U) * 0x94d049bb133111ebULL;
  return z ^ z >> 31U;
}

}  // namespace xive::ppc::iss
