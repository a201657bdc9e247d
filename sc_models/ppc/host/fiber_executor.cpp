// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/host/fiber_executor.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#ifdef XIVE_SANITIZED_FIBERS
#include <sanitizer/common_interface_defs.h>
#endif

namespace xive::ppc::host {
namespace {

/// Thrown into a fiber that will never be resumed for its own sake.
struct Unwind {};

}  // namespace

struct FiberExecutor::Fiber {
  std::span<char> stack;
  Body body;
  std::string name;
  AgentId id = kNoAgent;
  FiberExecutor* owner = nullptr;
  void* fake_stack = nullptr;  ///< AddressSanitizer's bookkeeping
};

namespace {

// AddressSanitizer must be told about every change of stack, or it reports the frames of one fiber
// as overflows of another.
#ifdef XIVE_SANITIZED_FIBERS
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
const void* main_bottom = nullptr;
std::size_t main_size = 0;
#endif

}  // namespace

FiberExecutor::FiberExecutor(std::size_t stack_bytes) : stacks_(stack_bytes) {}

FiberExecutor::~FiberExecutor() {
  unwind();
}

void FiberExecutor::unwind() {
  unwinding_ = true;
  for (AgentId agent = 0; agent < fibers_.size(); ++agent) {
    if (hot_[agent].started && !hot_[agent].done) resume(agent);
  }
}

Executor::AgentId FiberExecutor::spawn(const std::string& name, Body body) {
  const AgentId id = fibers_.size();
  fibers_.push_back(std::make_unique<Fiber>());
  Fiber& fiber = *fibers_.back();
  fiber.stack = stacks_.allocate();
  fiber.body = std::move(body);
  fiber.name = name;
  fiber.id = id;
  fiber.owner = this;
  hot_.emplace_back();
  // The context is made at the first resume: until then hot_ may move.
  schedule(id, now_);
  return id;
}

void FiberExecutor::entry(void* argument) {
  Fiber& fiber = *static_cast<Fiber*>(argument);
  FiberExecutor& owner = *fiber.owner;
  arrived(nullptr, &main_bottom, &main_size);
  try {
    fiber.body();
  } catch (const Unwind&) {
  } catch (...) {
    if (!owner.error_) owner.error_ = std::current_exception();
  }
  owner.hot_[fiber.id].done = true;
  // A null save pointer tells the sanitizer that this stack is not coming back.
  leaving(nullptr, main_bottom, main_size);
  Context::change(owner.hot_[fiber.id].context, owner.main_);
}

void FiberExecutor::schedule(AgentId agent, Time time) {
  if (time == platform::kNever) return;
  agents_.push(time, order_++, static_cast<std::uint32_t>(agent), hot_[agent].ticket);
}

void FiberExecutor::resume(AgentId agent) {
  ++switches_;
  Hot& hot = hot_[agent];
  Fiber& fiber = *fibers_[agent];
  if (!hot.started) hot.context.prepare(fiber.stack, &FiberExecutor::entry, &fiber);
  hot.started = true;
  hot.sleeping = false;
  ++hot.ticket;
  current_ = agent;
  leaving(&main_fake_stack_, fiber.stack.data(), fiber.stack.size());
  Context::change(main_, hot.context);
  arrived(main_fake_stack_, nullptr, nullptr);
  current_ = kNoAgent;
}

void FiberExecutor::suspend() {
  const AgentId self = current_;
#ifdef XIVE_SANITIZED_FIBERS
  leaving(&fibers_[self]->fake_stack, main_bottom, main_size);
#endif
  Context::change(hot_[self].context, main_);
#ifdef XIVE_SANITIZED_FIBERS
  arrived(fibers_[self]->fake_stack, &main_bottom, &main_size);
#endif
  if (unwinding_) throw Unwind{};
}

void FiberExecutor::wait_until(Time time) {
  if (current_ == kNoAgent) throw std::logic_error("wait_until outside of an agent");
  if (unwinding_) throw Unwind{};
  if (time < now_) throw std::logic_error("wait_until: time in the past");
  if (time < next_event() && !stopped_) {
    now_ = time;  // nobody else would run in between
    return;
  }
  schedule(current_, time);
  suspend();
}

void FiberExecutor::sleep(AgentId self, Time deadline) {
  if (current_ == kNoAgent || current_ != self) {
    throw std::logic_error("sleep outside of the agent");
  }
  if (unwinding_) throw Unwind{};
  hot_[self].sleeping = true;
  schedule(self, deadline < now_ ? now_ : deadline);
  suspend();
}

void FiberExecutor::wake(AgentId agent) {
  Hot& hot = hot_.at(agent);
  if (!hot.sleeping) return;
  hot.sleeping = false;
  schedule(agent, now_);
}

Time FiberExecutor::next_event() const {
  return std::min({until_, agents_.next_time(), actions_.next_time()});
}

Time FiberExecutor::next_action() const {
  return std::min(until_, actions_.next_time());
}

void FiberExecutor::at(Time time, std::function<void()> action) {
  if (time < now_) throw std::logic_error("at: time in the past");
  actions_.push(time, order_++, std::move(action));
}

/// With many fibers the stack of the next one is in no cache: fetch it while this one works.
void FiberExecutor::prepare_next() const {
  const EventQueue::Item* item = agents_.peek();
  if (item == nullptr) return;
  const char* top = hot_[item->agent].context.top();
  if (top == nullptr) return;
  constexpr int kBelow = 512, kAbove = 512, kLine = 64;
  for (int at = -kBelow; at < kAbove; at += kLine) __builtin_prefetch(top + at, 1);
}

void FiberExecutor::run(Time until) {
  if (current_ != kNoAgent) throw std::logic_error("run inside an agent");
  stopped_ = false;
  until_ = until;
  while (!stopped_ && !(agents_.empty() && actions_.empty()) &&
         std::min(agents_.next_time(), actions_.next_time()) <= until) {
    const bool is_action = !actions_.empty() && actions_.before(agents_);
    EventQueue& queue = is_action ? actions_ : agents_;
    EventQueue::Item* const item = queue.pop();
    const Time time = item->time;
    if (is_action) {
      now_ = time;
      const std::function<void()> action = std::move(item->action);
      queue.give_back(item);
      action();
    } else {
      const AgentId agent = item->agent;
      // A deadline that a wake-up overtook is stale.
      const bool stale = hot_[agent].done || hot_[agent].ticket != item->ticket;
      queue.give_back(item);
      if (stale) continue;
      now_ = time;
      prepare_next();
      resume(agent);
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }
  if (!stopped_ && until != platform::kNever && now_ < until) now_ = until;
}

}  // namespace xive::ppc::host
