// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace xive::machine {

/// Parts of the simulator; what belongs to no other is done by processors, bus and kernel.
enum class Part : std::uint8_t { Processors, Routers, Timas, Rules };
inline constexpr unsigned kParts = 4;

/// What the simulator does just now, for somebody who looks from time to time, e.g. from a signal
/// handler. It never influences the simulation.
class Profile {
 public:
  Part part() const { return part_.load(std::memory_order_relaxed); }
  void set_part(Part part) { part_.store(part, std::memory_order_relaxed); }

 private:
  std::atomic<Part> part_{Part::Processors};
};

/// During its life the simulator works for `part`. Not around anything that lets other agents run.
class PartScope {
 public:
  PartScope(Profile& profile, Part part) : profile_(profile), before_(profile.part()) {
    profile_.set_part(part);
  }
  ~PartScope() { profile_.set_part(before_); }
  PartScope(const PartScope&) = delete;
  PartScope& operator=(const PartScope&) = delete;

 private:
  Profile& profile_;
  Part before_;
};

}  // namespace xive::machine
