// SPDX-License-Identifier: Apache-2.0
#include "sc_models/xive/presenter/presenter.h"

#include <bit>

namespace xive::ic {

Presenter::Result Presenter::start(const tima::PresenterRequest& match, TraceId trace) {
  event_ = {.trace = trace, .match = match};
  event_.match.cmd = tima::PresenterCmd::Match;
  busy_ = true;
  searches_.at(place_).key = vp_key(event_.match.blk, event_.match.idx);
  refusals_ = 0;
  phase_ = Phase::Search;
  env_.hop(trace, Hop::Match, event_.match.blk, event_.match.idx);
  return run();
}

void Presenter::send(unsigned core, bool alone) {
  ++match_requests_;
  ++outstanding_;
  if (const auto answer = bus_.present(core, event_.match, *this, alone)) collect(core, *answer);
}

void Presenter::search() {
  searches_.at(place_).again = false;
  event_.matches = 0;
  outstanding_ = 0;
  phase_ = Phase::Searching;
  if (filter_ != nullptr && !event_.match.ignore) {
    const auto candidates = filter_->lookup(vp_key(event_.match.blk, event_.match.idx));
    if (candidates.size() == 1) return send(candidates.front(), true);
    for (const std::uint32_t core : candidates) send(core, false);
  } else {
    for (unsigned core = 0; core < bus_.cores(); ++core) send(core, bus_.cores() == 1);
  }
}

void Presenter::collect(unsigned core, const tima::PresenterResponse& response) {
  --outstanding_;
  const std::uint8_t match = response.match;
  if (match == 0) return;
  // First match in ascending (core, thread) order, whatever the order of the answers.
  if (event_.matches == 0 || core < event_.core) {
    event_.core = core;
    event_.thread = static_cast<std::uint8_t>(std::countr_zero(match));
    event_.ring = response.ring[event_.thread];
  }
  // Rarely more than one; a bit count may be a call of a library.
  event_.matches += (match & (match - 1U)) == 0 ? 1U : static_cast<unsigned>(std::popcount(match));
}

Presenter::Result Presenter::finish(Result result) {
  busy_ = false;
  searches_.at(place_).key = SearchBoard::kNone;
  event_.delivered = result == Result::Delivered;
  return result;
}

Presenter::Result Presenter::run() {
  for (;;) {
    switch (phase_) {
      case Phase::Search:
        search();
        break;
      case Phase::Searching:
        if (outstanding_ != 0) return Result::Pending;
        if (event_.matches == 0) {
          if (!searches_.at(place_).again) return finish(Result::NotDelivered);
          phase_ = Phase::Search;
          break;
        }
        if (event_.matches > 1 && !event_.multi_reported &&
            !env_.broken(Defect::B39SecondMatchSilent)) {
          event_.multi_reported = true;
          env_.fir.report(FirId::MultiMatch, entry_detail(event_.match.blk, event_.match.idx));
        }
        if (event_.match.format && !user_ring_) return finish(Result::Delivered);
        {
          tima::PresenterRequest present = event_.match;
          present.cmd = tima::PresenterCmd::Present;
          present.thread = event_.thread;
          present.ring = event_.ring;
          phase_ = Phase::Presenting;
          ack_ = Ack::Open;
          env_.hop(event_.trace, Hop::Present, event_.match.blk, event_.match.idx);
          if (const auto answer = bus_.present(event_.core, present, *this, true)) {
            acknowledge(answer->ack);
          }
        }
        break;
      case Phase::Presenting:
        if (ack_ == Ack::Open) return Result::Pending;
        if (ack_ == Ack::Accepted) return finish(Result::Delivered);
        // The thread changed since the search: look again. A bound keeps a broken TIMA from
        // stopping the chip.
        if (++refusals_ > kMaxRefusals) {
          env_.fir.report(FirId::PresentLivelock, entry_detail(event_.match.blk, event_.match.idx));
          return finish(Result::NotDelivered);
        }
        phase_ = Phase::Search;
        break;
    }
  }
}

void Presenter::on_presenter_answer(unsigned core, const tima::PresenterResponse& response) {
  if (!busy_) return;
  if (phase_ == Phase::Presenting) {
    acknowledge(response.ack);
  } else {
    collect(core, response);
    if (outstanding_ != 0) return;
  }
  const Result result = run();
  if (result != Result::Pending && client_ != nullptr) client_->on_presented(result);
}

}  // namespace xive::ic
