// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "sc_models/machine/config.h"
#include "sc_models/machine/profile.h"
#include "sc_models/machine/table_cache.h"
#include "sc_models/ppc/host/executor_ref.h"
#include "sc_models/xive/observer.h"
#include "sc_models/xive/router/near_fifo.h"
#include "sc_models/xive/router/router.h"

namespace xive::machine {

/// Puts time between the steps of one chip's router: each step is taken when the event has passed
/// the hops of the step before, and the first one when its message has come. One event is in work
/// at a time, the others queue.
class alignas(64) RouterPacer final : public ic::HopObserver, private ic::Router::WorkSink {
 public:
  /// References must outlive the pacer. `forwarding` is shared by all chips: true from a forward
  /// until its message has reached the other router.
  RouterPacer(ic::Router& router, ppc::host::Executor& executor, Hops& hops, unsigned chip,
              const RouterCaches& caches, Profile& profile, bool& forwarding)
      : router_(router),
        executor_(executor),
        hops_(hops),
        profile_(profile),
        forwarding_(forwarding),
        chip_(chip),
        fetches_(caches.eas != 0 || caches.end != 0 || caches.vp != 0),
        eas_(caches.eas),
        end_(caches.end),
        vp_(caches.vp) {
    router_.set_paced(true, this);
    steps_ = executor.keep([this] { steps(); });
  }

  const TableCache& eas_cache() const { return eas_; }
  const TableCache& end_cache() const { return end_; }
  const TableCache& vp_cache() const { return vp_; }
  /// Events that waited at once while another was in work or their messages were on their way.
  std::uint64_t most_queued() const { return most_queued_; }

  void on_hop(const ic::HopRecord& hop) override {
    switch (hop.hop) {
      case ic::Hop::Eas:
        look_up(eas_, hop, kEasBytes);
        return pass(HopId::Eas, kEasBytes);
      case ic::Hop::End:
        look_up(end_, hop, kEndBytes);
        return pass(HopId::End, kEndBytes);
      case ic::Hop::EqWrite:
        return pass(HopId::EqWrite, kEqBytes);
      case ic::Hop::Backlog:
        look_up(vp_, hop, kVpBytes);
        return pass(HopId::Backlog, kBacklogBytes);
      case ic::Hop::Escalation:
        return pass(HopId::Escalation, kMessageBytes);
      case ic::Hop::Forward:
        forwarding_ = true;
        return;
      default:
        return;
    }
  }

 private:
  static constexpr unsigned kMessageBytes = 8, kEasBytes = 8, kEndBytes = 32, kVpBytes = 64,
                            kEqBytes = 4, kBacklogBytes = 4;

  void look_up(TableCache& cache, const ic::HopRecord& hop, unsigned bytes) {
    if (fetches_ && !cache.touch(hop.blk, hop.idx)) pass(HopId::Fetch, bytes);
  }
  void pass(HopId hop, unsigned bytes) {
    ready_ = hops_.at(hop, chip_).admit(std::max(ready_, executor_.now()), bytes);
  }

  void on_work() override {
    while (arrivals_.size() < router_.queued()) {
      const HopId way = forwarding_ ? HopId::Forward : HopId::Message;
      forwarding_ = false;
      arrivals_.push(hops_.at(way, chip_).admit(executor_.now(), kMessageBytes));
    }
    most_queued_ = std::max(most_queued_, static_cast<std::uint32_t>(arrivals_.size()));
    schedule();
  }
  bool more() const { return !router_.waits() && !router_.idle(); }
  /// When the next step is due.
  Time due() const {
    const Time ready = std::max(ready_, executor_.now());
    // Messages do not overtake, wherever they come from.
    return router_.between_events() ? std::max(ready, arrivals_.front()) : ready;
  }
  void schedule() {
    if (scheduled_ || stepping_ || !more()) return;
    scheduled_ = true;
    executor_.at(due(), steps_);
  }
  void steps() {
    scheduled_ = false;
    stepping_ = true;
    {
      const PartScope scope(profile_, Part::Routers);
      do {
        if (router_.between_events()) arrivals_.pop();
        router_.step();
      } while (more() && executor_.pass_to(due()));
    }
    stepping_ = false;
    schedule();
  }

  // What every step looks at comes first, in two lines of a cache.
  ic::Router& router_;
  ppc::host::ExecutorRef executor_;
  Hops& hops_;
  Profile& profile_;
  bool& forwarding_;
  Time ready_ = 0;  ///< when the event in work has passed the hops so far
  unsigned chip_;
  ppc::host::Executor::ActionId steps_{};
  ic::NearFifo<Time, 2> arrivals_;  ///< of the events that wait in the router's queue
  std::uint32_t most_queued_ = 0;
  bool scheduled_ = false;
  bool stepping_ = false;
  bool fetches_;  ///< one of the caches has a size
  TableCache eas_, end_, vp_;
};

}  // namespace xive::machine
