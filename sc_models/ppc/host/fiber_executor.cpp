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
};

// AddressSanitizer must be told about every change of stack, or it reports the frames of one fiber
// as overflows of another.
#ifdef XIVE_SANITIZED_FIBERS
struct FiberExecutor::Sanitized {
  struct Stack {
    const void* bottom = nullptr;
    std::size_t size = 0;
    void* fake = nullptr;
  };
  Stack main;
  std::vector<Stack> fibers;
  bool left_main = false;
  Stack& of(AgentId agent) { return agent == kNoAgent ? main : fibers[agent]; }
};

void FiberExecutor::leave(AgentId from, AgentId to, bool for_good) {
  if (!sanitized_) sanitized_ = std::make_unique<Sanitized>();
  auto& known = sanitized_->fibers;
  for (AgentId n = known.size(); n < fibers_.size(); ++n) {
    known.push_back({fibers_[n]->stack.data(), fibers_[n]->stack.size(), nullptr});
  }
  sanitized_->left_main = from == kNoAgent;
  const auto& target = sanitized_->of(to);
  // A null save pointer tells the sanitizer that this stack is not coming back.
  __sanitizer_start_switch_fiber(for_good ? nullptr : &sanitized_->of(from).fake, target.bottom,
                                 target.size);
}

void FiberExecutor::arrive(AgentId at) {
  auto& main = sanitized_->main;
  const bool learn = sanitized_->left_main && at != kNoAgent;
  __sanitizer_finish_switch_fiber(sanitized_->of(at).fake, learn ? &main.bottom : nullptr,
                                  learn ? &main.size : nullptr);
}
#else
struct FiberExecutor::Sanitized {};
inline void FiberExecutor::leave(AgentId, AgentId, bool) {}
inline void FiberExecutor::arrive(AgentId) {}
#endif

FiberExecutor::FiberExecutor(std::size_t stack_bytes) : stacks_(stack_bytes) {}

FiberExecutor::~FiberExecutor() {
  unwind();
}

