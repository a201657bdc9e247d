// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sc_models/ppc/host/executor.h"
#include "sc_models/ppc/host/fiber_executor.h"

namespace xive::ppc::host {

/// An Executor for those who ask it at every access: on fibers the questions are inlined.
class ExecutorRef {
 public:
  /// `executor` is not owned.
  explicit ExecutorRef(Executor& executor)
      : any_(executor), fibers_(dynamic_cast<FiberExecutor*>(&executor)) {}

  Executor& get() const { return any_; }
  Time now() const { return fibers_ != nullptr ? fibers_->now() : any_.now(); }
  bool in_agent() const { return fibers_ != nullptr ? fibers_->in_agent() : any_.in_agent(); }
  Time next_event() const { return fibers_ != nullptr ? fibers_->next_event() : any_.next_event(); }
  Time next_action() const {
    return fibers_ != nullptr ? fibers_->next_action() : any_.next_action();
  }
  bool pass_to(Time time) const {
    return fibers_ != nullptr ? fibers_->pass_to(time) : any_.pass_to(time);
  }
  void at(Time time, Executor::ActionId action) const {
    if (fibers_ != nullptr) {
      fibers_->at(time, action);
    } else {
      any_.at(time, action);
    }
  }
  void wait_until(Time time) const {
    if (fibers_ != nullptr) {
      fibers_->wait_until(time);
    } else {
      any_.wait_until(time);
    }
  }

 private:
  Executor& any_;
  FiberExecutor* fibers_;
};

}  // namespace xive::ppc::host
