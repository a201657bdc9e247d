// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include <systemc>

#include "sc_models/ppc/host/executor.h"

namespace xive::ppc::tlm_face {

/// Executor whose agents are SC_THREADs, so that what they call may wait() inside. The kernel's
/// time resolution must be 1 ps (its default): std::logic_error otherwise.
class SystemCExecutor final : public sc_core::sc_module, public host::Executor {
 public:
  explicit SystemCExecutor(const sc_core::sc_module_name& name);

  platform::Time now() const override { return sc_core::sc_time_stamp().value(); }
  AgentId spawn(const std::string& name, Body body) override;
  bool in_agent() const override;
  void wait_until(platform::Time time) override;
  void sleep(AgentId self, platform::Time deadline) override;
  void wake(AgentId agent) override;
  platform::Time next_event() const override;
  platform::Time next_action() const override;
  void at(platform::Time time, std::function<void()> action) override;
  ActionId keep(std::function<void()> action) override;
  void at(platform::Time time, ActionId action) override;
  void run(platform::Time until) override;
  void stop() override { sc_core::sc_pause(); }

 private:
  struct Agent {
    std::string name;
    Body body;
    sc_core::sc_event event;
    bool sleeping = false;
  };
  struct Action {
    platform::Time time;
    std::uint64_t order;
    std::shared_ptr<std::function<void()>> call;
    bool operator>(const Action& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  void push_action(platform::Time time, std::shared_ptr<std::function<void()>> call);
  void run_actions();
  void fail();

  std::vector<std::unique_ptr<Agent>> agents_;
  std::priority_queue<Action, std::vector<Action>, std::greater<>> actions_;
  std::vector<std::shared_ptr<std::function<void()>>> kept_;
  sc_core::sc_event action_event_;
  std::uint64_t order_ = 0;
  platform::Time until_ = 0;
  std::exception_ptr error_;
};

}  // namespace xive::ppc::tlm_face
