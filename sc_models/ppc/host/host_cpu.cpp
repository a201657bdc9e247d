// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/host_cpu.h"

#include <algorithm>

#include <fmt/format.h>

#include "sc_models/ppc/spr.h"

namespace xive::ppc::host {

using platform::Atomic;
using platform::Command;
using platform::Request;
using platform::Response;

HostCpu::HostCpu(HardwareThread& thread, Executor& executor, MemoryOrder& order,
                 const platform::Bus& map, const ProgramTable& programs,
                 const HostCpuConfig& config)
    : thread_(thread),
      executor_(executor),
      order_(&order),
      generation_(thread.generation()),
      map_(map),
      config_(config),
      requester_{thread.config().pir, static_cast<std::uint16_t>(thread.config().chip),
                 static_cast<std::uint16_t>(thread.config().core),
                 static_cast<std::uint16_t>(thread.config().thread)},
      agent_(static_cast<std::uint32_t>(
          executor.spawn(fmt::format("cpu_{:x}", thread.config().pir), [this] { main(); }))),
      programs_(programs) {
  thread_.set_clock(*this);
  thread_.set_run_hook([this] { executor_.get().wake(agent_); });
}

// ---------------------------------------------------------------- program flow

void HostCpu::main() {
  for (;;) {
    try {
      finished_ = false;
      generation_ = thread_.generation();
      wait_until_runnable();
      const auto program = programs_.find(thread_.nip());
      if (program == programs_.end()) {
        throw std::out_of_range(
            fmt::format("thread {:#x} starts at {:#x}: no program there", pir(), thread_.nip()));
      }
      program->second(*this);
      // What came while the program had run ahead still interrupts it.
      catch_up();
      poll();
      catch_up();
      finished_ = true;
      while (thread_.generation() == generation_) executor_.get().sleep(agent_, platform::kNever);
    } catch (const Restart&) {
    }
  }
}

void HostCpu::wait_until_runnable() {
  catch_up();
  for (;;) {
    thread_.update_time();
    if (thread_.generation() != generation_) throw Restart{};
    if (thread_.can_run()) return;
    executor_.get().sleep(agent_, thread_.next_timer_edge());
  }
}

inline bool HostCpu::needs_attention() const {
  return thread_.generation() != generation_ || thread_.needs_attention();
}

/// Between two instructions: usually nothing has happened.
inline void HostCpu::poll() {
  if (now() >= thread_.next_timer_edge()) thread_.update_time();
  if (needs_attention()) attend();
}

void HostCpu::attend() {
  do {
    if (thread_.generation() != generation_) throw Restart{};
    if (!thread_.can_run()) wait_until_runnable();
    if (!thread_.interrupt_request()) return;
    std::optional<InterruptFrame> frame = take();
    if (!frame) {
      // A stop with EC=0 ended without an enabled interrupt, or the thread checkstopped.
      if (thread_.can_run()) return;
      continue;
    }
    if (config_.exception != nullptr) {
      if (const Time entry = config_.exception->flight(0); entry > 0) spend(entry);
    }
    dispatch(*frame);
  } while (needs_attention());
}

/// The most urgent interrupt. A function of its own, so that nothing of it stays on the stack while
/// the handler runs: stacks of many threads do not fit into the caches.
[[gnu::noinline]] std::optional<InterruptFrame> HostCpu::take() {
  const auto taken = thread_.take_exception();
  if (!taken) return std::nullopt;
  return InterruptFrame{taken->state.vector, taken->cause,      taken->wake,
                        taken->state.hsrr,   taken->state.srr0, taken->state.srr1};
}

[[noreturn, gnu::noinline]] void HostCpu::unhandled(const InterruptFrame& frame) {
  throw UnhandledInterrupt(
      fmt::format("thread {:#x} took {:#x} ({}) at {:#x} with (H)SRR1 {:#x}: no {} handler", pir(),
                  frame.vector, frame.cause ? info(*frame.cause).name : "synchronous", frame.srr0,
                  frame.srr1, (thread_.msr() & msr::kHv) != 0 ? "host" : "guest"));
}

[[gnu::always_inline]] inline void HostCpu::dispatch(InterruptFrame& frame) {
  ++interrupts_;
  const auto space = (thread_.msr() & msr::kHv) != 0 ? VectorSpace::Host : VectorSpace::Guest;
  const auto handler = std::find_if(handlers_.begin(), handlers_.end(), [&](const Entry& entry) {
    return entry.space == space && entry.vector == frame.vector;
  });
  if (handler == handlers_.end()) unhandled(frame);
  const HardwareThread::SaveRegisters saved = thread_.save_registers();
  // A copy: the handler may replace itself.
  const Handler run = handler->handler;
  run(*this, frame);
  thread_.restore_save_registers(saved);
  thread_.set_save_registers(frame.hsrr, frame.srr0, frame.srr1);
  spend(config_.instruction_time);
  thread_.return_from_interrupt(frame.hsrr);
}

void HostCpu::stop() {
  begin();
  thread_.set_nip(thread_.nip() + 4);
  thread_.power_save();
  thread_.end_instruction();
  spend(config_.instruction_time);
  poll();
}

void HostCpu::stop_self() {
  begin();
  thread_.end_instruction();  // the last one: after that the thread is quiesced
  thread_.stop_self();
  catch_up();
  // Stopped: only start-cpu and reset end it, and both begin a new generation.
  for (;;) poll();
}

// ---------------------------------------------------------------- time

Time HostCpu::now() const {
  return std::max(local_, executor_.now());
}

inline Time HostCpu::horizon() const {
  return std::max(executor_.now() + config_.quantum, executor_.next_event());
}

void HostCpu::catch_up() {
  local_ = now();
  if (local_ > executor_.now()) executor_.wait_until(local_);
}

void HostCpu::spend(Time time) {
  local_ = now() + time;
  if (local_ > executor_.now() && local_ >= horizon()) executor_.wait_until(local_);
}

void HostCpu::begin() {
  poll();
  thread_.begin_instruction();
}

void HostCpu::begin_io() {
  // A handler that runs in poll() takes time, so the others have to catch up again.
  poll();
  while (config_.sync_before_io && local_ > executor_.now()) {
    catch_up();
    poll();
  }
  thread_.begin_instruction();
}

void HostCpu::end(Time extra) {
  thread_.set_nip(thread_.nip() + 4);
  thread_.end_instruction();
  spend(config_.instruction_time + extra);
}

void HostCpu::execute(std::uint64_t count) {
  while (count > 0) {
    poll();
    // As many as fit before the next moment at which anything can change.
    const Time limit = std::min(horizon(), thread_.next_timer_edge());
    std::uint64_t chunk = 1;
    if (config_.instruction_time == 0) {
      chunk = count;
    } else if (limit > now()) {
      chunk = std::clamp<std::uint64_t>((limit - now()) / config_.instruction_time, 1, count);
    }
    thread_.begin_instruction();
    thread_.set_nip(thread_.nip() + 4 * chunk);
    thread_.end_instruction(chunk);
    spend(chunk * config_.instruction_time);
    count -= chunk;
  }
}

void HostCpu::delay(Time duration) {
  // The interrupts taken meanwhile count: busy waiting looks at the clock.
  const Time until = now() + duration;
  begin();
  end();
  catch_up();
  while (now() < until) {
    poll();
    if (now() >= until) break;
    executor_.get().sleep(agent_, std::min(until, thread_.next_timer_edge()));
    local_ = now();
  }
}

void HostCpu::wait_until(const std::function<bool()>& ready) {
  catch_up();
  for (;;) {
    poll();
    catch_up();  // with what a handler has spent
    if (ready()) return;
    executor_.get().sleep(agent_, thread_.next_timer_edge());
    local_ = now();
  }
}

// ---------------------------------------------------------------- memory

namespace {

IoAccess io_access(const Request& request) {
  return {.instruction = request.instruction,
          .address = request.address,
          .size = request.size,
          .write = request.command == Command::Store,
          .value = request.data,
          .time = request.time};
}

}  // namespace

void HostCpu::tell_issue(const Request& request) {
  const IoAccess seen = io_access(request);
  for (ThreadObserver* observer : thread_.observers()) observer->on_io_issue(thread_, seen);
}

void HostCpu::tell_retire(const Request& request, const Response& response) {
  IoAccess seen = io_access(request);
  seen.error = !response.ok();
  if (!seen.write) seen.value = response.data;
  for (ThreadObserver* observer : thread_.observers()) observer->on_io_retire(thread_, seen);
}

/// Part of whoever calls it: after a change of stacks the processor predicts the first returns
/// wrong, so there should be few on the way back to the program.
[[gnu::always_inline]] inline Response HostCpu::transfer(Command command, std::uint64_t address,
                                                         unsigned size, std::uint64_t data,
                                                         Atomic atomic) {
  const bool io = !map_.is_memory(address);
  if (io) {
    begin_io();
  } else {
    begin();
  }
  const Request access{.command = command,
                       .size = static_cast<std::uint8_t>(size),
                       .address = address,
                       .data = data & platform::all_ones(size),
                       .atomic = atomic,
                       .requester = requester_,
                       .instruction = thread_.retired(),
                       .time = now()};
  if (io && !thread_.observers().empty()) tell_issue(access);
  const AccessClass kind = io ? AccessClass::Inhibited : AccessClass::Cacheable;
  const Response response = atomic != Atomic::None     ? order_->atomic(access)
                            : command == Command::Load ? order_->load(access, kind)
                                                       : order_->store(access, kind);
  if (io && !thread_.observers().empty()) tell_retire(access, response);
  // The target may have blocked: then the time is already spent.
  const Time target = access.time + response.latency;
  end(target > now() ? target - now() : 0);
  return response;
}

/// With the machine check of a bus error. What the target answered.
std::uint64_t HostCpu::access(Command command, std::uint64_t address, unsigned size,
                              std::uint64_t data, Atomic atomic) {
  const Response response = transfer(command, address, size, data, atomic);
  if (!response.ok()) {
    thread_.set_data_address(address);
    thread_.raise_machine_check();
    poll();
  }
  return response.data;
}

std::uint64_t HostCpu::load(std::uint64_t address, unsigned size) {
  return access(Command::Load, address, size, 0, Atomic::None);
}

void HostCpu::store(std::uint64_t address, unsigned size, std::uint64_t value) {
  access(Command::Store, address, size, value, Atomic::None);
}

std::optional<std::uint64_t> HostCpu::probe(std::uint64_t address, unsigned size) {
  const Response response = transfer(Command::Load, address, size, 0, Atomic::None);
  return response.ok() ? std::optional(response.data) : std::nullopt;
}

std::uint64_t HostCpu::load_reserve(std::uint64_t address, unsigned size) {
  return access(Command::Load, address, size, 0, Atomic::LoadReserve);
}

bool HostCpu::store_conditional(std::uint64_t address, unsigned size, std::uint64_t value) {
  return access(Command::Store, address, size, value, Atomic::StoreConditional) == 1;
}

// ---------------------------------------------------------------- other instructions

void HostCpu::refuse(Trap trap) {
  thread_.end_instruction(0);
  const InterruptState state = thread_.take_trap(trap);
  InterruptFrame frame{state.vector, std::nullopt, false, state.hsrr, state.srr0, state.srr1};
  dispatch(frame);
}

template <typename Instruction>
void HostCpu::may_trap(Instruction instruction, bool io) {
  if (io) {
    begin_io();
  } else {
    begin();
  }
  const Trap trap = instruction();
  if (trap != Trap::None) {
    refuse(trap);
    return;
  }
  end();
}

void HostCpu::barrier(Barrier kind) {
  if (kind == Barrier::Msgsync && !thread_.hypervisor()) {
    may_trap([] { return Trap::Privileged; });
    return;
  }
  begin_io();
  end(order_->barrier(kind, now()));
}

void HostCpu::msgsnd(std::uint64_t rb) {
  const auto send = [&] {
    std::optional<DoorbellMessage> message;
    const Trap trap = thread_.msgsnd(rb, message);
    if (message) order_->message(*message, thread_.config().msgsnd_form, pir(), now());
    return trap;
  };
  may_trap(send, true);
}

void HostCpu::msgclr(std::uint64_t rb) {
  may_trap([&] { return thread_.msgclr(rb); });
}

void HostCpu::msgsndp(std::uint64_t rb) {
  may_trap([&] { return thread_.msgsndp(rb); }, true);
}

void HostCpu::msgclrp(std::uint64_t rb) {
  may_trap([&] { return thread_.msgclrp(rb); });
}

std::uint64_t HostCpu::mfspr(unsigned number) {
  std::uint64_t value = 0;
  may_trap([&] { return thread_.mfspr(number, value); });
  return value;
}

void HostCpu::mtspr(unsigned number, std::uint64_t value) {
  // DPDES reaches the siblings, everything else stays in the thread.
  may_trap([&] { return thread_.mtspr(number, value); }, number == spr::kDpdes);
}

std::uint64_t HostCpu::mfmsr() {
  begin();
  const std::uint64_t value = thread_.msr();
  end();
  return value;
}

void HostCpu::mtmsr(std::uint64_t value) {
  begin();
  thread_.set_msr(value);
  end();
}

void HostCpu::set_handler(VectorSpace space, std::uint64_t vector, Handler handler) {
  handlers_.remove_if(
      [&](const Entry& entry) { return entry.space == space && entry.vector == vector; });
  if (handler) handlers_.push_front({space, vector, std::move(handler)});
}

}  // namespace xive::ppc::host
