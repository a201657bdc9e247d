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

class Presenter final : public PresenterSink {
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
  static constexpr unsigned kMaxRefusals = 1000;

  Result run();
  void search();
  void send(unsigned core, bool alone);
  void collect(unsigned core, const tima::PresenterResponse& response);
  Result finish(Result result);

  Environment& env_;
  PresenterBus& bus_;
  SearchBoard& searches_;
  unsigned place_;
  bool user_ring_;
  Client* client_ = nullptr;
  VpFilter* filter_ = nullptr;

  bool busy_ = false;
  Phase phase_ = Phase::Search;
  tima::PresenterRequest request_{};
  PresentEvent event_{};
  unsigned outstanding_ = 0;
  unsigned matches_ = 0;
  unsigned refusals_ = 0;
  unsigned best_core_ = 0;
  std::optional<bool> ack_;
  std::uint64_t match_requests_ = 0;
};

}  // namespace xive::ic