void FiberExecutor::unwind() {
  unwinding_ = true;
  for (AgentId agent = 0; agent < fibers_.size(); ++agent) {
    if (hot_[agent].started && !hot_[agent].done) change(kNoAgent, agent);
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
  owner.arrive(fiber.id);
  try {
    fiber.body();
  } catch (const Unwind&) {
  } catch (...) {
    owner.fail();
  }
  owner.hot_[fiber.id].done = true;
  owner.leave(fiber.id, kNoAgent, true);
  Context::change(owner.hot_[fiber.id].context, owner.main_);
}

EventQueue::Place FiberExecutor::schedule(AgentId agent, Time time) {
  return agents_.push({time, order_++}, static_cast<std::uint32_t>(agent));
}

/// Agents go on elsewhere, at kNoAgent it is run(). Comes back when somebody changes to `from`.
/// Part of whoever calls it: after a change of stacks the processor predicts returns wrong.
[[gnu::always_inline]] inline void FiberExecutor::change(AgentId from, AgentId to) {
  Context* there = &main_;
  if (to != kNoAgent) {
    ++switches_;
    Hot& hot = hot_[to];
    there = &hot.context;
    if (!std::exchange(hot.started, true)) {
      Fiber& fiber = *fibers_[to];
      hot.context.prepare(fiber.stack, &FiberExecutor::entry, &fiber);
    }
  }
  current_ = to;
  leave(from, to, false);
  Context::change(from == kNoAgent ? main_ : hot_[from].context, *there);
  arrive(from);
  current_ = from;
  if (from != kNoAgent && unwinding_) throw Unwind{};
}

/// Inside a catch block: the first exception ends the run.
void FiberExecutor::fail() {
  if (!error_) error_ = std::current_exception();
  end_ = 0;
}

/// Lets happen what is due until `self` goes on; for kNoAgent, run(), until the run is over.
void FiberExecutor::dispatch(AgentId self) {
  current_ = kNoAgent;
  for (;;) {
    if (actions_.next().before(agents_.next())) {
      if (actions_.next().time >= end_) break;
      act();
      continue;
    }
    if (agents_.next().time >= end_) break;
    now_ = agents_.next().time;
    const AgentId agent = agents_.pop();
    hot_[agent].sleeping = false;
    if (agent == self) {
      current_ = self;
      return;
    }
    change(self, agent);
    if (self != kNoAgent) return;
  }
  if (self != kNoAgent) change(self, kNoAgent);
}

/// The first action.
void FiberExecutor::act() {
  now_ = actions_.next().time;
  const std::uint32_t what = actions_.pop();
  std::function<void()>& call = calls_[what & ~kKept];
  try {
    call();
  } catch (...) {
    fail();
  }
  if ((what & kKept) != 0) return;
  call = nullptr;
  free_calls_.push_back(what);
}

/// wait_until() when others come first.
void FiberExecutor::give_way(Time time) {
  if (current_ == kNoAgent) throw std::logic_error("wait_until outside of an agent");
  if (unwinding_) throw Unwind{};
  if (time < now_) throw std::logic_error("wait_until: time in the past");
  const AgentId self = std::exchange(current_, kNoAgent);
  const EventQueue::Key key{time, order_++};
  // While actions alone come before, this agent needs no place in the queue.
  waiting_ = time;
  while (!agents_.next().before(key)) {
    if (std::min(time, actions_.next().time) >= end_) break;
    if (!actions_.next().before(key)) {
      waiting_ = platform::kNever;
      current_ = self;
      now_ = time;
      return;
    }
    act();
  }
  waiting_ = platform::kNever;
  agents_.push(key, static_cast<std::uint32_t>(self));
  dispatch(self);
}

bool FiberExecutor::pass_to(Time time) {
  if (current_ != kNoAgent ||
      time >= std::min({end_, waiting_, agents_.next().time, actions_.next().time})) {
    return false;
  }
  now_ = time;
  return true;
}

void FiberExecutor::sleep(AgentId self, Time deadline) {
  if (current_ == kNoAgent || current_ != self) {
    throw std::logic_error("sleep outside of the agent");
  }
  if (unwinding_) throw Unwind{};
  Hot& hot = hot_[self];
  hot.sleeping = true;
  hot.deadline =
      deadline == platform::kNever ? kNoDeadline : schedule(self, std::max(deadline, now_));
  dispatch(self);
}

void FiberExecutor::wake(AgentId agent) {
  Hot& hot = hot_.at(agent);
  if (!hot.sleeping) return;
  hot.sleeping = false;
  if (hot.deadline != kNoDeadline) agents_.cancel(hot.deadline);
  schedule(agent, now_);
}

void FiberExecutor::push_action(Time time, std::uint32_t what) {
  if (time < now_) throw std::logic_error("at: time in the past");
  actions_.push({time, order_++}, what);
}

Executor::ActionId FiberExecutor::keep(std::function<void()> action) {
  calls_.push_back(std::move(action));
  return static_cast<ActionId>(calls_.size() - 1);
}

void FiberExecutor::at(Time time, ActionId action) {
  push_action(time, static_cast<std::uint32_t>(action) | kKept);
}

void FiberExecutor::at(Time time, std::function<void()> action) {
  if (free_calls_.empty()) {
    free_calls_.push_back(static_cast<std::uint32_t>(calls_.size()));
    calls_.emplace_back();
  }
  const std::uint32_t place = free_calls_.back();
  push_action(time, place);
  free_calls_.pop_back();
  calls_[place].swap(action);
}

void FiberExecutor::run(Time until) {
  if (current_ != kNoAgent) throw std::logic_error("run inside an agent");
  stopped_ = false;
  until_ = until;
  // Nothing left is later than every end.
  end_ = until == platform::kNever ? until : until + 1;
  dispatch(kNoAgent);
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  if (!stopped_ && until != platform::kNever && now_ < until) now_ = until;
}

}  // namespace xive::ppc::host
