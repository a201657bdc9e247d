// SPDX-License-Identifier: Apache-2.0
/// What an Observer heard, kept so that it can be told again, also with something broken in it.
#pragma once

#include <vector>

#include "sc_models/tima/event.h"

namespace xive::tima::testing {

/// One call of an Observer; which members mean something follows from `what`.
struct Observation {
  enum class What : std::uint8_t { Event, Match, Memory, Answer };
  What what = What::Event;
  Cycle cycle = 0;
  Event event{};
  PresenterRequest match_request{};
  PresenterResponse match_response{};
  MemoryRequest memory{};
  MemoryResponse answer{};
};

using Recording = std::vector<Observation>;

class Recorder final : public Observer {
 public:
  void on_event(const Event& event) override {
    Observation& o = add(Observation::What::Event, event.cycle);
    o.event = event;
  }
  void on_match(const PresenterRequest& request, const PresenterResponse& response,
                Cycle cycle) override {
    Observation& o = add(Observation::What::Match, cycle);
    o.match_request = request;
    o.match_response = response;
  }
  void on_memory(const MemoryRequest& request, Cycle cycle) override {
    add(Observation::What::Memory, cycle).memory = request;
  }
  void on_memory_answer(const MemoryResponse& response, Cycle cycle) override {
    add(Observation::What::Answer, cycle).answer = response;
  }

  const Recording& recording() const { return recording_; }

 private:
  Observation& add(Observation::What what, Cycle cycle) {
    Observation& o = recording_.emplace_back();
    o.what = what;
    o.cycle = cycle;
    return o;
  }

  Recording recording_;
};

inline void tell(const Observation& o, Observer& observer) {
  switch (o.what) {
    case Observation::What::Event:
      observer.on_event(o.event);
      break;
    case Observation::What::Match:
      observer.on_match(o.match_request, o.match_response, o.cycle);
      break;
    case Observation::What::Memory:
      observer.on_memory(o.memory, o.cycle);
      break;
    case Observation::What::Answer:
      observer.on_memory_answer(o.answer, o.cycle);
      break;
  }
}

inline void tell(const Recording& recording, Observer& observer) {
  for (const Observation& o : recording) {
    tell(o, observer);
  }
}

}  // namespace xive::tima::testing
