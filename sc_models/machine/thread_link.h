// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "sc_models/platform/target.h"
#include "sc_models/platform/timing/hop.h"
#include "sc_models/ppc/host/executor.h"

namespace xive::machine {

/// The way of a thread's accesses to where they take effect: the hop out of the core, then queue
/// and server of the hop to the target, whose link is the way of the answer. The thread waits, so
/// that an access takes effect when it has arrived. Where neither takes time there is no need for
/// one.
class ThreadLink final : public platform::Target {
 public:
  /// Finds the hop to the target of an access; null when there is none.
  using Route = std::function<platform::Hop*(const platform::Request&)>;

  /// References must outlive the link.
  ThreadLink(ppc::host::Executor& executor, platform::Hop& core_bus, Route route,
             platform::Target& next)
      : executor_(executor), core_bus_(core_bus), route_(std::move(route)), next_(next) {}

  /// Issue of the access in progress, or of the last one.
  platform::Time issued() const { return issued_; }

  platform::Response access(const platform::Request& request) override {
    issued_ = request.time;
    platform::Request arrived = request;
    arrived.time = core_bus_.admit(request.time, request.size);
    if (arrived.time > executor_.now()) executor_.wait_until(arrived.time);
    if (platform::Hop* hop = route_(request)) {
      arrived.time = hop->enter(arrived.time, request.size);
      if (arrived.time > executor_.now()) executor_.wait_until(arrived.time);
    }
    platform::Response response = next_.access(arrived);
    response.latency += arrived.time - request.time;
    return response;
  }

 private:
  ppc::host::Executor& executor_;
  platform::Hop& core_bus_;
  Route route_;
  platform::Target& next_;
  platform::Time issued_ = 0;
};

}  // namespace xive::machine
