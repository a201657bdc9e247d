// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/iss_cpu.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "sc_models/ppc/iss/context.h"

namespace xive::ppc::iss {

IssCpu::IssCpu(HardwareThread& thread, host::Executor& executor, host::MemoryOrder& order,
               Storage& storage, const IssConfig& config)
    : thread_(thread),
      executor_(executor),
      order_(order),
      storage_(storage),
      config_(config),
      agent_(executor.spawn(fmt::format("iss_{:x}", thread.config().pir), [this] { main(); })) {
  if (config.instruction_time == 0) {
    throw std::invalid_argument("iss: instruction time 0: time would stand still");
  }
  context_ = std::make_unique<Context>(*this, thread, storage, config);
  thread_.set_clock(*this);
  thread_.set_run_hook([this] { executor_.get().wake(agent_); });
}

IssCpu::~IssCpu() = default;

// ---------------------------------------------------------------- program flow

void IssCpu::main() {
  for (;;) {
    if (poll()) run_slice();
  }
}

bool IssCpu::poll() {
  thread_.update_time();
  if (context_->break_requested.load(std::memory_order_relaxed)) report_pending();
  if (!thread_.needs_attention()) return true;
  if (!thread_.can_run()) {
    if (thread_.checkstopped() && !checkstop_told_) {
      checkstop_told_ = true;
      pending_event_ = EventKind::Checkstop;
    }
    report_pending();
    catch_up();
    thread_.update_time();
    if (!thread_.can_run()) executor_.get().sleep(agent_, thread_.next_timer_edge());
    local_ = now();
    return false;
  }
  checkstop_told_ = false;
  if (!thread_.interrupt_request()) return true;
  if (thread_.take_exception()) {
    ++statistics_.asynchronous;
    if (config_.exception != nullptr) local_ = now() + config_.exception->flight(0);
    context_->count_step();
  }
  report_pending();
  return !thread_.needs_attention();
}

void IssCpu::run_slice() {
  Context& context = *context_;
  context.begin_slice(slice_length());
  if (context.watched()) {
    context.execute_watched();
  } else {
    context.execute();
  }
  context.end_slice();
  report_pending();
  if (idle_hook_) idle_hook_(*this);
  wait_at_horizon();
}

// ---------------------------------------------------------------- events

void IssCpu::report_pending() {
  Context& context = *context_;
  if (pending_event_) raise({.kind = *std::exchange(pending_event_, std::nullopt)});
  if (std::exchange(context.watch_hit, false)) {
    raise({.kind = EventKind::Watchpoint,
           .address = context.watch_address,
           .write = context.watch_write});
  }
  if (context.take_step_event()) raise({.kind = EventKind::Step});
  if (context.at_breakpoint()) {
    context.passed = thread_.nip();
    raise({.kind = EventKind::Breakpoint});
  }
  // An exchange costs more than all the rest, and this is asked after each device access.
  if (context.break_requested.load(std::memory_order_relaxed) &&
      context.break_requested.exchange(false)) {
    raise({.kind = EventKind::Break});
  }
}

void IssCpu::raise(ExecutionEvent event) {
  event.nip = thread_.nip();
  event.time = now();
  const bool fatal = event.kind == EventKind::Attention || event.kind == EventKind::Checkstop;
  const EventAction action = event_hook_ ? event_hook_(*this, event)
                             : fatal     ? EventAction::Stop
                                         : EventAction::Continue;
  if (action == EventAction::Continue) return;
  // The end of a thread is an event of the machine: the others come that far. A debugger's stop
  // must not make them run.
  if (fatal) catch_up();
  executor_.get().stop();
  executor_.get().sleep(agent_, executor_.now());
}

// ---------------------------------------------------------------- debugging

void IssCpu::set_observer(ExecutionObserver* observer) {
  context_->observer = observer;
}

void IssCpu::add_breakpoint(std::uint64_t address) {
  context_->breakpoints.insert(address);
}

void IssCpu::remove_breakpoint(std::uint64_t address) {
  context_->breakpoints.erase(address);
}

void IssCpu::add_watchpoint(const Watchpoint& watchpoint) {
  if (watchpoint.length == 0) throw std::invalid_argument("iss: watchpoint of length 0");
  context_->watchpoints.push_back(watchpoint);
  context_->view.flush();
}

void IssCpu::remove_watchpoint(const Watchpoint& watchpoint) {
  std::erase(context_->watchpoints, watchpoint);
}

void IssCpu::step(std::uint64_t count) {
  context_->steps = count;
}

void IssCpu::break_soon() {
  context_->break_requested = true;
}

void IssCpu::set_idle_hook(std::function<void(IssCpu&)> hook, std::uint64_t slice) {
  idle_hook_ = std::move(hook);
  slice_limit_ = slice == 0 ? kLongestSlice : slice;
}

namespace {

/// Real address of each 4 KiB piece of [address, address + size), as a load would find it.
template <typename Piece>
bool for_each_piece(AddressTranslation& translation, HardwareThread& thread, Storage& storage,
                    std::uint64_t address, std::size_t size, Piece piece) {
  std::size_t done = 0;
  while (done < size) {
    const std::uint64_t at = address + done;
    const std::size_t length = std::min<std::size_t>(size - done, kPageSize - (at & ~kPageMask));
    std::uint64_t real = 0;
    if (translation.translate(thread, at, AccessKind::Load, real)) return false;
    if (!storage.is_ram(real, length)) return false;
    piece(real, done, length);
    done += length;
  }
  return true;
}

}  // namespace

bool IssCpu::read_memory(std::uint64_t address, std::span<std::uint8_t> data) {
  return for_each_piece(*context_->translation, thread_, storage_, address, data.size(),
                        [&](std::uint64_t real, std::size_t offset, std::size_t length) {
                          storage_.ram().read(real, data.subspan(offset, length));
                        });
}

bool IssCpu::write_memory(std::uint64_t address, std::span<const std::uint8_t> data) {
  return for_each_piece(*context_->translation, thread_, storage_, address, data.size(),
                        [&](std::uint64_t real, std::size_t offset, std::size_t length) {
                          storage_.ram().write(real, data.subspan(offset, length));
                        });
}

}  // namespace xive::ppc::iss
