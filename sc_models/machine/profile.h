// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace xive::machine {

/// Wall time by part of the simulator. It never influences the simulation.
struct Profile {
  std::uint64_t tima_ns = 0;    ///< TIMA ports: model, RTL, comparison
  std::uint64_t router_ns = 0;  ///< routers and presenters, without the TIMAs
  std::uint64_t tima_calls = 0;
  std::uint64_t router_steps = 0;
};

/// Adds the time of its life to a counter of a profile; nothing when there is no profile.
class ProfileScope {
 public:
  using Clock = std::chrono::steady_clock;
  /// Time that `inner` (may be null) gains meanwhile is not counted.
  ProfileScope(Profile* profile, std::uint64_t Profile::*part, std::uint64_t Profile::*inner)
      : profile_(profile), part_(part), inner_(inner) {
    if (profile_ == nullptr) return;
    begin_ = Clock::now();
    if (inner_ != nullptr) inner_begin_ = profile_->*inner_;
  }
  ~ProfileScope() {
    if (profile_ == nullptr) return;
    const auto spent =
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin_).count();
    const std::uint64_t inside = inner_ != nullptr ? profile_->*inner_ - inner_begin_ : 0;
    const auto total = static_cast<std::uint64_t>(spent);
    profile_->*part_ += total > inside ? total - inside : 0;
  }
  ProfileScope(const ProfileScope&) = delete;
  ProfileScope& operator=(const ProfileScope&) = delete;

 private:
  Profile* profile_;
  std::uint64_t Profile::*part_;
  std::uint64_t Profile::*inner_;
  Clock::time_point begin_{};
  std::uint64_t inner_begin_ = 0;
};

}  // namespace xive::machine
