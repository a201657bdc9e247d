// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

#include "sc_models/ppc/host/context_switch.h"
#include "sc_models/ppc/host/event_queue.h"
#include "sc_models/ppc/host/executor.h"
#include "sc_models/ppc/host/fiber_stacks.h"

namespace xive::ppc::host {

/// Executor without SystemC: one fiber (own stack) per agent, one queue ordered by time and then by
/// the order in which things were asked for. Many may exist in one process, one after the other.
///
/// Whoever has to wait does the scheduling itself: it calls the actions that are due on its own
/// stack and changes straight to the next agent, or goes on if that is itself.
class FiberExecutor final : public Executor {
 public:
  /// `stack_bytes`: what an agent may use; an overflow ends the process.
  explicit FiberExecutor(std::size_t stack_bytes = 256 * 1024);
  /// Unfinished agents are unwound, so that what lives on their stacks is destroyed.
  ~FiberExecutor() override;
  /// The same now, while what their programs refer to still exists. Nothing runs afterwards.
  void unwind();
  FiberExecutor(const FiberExecutor&) = delete;
  FiberExecutor& operator=(const FiberExecutor&) = delete;

  Time now() const override { return now_; }
  AgentId spawn(const std::string& name, Body body) override;
  bool in_agent() const override { return current_ != kNoAgent; }
  void wait_until(Time time) override {
    if (time >= now_ && time < next_event() && may_run_on()) {
      now_ = time;  // nobody else would run in between
    } else {
      give_way(time);
    }
  }
  void sleep(AgentId self, Time deadline) override;
  void wake(AgentId agent) override;
  Time next_event() const override {
    return std::min({until_, agents_.next().time, actions_.next().time});
  }
  Time next_action() const override { return std::min(until_, actions_.next().time); }
  void at(Time time, std::function<void()> action) override;
  ActionId keep(std::function<void()> action) override;
  void at(Time time, ActionId action) override;
  bool pass_to(Time time) override;
  void run(Time until) override;
  void stop() override {
    stopped_ = true;
    end_ = 0;
  }

  /// Context switches so far.
  std::uint64_t switches() const { return switches_; }

 private:
  static constexpr AgentId kNoAgent = ~AgentId{0};
  static constexpr EventQueue::Place kNoDeadline = ~EventQueue::Place{0};
  static constexpr std::uint32_t kKept = std::uint32_t{1} << 31U;

  struct Fiber;
  /// What scheduling needs to know of a fiber, apart from the rest so that all of them stay in the
  /// caches.
  struct Hot {
    Context context;
    EventQueue::Place deadline = kNoDeadline;  ///< of the sleep
    bool sleeping = false;
    bool started = false;
    bool done = false;
  };

  bool may_run_on() const { return current_ != kNoAgent && !stopped_ && !unwinding_; }
  void give_way(Time time);
  EventQueue::Place schedule(AgentId agent, Time time);
  void fail();
  void dispatch(AgentId self);
  void push_action(Time time, std::uint32_t what);
  inline void act();
  inline void change(AgentId from, AgentId to);
  void leave(AgentId from, AgentId to, bool for_good);
  void arrive(AgentId at);
  static void entry(void* argument);

  // What every access looks at comes first.
  Time now_ = 0;
  Time until_ = 0;                   ///< of the run in progress
  Time end_ = 0;                     ///< what is due from here on does not happen in it
  Time waiting_ = platform::kNever;  ///< when an agent goes on that is in no queue
  AgentId current_ = kNoAgent;
  bool stopped_ = false;
  bool unwinding_ = false;
  std::uint64_t order_ = 0;  ///< of both queues
  std::uint64_t switches_ = 0;
  std::vector<Hot> hot_;                     ///< by agent; does not move once something runs
  EventQueue agents_;                        ///< when agents go on
  EventQueue actions_;                       ///< of at(), by place in calls_ and kKept
  std::deque<std::function<void()>> calls_;  ///< does not move while one is called
  std::vector<std::uint32_t> free_calls_;
  FiberStacks stacks_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  Context main_;  ///< of run()
  struct Sanitized;
  std::unique_ptr<Sanitized> sanitized_;  ///< AddressSanitizer's bookkeeping
  std::exception_ptr error_;
};

}  // namespace xive::ppc::host
