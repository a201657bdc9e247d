// SPDX-License-Identifier: Apache-2.0
// The fortified longjmp refuses to jump to another stack, which is the purpose here.
#undef _FORTIFY_SOURCE
#include "sc_models/ppc/host/fiber_executor.h"

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define XIVE_ASAN_FIBERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XIVE_ASAN_FIBERS 1
#endif
#endif
#ifdef XIVE_ASAN_FIBERS
#include <sanitizer/common_interface_defs.h>
#endif

namespace xive::ppc::host {
namespace {

/// Thrown into a fiber that will never be resumed for its own sake.
struct Unwind {};

}  // namespace

struct FiberExecutor::Fiber {
  ucontext_t context{};  ///< entry only: swapcontext costs two system calls
  jmp_buf resume_point{};
  std::vector<char> stack;
  Body body;
  std::string name;
  AgentId id = kNoAgent;
  std::uint64_t ticket = 0;
  bool sleeping = false;
  bool started = false;
  bool done = false;
  FiberExecutor* owner = nullptr;
  void* fake_stack = nullptr;  ///< AddressSanitizer's bookkeeping
};

namespace {

// AddressSanitizer must be told about every change of stack, or it reports the frames of one fiber
// as overflows of another.
#ifdef XIVE_ASAN_FIBERS
void leaving(void** save, const void* bottom, std::size_t size) {
  __sanitizer_start_switch_fiber(save, bottom, size);
}
void arrived(void* save, const void** bottom, std::size_t* size) {
  __sanitizer_finish_switch_fiber(save, bottom, size);
}
const void* main_bottom = nullptr;
std::size_t main_size = 0;
#else
void leaving(void**, const void*, std::size_t) {}
void arrived(void*, const void**, std::size_t*) {}
const void* const main_bottom = nullptr;
const std::size_t main_size = 0;
#endif

}  // namespace

// Not inlined and without locals: nothing here may live in a register across the jump.
__attribute__((noinline)) void FiberExecutor::change(Fiber& from, Fiber& to, bool first) {
#ifdef XIVE_ASAN_FIBERS
  // The sanitizer intercepts longjmp and would unwind the wrong stack.
  (void)first;
  swapcontext(&from.context, &to.context);
#else
  if (_setjmp(from.resume_point) != 0) return;
  if (first) setcontext(&to.context);
  _longjmp(to.resume_point, 1);
#endif
}

FiberExecutor::FiberExecutor(std::size_t stack_bytes)
    : stack_bytes_(stack_bytes), main_(std::make_unique<Fiber>()) {}

FiberExecutor::~FiberExecutor() {
  unwinding_ = true;
  for (const auto& fiber : fibers_) {
    if (fiber->started && !fiber->done) resume(*fiber);
  }
}

Executor::AgentId FiberExecutor::spawn(const std::string& name, Body body) {
  auto fiber = std::make_unique<Fiber>();
  fiber->stack.resize(stack_bytes_);
  fiber->body = std::move(body);
  fiber->name = name;
  fiber->id = fibers_.size();
  fiber->owner = this;
  getcontext(&fiber->context);
  fiber->context.uc_stack.ss_sp = fiber->stack.data();
  fiber->context.uc_stack.ss_size = fiber->stack.size();
  fiber->context.uc_link = nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(fiber.get());
  // makecontext passes ints only.
  makecontext(&fiber->context, reinterpret_cast<void (*)()>(&FiberExecutor::trampoline), 2,
              static_cast<unsigned>(address >> 32U), static_cast<unsigned>(address));
  fibers_.push_back(std::move(fiber));
  schedule(fibers_.size() - 1, now_);
  return fibers_.size() - 1;
}

void FiberExecutor::trampoline(unsigned high, unsigned low) {
  const auto address = static_cast<std::uintptr_t>(high) << 32U | low;
  Fiber& fiber = *reinterpret_cast<Fiber*>(address);
#ifdef XIVE_ASAN_FIBERS
  arrived(nullptr, &main_bottom, &main_size);
#endif
  try {
    fiber.body();
  } catch (const Unwind&) {
  } catch (...) {
    if (!fiber.owner->error_) fiber.owner->error_ = std::current_exception();
  }
  fiber.done = true;
  // A null save pointer tells the sanitizer that this stack is not coming back.
  leaving(nullptr, main_bottom, main_size);
  change(fiber, *fiber.owner->main_, false);
}

void FiberExecutor::schedule(AgentId agent, Time time) {
  if (time == platform::kNever) return;
  agents_.push({time, order_++, agent, fibers_[agent]->ticket, nullptr});
}

void FiberExecutor::resume(Fiber& fiber) {
  ++switches_;
  const bool first = !fiber.started;
  fiber.started = true;
  fiber.sleeping = false;
  ++fiber.ticket;
  current_ = &fiber;
  leaving(&main_->fake_stack, fiber.stack.data(), fiber.stack.size());
  change(*main_, fiber, first);
  arrived(main_->fake_stack, nullptr, nullptr);
  current_ = nullptr;
}

void FiberExecutor::suspend() {
  Fiber& fiber = *current_;
  leaving(&fiber.fake_stack, main_bottom, main_size);
  change(fiber, *main_, false);
#ifdef XIVE_ASAN_FIBERS
  arrived(fiber.fake_stack, &main_bottom, &main_size);
#endif
  if (unwinding_) throw Unwind{};
}

void FiberExecutor::wait_until(Time time) {
  if (current_ == nullptr) throw std::logic_error("wait_until outside of an agent");
  if (unwinding_) throw Unwind{};
  if (time < now_) throw std::logic_error("wait_until: time in the past");
  if (time < next_event() && !stopped_) {
    now_ = time;  // nobody else would run in between
    return;
  }
  schedule(current_->id, time);
  suspend();
}

void FiberExecutor::sleep(AgentId self, Time deadline) {
  if (current_ == nullptr || current_->id != self) {
    throw std::logic_error("sleep outside of the agent");
  }
  if (unwinding_) throw Unwind{};
  current_->sleeping = true;
  schedule(current_->id, deadline < now_ ? now_ : deadline);
  suspend();
}

void FiberExecutor::wake(AgentId agent) {
  if (fibers_.at(agent)->sleeping) {
    fibers_[agent]->sleeping = false;
    schedule(agent, now_);
  }
}

Time FiberExecutor::next_event() const {
  return agents_.empty() ? next_action() : std::min(next_action(), agents_.top().time);
}

Time FiberExecutor::next_action() const {
  return actions_.empty() ? until_ : std::min(until_, actions_.top().time);
}

FiberExecutor::Queue& FiberExecutor::first_queue() {
  if (actions_.empty()) return agents_;
  if (agents_.empty()) return actions_;
  return actions_.top() > agents_.top() ? agents_ : actions_;
}

void FiberExecutor::at(Time time, std::function<void()> action) {
  if (time < now_) throw std::logic_error("at: time in the past");
  actions_.push(
      {time, order_++, kNoAgent, 0, std::make_shared<std::function<void()>>(std::move(action))});
}

void FiberExecutor::run(Time until) {
  if (current_ != nullptr) throw std::logic_error("run inside an agent");
  stopped_ = false;
  until_ = until;
  while (!stopped_) {
    Queue& queue = first_queue();
    if (queue.empty() || queue.top().time > until) break;
    const Entry entry = queue.top();
    queue.pop();
    if (entry.agent == kNoAgent) {
      now_ = entry.time;
      (*entry.action)();
    } else {
      Fiber& fiber = *fibers_[entry.agent];
      // A deadline that a wake-up overtook is stale.
      if (fiber.done || fiber.ticket != entry.ticket) continue;
      now_ = entry.time;
      resume(fiber);
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }
  if (!stopped_ && until != platform::kNever && now_ < until) now_ = until;
}

}  // namespace xive::ppc::host
