// SPDX-License-Identifier: Apache-2.0
#include "sc_models/machine/trace/trip_tracer.h"

#include <utility>

#include "sc_models/machine/rules/context_view.h"

namespace xive::machine {

std::string_view to_string(Station station) {
  static constexpr std::array<std::string_view, kStations> kNames = {
      "source",  "esb",        "forward", "eas",  "end",       "eq_write", "match", "present",
      "backlog", "escalation", "resend",  "line", "exception", "ack",      "eoi"};
  return kNames[static_cast<std::size_t>(station)];
}

std::string_view to_string(TripKind kind) {
  static constexpr std::array<std::string_view, kTripKinds> kNames = {"ipi", "msi", "lsi",
                                                                      "escalation", "renotify"};
  return kNames[static_cast<std::size_t>(kind)];
}

namespace {

Station station_of(ic::Hop hop) {
  switch (hop) {
    case ic::Hop::Esb:
      return Station::Esb;
    case ic::Hop::Forward:
      return Station::Forward;
    case ic::Hop::Eas:
      return Station::Eas;
    case ic::Hop::End:
      return Station::End;
    case ic::Hop::EqWrite:
      return Station::EqWrite;
    case ic::Hop::Match:
      return Station::Match;
    case ic::Hop::Backlog:
      return Station::Backlog;
    case ic::Hop::Escalation:
      return Station::Escalation;
    default:
      return Station::Source;
  }
}

}  // namespace

TripTracer::TripTracer(Machine& machine) : machine_(machine), pending_(2ULL * machine.threads()) {
  machine.observe(*this);
  machine.observe_chips(*this);
  for (unsigned n = 0; n < machine.chips(); ++n) machine.observe_hops(n, *this);
  machine.observe_threads(*this);
}

// ---- Trips

TripTracer::Ref TripTracer::add(TripKind kind, Key source, Time time) {
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back({});
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  const std::uint32_t generation = slots_[slot].generation;
  slots_[slot] = Trip{};
  Trip& trip = slots_[slot];
  trip.generation = generation;
  trip.kind = kind;
  trip.source = source;
  trip.start = trip.last = time;
  trip.routing = true;
  trip.number = ++trips_;
  ++kinds_[static_cast<std::size_t>(kind)].started;
  return {slot, generation};
}

void TripTracer::remove(Ref ref) {
  ++slots_[ref.slot].generation;
  free_.push_back(ref.slot);
}

void TripTracer::reach(Trip& trip, Station station, Time time) {
  // A station of a TIMA that ran ahead can be told before an earlier one.
  const Time since = time > trip.last ? time - trip.last : 0;
  kind(trip.kind).hops[static_cast<std::size_t>(station)].add(since);
  if (listener_ != nullptr) {
    listener_->on_station({trip.number, trip.kind, station, time - since, time});
  }
  if (time > trip.last) trip.last = time;
}

/// EOI of a source, or of the ESe of an END.
void TripTracer::finish(Key source, Time time) {
  const Ref* const found = by_source_.find(source);
  if (found == nullptr) return;
  const Ref ref = *found;
  Trip* trip = get(ref);
  by_source_.erase(source);
  if (trip == nullptr) return;
  reach(*trip, Station::Eoi, time);
  Kind& kind_of_trip = kind(trip->kind);
  kind_of_trip.to_eoi.add(time - trip->start);
  ++kind_of_trip.finished;
  // While the router still works on it (an EOI before the presenter's answer), its hops go on.
  if (trip->routing) {
    trip->source = 0;
  } else {
    remove(ref);
  }
}

// ---- Chips

void TripTracer::on_trigger(const ic::TriggerEvent& event) {
  TripKind kind = TripKind::Renotify;
  Key key = 0;
  if (!event.end_trigger) {
    key = source_key(event.blk, event.idx);
    if (unit_sending_ != 0) {
      unit_source_[unit_sending_] = key;
      kind = unit_lsi_ ? TripKind::Lsi : TripKind::Msi;
      kind_of_[key] = kind;
      unit_sending_ = 0;
    } else {
      if (const TripKind* const known = kind_of_.find(key)) {
        kind = *known;
      } else {
        kind = machine_.requester().is_thread() ? TripKind::Ipi : TripKind::Msi;
        kind_of_[key] = kind;
      }
    }
  }
  // From where the thread issued the store, if that took time.
  const Ref ref = add(kind, key, machine_.issued());
  if (machine_.issued() < machine_.stamp()) reach(*get(ref), Station::Source, machine_.stamp());
  // A re-forwarding EOI of an END is no escalation event of its own.
  if (event.end_trigger) get(ref)->end = end_key(event.blk, event.idx);
  routing_[event.trace] = ref;
}

void TripTracer::on_pq(const ic::PqEvent& event) {
  if (event.place != ic::PqPlace::Unit || !event.forwarded) return;
  unit_sending_ = unit_key(event.blk, event.idx);
  unit_lsi_ = machine_.is_lsi(event.idx);
}

void TripTracer::on_esb_access(const ic::EsbAccessEvent& event) {
  // An EOI: the load form, the store form, or a set to 00 (edge load form).
  if (!event.has_pq || event.error || event.page == ic::EsbPageKind::Trigger) return;
  const unsigned at = event.offset & 0xfffU;
  const bool eoi =
      event.write ? at >= 0x400 && at < 0x800 : at < 0x800 || (at >= 0xc00 && at < 0xd00);
  if (!eoi) return;
  switch (event.place) {
    case ic::PqPlace::Source:
      return finish(source_key(event.blk, event.idx), machine_.stamp());
    case ic::PqPlace::Unit: {
      const Key* const known = unit_source_.find(unit_key(event.blk, event.idx));
      if (known != nullptr) finish(*known, machine_.stamp());
      return;
    }
    case ic::PqPlace::EndEscalate:
      return finish(end_key(event.blk, event.idx), machine_.stamp());
    case ic::PqPlace::EndNotify:
      return;
  }
}

void TripTracer::on_hop(const ic::HopRecord& hop) {
  if (hop.trace == 0) return;
  Ref* const found = routing_.find(hop.trace);
  if (found == nullptr) return;
  const Time now = machine_.stamp();
  Trip* trip = get(*found);
  if (trip == nullptr) return;
  switch (hop.hop) {
    case ic::Hop::Source:
    case ic::Hop::Sync:
      return;
    case ic::Hop::Present:
      presenting_[source_key(hop.blk, hop.idx)].push_back(*found);
      return;
    case ic::Hop::Escalation: {
      // From here on two things are on their way: the event itself waits for its virtual
      // processor, and the escalation goes on under the same trace.
      reach(*trip, Station::Escalation, now);
      const Trip parent = *trip;
      trip->routing = false;
      if (!by_source_.contains(parent.source)) remove(*found);
      *found = add(TripKind::Escalation, parent.end != 0 ? parent.end : escalating_, now);
      Trip* child = get(*found);
      child->start = parent.start;
      return;
    }
    default:
      break;
  }
  reach(*trip, station_of(hop.hop), now);
  if (hop.hop == ic::Hop::EqWrite && trip->source != 0) {
    const auto [live, fresh] = by_source_.insert(trip->source, *found);
    if (!fresh && live->slot != found->slot) {
      // Software set PQ by hand: there is no EOI for the one before.
      Trip* older = get(*live);
      if (older != nullptr && !older->routing) remove(*live);
      *live = *found;
    }
  }
  if (hop.hop == ic::Hop::Backlog) away_[source_key(hop.blk, hop.idx)].push_back(*found);
}

void TripTracer::on_escalation(const ic::EscalationEvent& event) {
  escalating_ = end_key(event.blk, event.idx);
}

void TripTracer::on_outcome(ic::TraceId trace, ic::Outcome outcome) {
  const Ref* const found = routing_.find(trace);
  if (found == nullptr) return;
  const Ref ref = *found;
  routing_.erase(trace);
  Trip* trip = get(ref);
  if (trip == nullptr) return;
  trip->routing = false;
  switch (outcome) {
    case ic::Outcome::Delivered:
    case ic::Outcome::Coalesced:
    case ic::Outcome::Backlogged:
    case ic::Outcome::EscalationStopped: {
      // Nothing more to come: its EOI has been, or it has none.
      if (trip->source == 0 || !by_source_.contains(trip->source)) remove(ref);
      return;
    }
    default: {
      ++kind(trip->kind).dropped;
      const Ref* const live = by_source_.find(trip->source);
      if (live != nullptr && live->slot == ref.slot) by_source_.erase(trip->source);
      remove(ref);
      return;
    }
  }
}

// ---- TIMAs

void TripTracer::on_tima(unsigned core, const tima::Event& event, Time time) {
  const unsigned thread = core * machine_.config().threads + event.thread;
  if (event.kind == tima::EventKind::Present) return presented(event, thread, time);
  if (event.kind != tima::EventKind::Mmio) return;
  if (const auto ack = accepted(event)) {
    acknowledged(thread, ack->ring == tima::Ring::Os, ack->prio, time);
  }
  if (event.before.word2(tima::Ring::Os) != event.after.word2(tima::Ring::Os)) {
    context_changed(thread, event, time);
  }
}

void TripTracer::presented(const tima::Event& event, unsigned thread, Time time) {
  Refs* const waiting = presenting_.find(source_key(event.presenter.blk, event.presenter.idx));
  if (waiting == nullptr || waiting->empty()) return;
  const Ref ref = waiting->front();
  waiting->erase(waiting->begin());
  Trip* trip = get(ref);
  if (trip == nullptr || !event.presenter_response.ack) return;
  reach(*trip, Station::Present, time);
  trip->prio = event.presenter.prio;
  pending(thread, event.presenter.ring == tima::Ring::Os).push_back(ref);
}

void TripTracer::acknowledged(unsigned thread, bool os, unsigned prio, Time time) {
  std::erase_if(pending(thread, os), [&](Ref ref) {
    Trip* trip = get(ref);
    if (trip == nullptr) return true;
    if (trip->prio != prio) return false;
    reach(*trip, Station::Ack, time);
    return true;
  });
}

/// An OS context was pulled, pushed or replaced.
void TripTracer::context_changed(unsigned thread, const tima::Event& event, Time time) {
  Refs& here = pending(thread, true);
  if (const auto old = os_vp(event.before)) {
    Refs& away = away_[source_key(old->blk, old->idx)];
    away.insert(away.end(), here.begin(), here.end());
    here.clear();
  }
  if (const auto now = os_vp(event.after)) {
    Refs* const back = away_.find(source_key(now->blk, now->idx));
    if (back == nullptr) return;
    for (const Ref ref : *back) {
      Trip* trip = get(ref);
      if (trip == nullptr) continue;
      reach(*trip, Station::Resend, time);
      trip->lined = trip->taken = false;
      here.push_back(ref);
    }
    back->clear();
  }
}

// ---- Threads

void TripTracer::on_lines(unsigned thread, const tima::Lines& before, const tima::Lines& after,
                          Time time) {
  const auto raised = [&](bool was, bool is, bool os) {
    if (was || !is) return;
    for (const Ref ref : pending(thread, os)) {
      Trip* trip = get(ref);
      if (trip == nullptr || trip->lined) continue;
      trip->lined = true;
      reach(*trip, Station::Line, time);
    }
  };
  raised(before.os_ext, after.os_ext, true);
  raised(before.hv_ext, after.hv_ext, false);
}

void TripTracer::on_interrupt(const ppc::HardwareThread& thread, const ppc::TakenInterrupt& taken) {
  const bool os = taken.cause == ppc::Cause::External;
  if (!os && taken.cause != ppc::Cause::HypervisorVirtualization) return;
  const ppc::ThreadConfig& config = thread.config();
  const unsigned number =
      (config.chip * machine_.config().cores + config.core) * machine_.config().threads +
      config.thread;
  for (const Ref ref : pending(number, os)) {
    Trip* trip = get(ref);
    if (trip == nullptr || trip->taken) continue;
    trip->taken = true;
    reach(*trip, Station::Exception, thread.now());
    kind(trip->kind).to_exception.add(thread.now() - trip->start);
  }
}

}  // namespace xive::machine
