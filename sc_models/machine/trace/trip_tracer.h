// SPDX-License-Identifier: Apache-2.0
/// Follows every interrupt from its source to its EOI and measures the time between the stations on
/// its way. It only collects; latency_table.h and the result writers show what it found.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sc_models/machine/machine.h"
#include "sc_models/platform/timing/latency_samples.h"
#include "sc_models/rules/flat_map.h"

namespace xive::machine {

using platform::LatencySamples;

/// Stations, in the order in which they can happen. The latency of a station is the time since the
/// station before it on the same trip.
enum class Station : std::uint8_t {
  Source,   ///< trigger accepted; its store took this long from the thread
  Esb,      ///< PQ automaton passed
  Forward,  ///< sent to another chip
  Eas,
  End,
  EqWrite,
  Match,
  Present,  ///< PRESENT acked by the TIMA
  Backlog,  ///< recorded in the VP structure
  Escalation,
  Resend,     ///< pending when its virtual processor was pushed
  Line,       ///< line seen by the thread
  Exception,  ///< interrupt taken
  Ack,
  Eoi,
};
inline constexpr unsigned kStations = 15;

enum class TripKind : std::uint8_t { Ipi, Msi, Lsi, Escalation, Renotify };
inline constexpr unsigned kTripKinds = 5;

std::string_view to_string(Station station);
std::string_view to_string(TripKind kind);

/// One hop of one interrupt.
struct TripStation {
  std::uint64_t trip = 0;  ///< number of the interrupt
  TripKind kind = TripKind::Ipi;
  Station station = Station::Source;  ///< that was reached
  platform::Time begin = 0, end = 0;  ///< since the station before it
};

/// Hears of each hop as it happens.
class TripListener {
 public:
  virtual ~TripListener() = default;
  virtual void on_station(const TripStation& station) = 0;
};

class TripTracer final : public MachineObserver,
                         public ic::Observer,
                         public ic::HopObserver,
                         public ppc::ThreadObserver {
 public:
  /// Observes `machine`, which is not owned.
  explicit TripTracer(Machine& machine);

  struct Kind {
    std::uint64_t started = 0;   ///< triggers that reached a router
    std::uint64_t finished = 0;  ///< EOI seen
    std::uint64_t dropped = 0;   ///< stopped on the way: PQ, masked, fault
    std::array<LatencySamples, kStations> hops;
    LatencySamples to_exception;  ///< source to interrupt taken
    LatencySamples to_eoi;        ///< source to EOI
  };
  Kind& kind(TripKind which) { return kinds_[static_cast<std::size_t>(which)]; }
  /// At most one; null removes it. Not owned.
  void set_listener(TripListener* listener) { listener_ = listener; }
  /// Trips that have not come to their end.
  std::uint64_t open() const { return slots_.size() - free_.size(); }

  void on_hop(const ic::HopRecord& hop) override;
  void on_trigger(const ic::TriggerEvent& event) override;
  void on_pq(const ic::PqEvent& event) override;
  void on_esb_access(const ic::EsbAccessEvent& event) override;
  void on_escalation(const ic::EscalationEvent& event) override;
  void on_outcome(ic::TraceId trace, ic::Outcome outcome) override;
  void on_tima(unsigned core, const tima::Event& event, platform::Time time) override;
  void on_lines(unsigned thread, const tima::Lines& before, const tima::Lines& after,
                platform::Time time) override;
  void on_interrupt(const ppc::HardwareThread& thread, const ppc::TakenInterrupt& taken) override;

 private:
  using Time = platform::Time;
  using Key = std::uint64_t;  ///< of a source, an END or a VP
  struct Trip {
    std::uint32_t generation = 0;
    TripKind kind = TripKind::Ipi;
    std::uint8_t prio = 0;
    bool lined = false, taken = false, acked = false;
    bool routing = false;  ///< the router is not done with it
    Key source = 0;
    Key end = 0;  ///< END whose EOI started it
    Time start = 0, last = 0;
    std::uint64_t number = 0;
  };
  struct Ref {
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
  };
  using Refs = std::vector<Ref>;

  static Key source_key(unsigned blk, std::uint32_t idx) { return std::uint64_t{blk} << 32U | idx; }
  static Key unit_key(unsigned id, std::uint32_t n) { return Key{1} << 60U | Key{id} << 32U | n; }
  static Key end_key(unsigned blk, std::uint32_t idx) {
    return Key{2} << 60U | Key{blk} << 32U | idx;
  }

  Ref add(TripKind kind, Key source, Time time);
  Trip* get(Ref ref) {
    Trip& trip = slots_[ref.slot];
    return trip.generation == ref.generation ? &trip : nullptr;
  }
  void remove(Ref ref);
  void reach(Trip& trip, Station station, Time time);
  void finish(Key source, Time time);
  Refs& pending(unsigned thread, bool os) { return pending_[2ULL * thread + (os ? 1U : 0U)]; }
  void presented(const tima::Event& event, unsigned thread, Time time);
  void acknowledged(unsigned thread, bool os, unsigned prio, Time time);
  void context_changed(unsigned thread, const tima::Event& event, Time time);

  Machine& machine_;
  TripListener* listener_ = nullptr;
  std::uint64_t trips_ = 0;
  std::array<Kind, kTripKinds> kinds_;
  std::vector<Trip> slots_;
  std::vector<std::uint32_t> free_;
  FlatMap<Ref> routing_;       ///< by trace
  FlatMap<Ref> by_source_;     ///< written to a queue, EOI to come
  FlatMap<TripKind> kind_of_;  ///< of a source, as last triggered
  FlatMap<Key> unit_source_;   ///< source unit to EAS
  FlatMap<Refs> presenting_;   ///< by VP, in the order of PRESENTs
  FlatMap<Refs> away_;         ///< by VP: waiting for its push
  std::vector<Refs> pending_;  ///< per thread: PHYS and POOL, OS
  Key unit_sending_ = 0;
  bool unit_lsi_ = false;
  Key escalating_ = 0;
};

}  // namespace xive::machine
