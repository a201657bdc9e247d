// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sc_models/machine/config.h"
#include "sc_models/machine/profile.h"
#include "sc_models/ppc/host/executor.h"
#include "sc_models/xive/observer.h"
#include "sc_models/xive/router/router.h"

namespace xive::machine {

/// Puts time between the steps of one chip's router: each step is taken when the stations that the
/// step before passed have had their latency. One event is in work at a time, the others queue.
class RouterPacer final : public ic::HopObserver, private ic::Router::WorkSink {
 public:
  /// References must outlive the pacer. `forwarding` is shared by all chips: true from a forward
  /// until its message has reached the other router.
  RouterPacer(ic::Router& router, ppc::host::Executor& executor, const Latencies& latency,
              Profile& profile, bool& forwarding)
      : router_(router),
        executor_(executor),
        latency_(latency),
        profile_(profile),
        forwarding_(forwarding) {
    router_.set_paced(true, this);
  }

  void on_hop(const ic::HopRecord& hop) override {
    switch (hop.hop) {
      case ic::Hop::Eas:
        delay_ += latency_.after_eas;
        break;
      case ic::Hop::End:
        delay_ += latency_.after_end;
        break;
      case ic::Hop::EqWrite:
        delay_ += latency_.after_eq_write;
        break;
      case ic::Hop::Backlog:
        delay_ += latency_.after_backlog;
        break;
      case ic::Hop::Escalation:
        delay_ += latency_.after_escalation;
        break;
      case ic::Hop::Forward:
        forwarding_ = true;
        break;
      default:
        break;
    }
  }

 private:
  void on_work() override {
    const Time transport = forwarding_ ? latency_.forward : latency_.message;
    forwarding_ = false;
    if (scheduled_ || stepping_ || router_.idle()) return;
    // After a search the router goes on at once; else a message has just come in.
    schedule(searching_ ? take_delay() : transport);
    searching_ = false;
  }
  void schedule(Time delay) {
    scheduled_ = true;
    executor_.at(executor_.now() + delay, [this] { step(); });
  }
  Time take_delay() {
    const Time delay = delay_;
    delay_ = 0;
    return delay;
  }
  void step() {
    scheduled_ = false;
    stepping_ = true;
    delay_ = 0;
    const PartScope scope(profile_, Part::Routers);
    const bool more = router_.step();
    stepping_ = false;
    if (more && !router_.idle()) {
      schedule(take_delay());
    } else {
      // Nothing to do although not idle: it waits for a TIMA, the hook comes later.
      searching_ = !more && !router_.idle();
    }
  }

  ic::Router& router_;
  ppc::host::Executor& executor_;
  const Latencies& latency_;
  Profile& profile_;
  bool& forwarding_;
  Time delay_ = 0;
  bool scheduled_ = false;
  bool stepping_ = false;
  bool searching_ = false;
};

}  // namespace xive::machine
