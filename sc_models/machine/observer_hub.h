// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sc_models/machine/profile.h"
#include "sc_models/xive/observer.h"

namespace xive::machine {

/// Hands everything that one chip tells to any number of observers, in the order of their add().
class ObserverHub final : public ic::Observer, public ic::HopObserver {
 public:
  explicit ObserverHub(Profile& profile) : profile_(profile) {}

  /// Not owned.
  void add(ic::Observer& observer) { observers_.push_back(&observer); }
  void add_hops(ic::HopObserver& observer) { hop_observers_.push_back(&observer); }

  void on_hop(const ic::HopRecord& hop) override {
    const PartScope scope(profile_, Part::Rules);
    for (ic::HopObserver* observer : hop_observers_) observer->on_hop(hop);
  }

#define XIVE_FORWARD(name, type)          \
  void name(const type& event) override { \
    tell(&ic::Observer::name, event);     \
  }
  XIVE_FORWARD(on_pq, ic::PqEvent)
  XIVE_FORWARD(on_esb_access, ic::EsbAccessEvent)
  XIVE_FORWARD(on_trigger, ic::TriggerEvent)
  XIVE_FORWARD(on_eas, ic::EasEvent)
  XIVE_FORWARD(on_end, ic::EndEvent)
  XIVE_FORWARD(on_present, ic::PresentEvent)
  XIVE_FORWARD(on_nvt, ic::NvtEvent)
  XIVE_FORWARD(on_escalation, ic::EscalationEvent)
  XIVE_FORWARD(on_vsd, ic::VsdEvent)
  XIVE_FORWARD(on_vsd_write, ic::VsdWriteEvent)
  XIVE_FORWARD(on_watch, ic::WatchEvent)
  XIVE_FORWARD(on_poll, ic::PollEvent)
  XIVE_FORWARD(on_sync, ic::SyncEvent)
  XIVE_FORWARD(on_table_array, ic::TableArrayEvent)
  XIVE_FORWARD(on_vc_decode, ic::VcDecodeEvent)
  XIVE_FORWARD(on_indirect, ic::IndirectEvent)
  XIVE_FORWARD(on_register, ic::RegisterEvent)
  XIVE_FORWARD(on_enable, ic::EnableEvent)
#undef XIVE_FORWARD
  void on_outcome(ic::TraceId trace, ic::Outcome outcome) override {
    const PartScope scope(profile_, Part::Rules);
    for (ic::Observer* observer : observers_) observer->on_outcome(trace, outcome);
  }
  void on_kill(bool pc) override {
    for (ic::Observer* observer : observers_) observer->on_kill(pc);
  }

 private:
  template <typename Event>
  void tell(void (ic::Observer::*method)(const Event&), const Event& event) {
    const PartScope scope(profile_, Part::Rules);
    for (ic::Observer* observer : observers_) (observer->*method)(event);
  }
  Profile& profile_;
  std::vector<ic::Observer*> observers_;
  std::vector<ic::HopObserver*> hop_observers_;
};

}  // namespace xive::machine
