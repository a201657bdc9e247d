// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/tlm/systemc_executor.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace xive::ppc::tlm_face {

using platform::kNever;
using platform::Time;

namespace {

constexpr std::size_t kStackBytes = 256 * 1024;

sc_core::sc_time span(Time picoseconds) {
  return sc_core::sc_time::from_value(picoseconds);
}

}  // namespace

SystemCExecutor::SystemCExecutor(const sc_core::sc_module_name& name) : sc_module(name) {
  if (sc_core::sc_get_time_resolution() != sc_core::sc_time(1, sc_core::SC_PS)) {
    throw std::logic_error("SystemCExecutor: the time resolution must be 1 ps");
  }
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&action_event_);
  sc_core::sc_spawn([this] { run_actions(); }, sc_core::sc_gen_unique_name("actions"), &options);
}

void SystemCExecutor::fail() {
  if (!error_) error_ = std::current_exception();
  sc_core::sc_pause();
}

host::Executor::AgentId SystemCExecutor::spawn(const std::string& agent_name, Body body) {
  agents_.push_back(std::make_unique<Agent>());
  Agent& agent = *agents_.back();
  agent.body = std::move(body);
  sc_core::sc_spawn_options options;
  options.set_stack_size(kStackBytes);
  // The kernel ends a process by an exception that is no std::exception; that one passes.
  sc_core::sc_spawn(
      [this, &agent] {
        try {
          agent.body();
        } catch (const std::exception&) {
          fail();
        }
      },
      sc_core::sc_gen_unique_name(agent_name.c_str()), &options);
  return agents_.size() - 1;
}

bool SystemCExecutor::in_agent() const {
  return sc_core::sc_get_current_process_handle().proc_kind() == sc_core::SC_THREAD_PROC_;
}

void SystemCExecutor::wait_until(Time time) {
  if (time < now()) throw std::logic_error("wait_until: time in the past");
  sc_core::wait(span(time - now()));
}

void SystemCExecutor::sleep(AgentId self, Time deadline) {
  Agent& agent = *agents_.at(self);
  agent.sleeping = true;
  if (deadline == kNever) {
    sc_core::wait(agent.event);
  } else {
    sc_core::wait(span(deadline > now() ? deadline - now() : 0), agent.event);
  }
  agent.sleeping = false;
}

void SystemCExecutor::wake(AgentId agent) {
  Agent& sleeper = *agents_.at(agent);
  if (!sleeper.sleeping) return;
  sleeper.sleeping = false;
  sleeper.event.notify(sc_core::SC_ZERO_TIME);
}

Time SystemCExecutor::next_event() const {
  if (sc_core::sc_pending_activity_at_current_time()) return now();
  if (!sc_core::sc_pending_activity_at_future_time()) return until_;
  return std::min<Time>(until_, now() + sc_core::sc_time_to_pending_activity().value());
}

Time SystemCExecutor::next_action() const {
  return actions_.empty() ? until_ : std::min(until_, actions_.top().time);
}

void SystemCExecutor::at(Time time, std::function<void()> action) {
  push_action(time, std::make_shared<std::function<void()>>(std::move(action)));
}

host::Executor::ActionId SystemCExecutor::keep(std::function<void()> action) {
  kept_.push_back(std::make_shared<std::function<void()>>(std::move(action)));
  return static_cast<ActionId>(kept_.size() - 1);
}

void SystemCExecutor::at(Time time, ActionId action) {
  push_action(time, kept_.at(static_cast<std::size_t>(action)));
}

void SystemCExecutor::push_action(Time time, std::shared_ptr<std::function<void()>> call) {
  if (time < now()) throw std::logic_error("at: time in the past");
  actions_.push({time, order_++, std::move(call)});
  // An earlier notification of the event stays in force.
  action_event_.notify(span(time - now()));
}

void SystemCExecutor::run_actions() {
  try {
    while (!actions_.empty() && actions_.top().time <= now()) {
      const Action action = actions_.top();
      actions_.pop();
      (*action.call)();
    }
  } catch (const std::exception&) {
    fail();
  }
  if (!actions_.empty()) action_event_.notify(span(actions_.top().time - now()));
}

void SystemCExecutor::run(Time until) {
  until_ = until;
  if (until == kNever) {
    sc_core::sc_start();
  } else {
    sc_core::sc_start(span(until - now()), sc_core::SC_RUN_TO_TIME);
  }
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

}  // namespace xive::ppc::tlm_face
