// SPDX-License-Identifier: Apache-2.0
/// Runs agents (hardware threads with firmware, devices) in simulated time, one at a time. Two
/// implementations: SystemC threads (ppc/tlm/systemc_executor.h) and fibers without SystemC
/// (fiber_executor.h) for fast unit scenarios.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "sc_models/platform/time.h"

namespace xive::ppc::host {

using platform::Time;

/// An agent must not wait or sleep inside a catch block: the C++ runtime keeps one stack of
/// exceptions being handled for all agents of a process.
class Executor : public platform::Clock {
 public:
  using AgentId = std::size_t;
  using Body = std::function<void()>;
  enum class ActionId : std::uint32_t {};

  /// An agent runs `body` once, from the current time on. Agents may be added before run() only.
  virtual AgentId spawn(const std::string& name, Body body) = 0;

  /// The caller is an agent, so that it may wait.
  virtual bool in_agent() const = 0;

  /// Inside an agent: lets simulated time reach `time` (not in the past).
  virtual void wait_until(Time time) = 0;
  /// Inside agent `self`: until wake(self) or `deadline` (kNever: no deadline). Nobody else runs
  /// between the caller's last test of its condition and the sleep, so no wake-up is lost.
  virtual void sleep(AgentId self, Time deadline) = 0;
  /// Ends the sleep of an agent at the current time; nothing if it does not sleep.
  virtual void wake(AgentId agent) = 0;

  /// Inside an agent: nothing else happens before this time (kNever: ever), so up to it the agent
  /// may run ahead of now() without anybody being able to tell.
  virtual Time next_event() const = 0;
  /// The same for the actions of at() alone: other agents may be due before.
  virtual Time next_action() const = 0;

  /// Calls `action` at `time` (not in the past), outside of any agent. Actions of one time run in
  /// the order of the calls.
  virtual void at(Time time, std::function<void()> action) = 0;
  /// Keeps an action that is asked for again and again, as long as the executor lives.
  virtual ActionId keep(std::function<void()> action) = 0;
  /// at() of a kept action.
  virtual void at(Time time, ActionId action) = 0;
  /// Inside an action: true when nothing else happens up to and at `time` (not in the past), which
  /// is now() then: the action goes on with what it would have asked for with at().
  virtual bool pass_to(Time /*time*/) { return false; }

  /// Runs until `until`, until nothing is left to happen, or until stop(). An exception that left
  /// an agent or action is rethrown here.
  virtual void run(Time until) = 0;
  virtual void stop() = 0;
};

}  // namespace xive::ppc::host
