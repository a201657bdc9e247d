// SPDX-License-Identifier: Apache-2.0
/// Presenter of one chip: search over all cores of all chips, choice, delivery with re-validation
/// (xive-chip.md 6.3 and 10). One notification at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "sc_models/xive/environment.h"
#include "sc_models/xive/presenter/presenter_bus.h"
#include "sc_models/xive/presenter/vp_filter.h"

namespace xive::ic {

class alignas(64) Presenter final : public PresenterSink {
 public:
  enum class Result : std::uint8_t { Pending, Delivered, NotDelivered };

  /// Told when a Pending notification ends.
  class Client {
   public:
    virtual ~Client() = default;
    virtual void on_presented(Result result) = 0;
  };

  /// References must outlive the presenter. `searches` is where it says what it searches for: when
  /// that VP moves meanwhile, it searches again before it concludes "not delivered" (order O2).
  Presenter(Environment& env, PresenterBus& bus, SearchBoard& searches, bool user_ring)
      : env_(env), bus_(bus), searches_(searches), place_(searches.join()), user_ring_(user_ring) {}

  void bind(Client& client) { client_ = &client; }
  /// Null asks every core (same results, slower). Not owned; must outlive the presenter.
  void set_filter(VpFilter* filter) {
    filter_ = filter;
    if (filter != nullptr) filter->tell(searches_);
  }

  /// `match.cmd` is set here. Not to be called while a notification is pending.
  Result start(const tima::PresenterRequest& match, TraceId trace);

  /// What happened in the notification that ended last.
  const PresentEvent& last() const { return event_; }
  std::uint64_t match_requests() const { return match_requests_; }

  void on_presenter_answer(unsigned core, const tima::PresenterResponse& response) override;

 private:
  enum class Phase : std::uint8_t { Search, Searching, Presenting };
  enum class Ack : std::uint8_t { Open, Accepted, Refused };
  static constexpr unsigned kMaxRefusals = 1000;

  Result run();
  void search();
  void send(unsigned core, bool alone);
  void collect(unsigned core, const tima::PresenterResponse& response);
  void acknowledge(bool accepted) { ack_ = accepted ? Ack::Accepted : Ack::Refused; }
  Result finish(Result result);

  // One line of a cache, and one for the notification.
  Environment& env_;
  PresenterBus& bus_;
  SearchBoard& searches_;
  Client* client_ = nullptr;
  VpFilter* filter_ = nullptr;
  unsigned place_;
  unsigned outstanding_ = 0;
  unsigned refusals_ = 0;
  bool user_ring_;
  bool busy_ = false;
  Phase phase_ = Phase::Search;
  Ack ack_ = Ack::Open;
  PresentEvent event_{};
  std::uint64_t match_requests_ = 0;
};

}  // namespace xive::ic
