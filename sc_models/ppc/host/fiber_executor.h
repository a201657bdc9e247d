// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <queue>
#include <vector>

#include "sc_models/ppc/host/executor.h"

namespace xive::ppc::host {

/// Executor without SystemC: one fiber (own stack) per agent, one queue ordered by time and then by
/// the order in which things were asked for. Many may exist in one process, one after the other.
class FiberExecutor final : public Executor {
 public:
  explicit FiberExecutor(std::size_t stack_bytes = 256 * 1024);
  /// Unfinished agents are unwound, so that what lives on their stacks is destroyed.
  ~FiberExecutor() override;
  FiberExecutor(const FiberExecutor&) = delete;
  FiberExecutor& operator=(const FiberExecutor&) = delete;

  Time now() const override { return now_; }
  AgentId spawn(const std::string& name, Body body) override;
  void wait_until(Time time) override;
  void sleep(AgentId self, Time deadline) override;
  void wake(AgentId agent) override;
  Time next_event() const override;
  Time next_action() const override;
  void at(Time time, std::function<void()> action) override;
  void run(Time until) override;
  void stop() override { stopped_ = true; }

  /// Context switches so far.
  std::uint64_t switches() const { return switches_; }

 private:
  struct Fiber;
  struct Entry {
    Time time;
    std::uint64_t order;
    AgentId agent;         ///< kNoAgent: `action`
    std::uint64_t ticket;  ///< resumes the agent only if its ticket is still this one
    std::shared_ptr<std::function<void()>> action;
    bool operator>(const Entry& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };
  static constexpr AgentId kNoAgent = ~AgentId{0};

  void schedule(AgentId agent, Time time);
  void suspend();
  void resume(Fiber& fiber);
  static void change(Fiber& from, Fiber& to, bool first);
  static void trampoline(unsigned high, unsigned low);

  std::size_t stack_bytes_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  using Queue = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;
  Queue& first_queue();

  Queue agents_;   ///< entries of agents
  Queue actions_;  ///< of at()
  Fiber* current_ = nullptr;
  std::unique_ptr<Fiber> main_;
  Time now_ = 0;
  Time until_ = 0;  ///< of the run in progress
  std::uint64_t order_ = 0;
  std::uint64_t switches_ = 0;
  bool stopped_ = false;
  bool unwinding_ = false;
  std::exception_ptr error_;
};

}  // namespace xive::ppc::host
