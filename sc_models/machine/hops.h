// SPDX-License-Identifier: Apache-2.0
/// The hops of a machine: every place at which an access or an interrupt takes time
/// (docs/timing.md).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sc_models/platform/timing/hop.h"

namespace xive::machine {

using platform::Time;

enum class HopId : std::uint8_t {
  CoreBus,
  Memory,
  Esb,
  Mmio,
  Xscom,
  Tima,
  Message,
  Forward,
  Eas,
  End,
  EqWrite,
  Backlog,
  Escalation,
  Fetch,
  Broadcast,
  Presenter,
  VpMemory,
  Line,
  Exception,
  Doorbell,
};
inline constexpr unsigned kHops = 20;

/// What has a hop of this kind of its own.
enum class HopScope : std::uint8_t { Machine, Chip, Core };

struct HopInfo {
  HopId id;
  std::string_view name;  ///< in configurations and results
  HopScope scope;
  Time latency;  ///< default
  std::string_view what;
};

inline constexpr std::array<HopInfo, kHops> kHopInfo = {{
    {HopId::CoreBus, "core_bus", HopScope::Core, 0, "every access of a thread, on its way out"},
    {HopId::Memory, "memory", HopScope::Machine, 60'000, "load or store of a thread to memory"},
    {HopId::Esb, "esb", HopScope::Chip, 100'000, "load or store of a thread to an ESB page"},
    {HopId::Mmio, "mmio", HopScope::Chip, 100'000,
     "load or store of a thread to another page or device"},
    {HopId::Xscom, "xscom", HopScope::Chip, 500'000, "register access through XSCOM"},
    {HopId::Tima, "tima", HopScope::Core, 10'000,
     "thread to its TIMA and back, beside the TIMA's cycles"},
    {HopId::Message, "message", HopScope::Chip, 40'000, "trigger message to the router"},
    {HopId::Forward, "forward", HopScope::Chip, 300'000, "message from another chip"},
    {HopId::Eas, "eas", HopScope::Chip, 20'000, "from the EAS to the END"},
    {HopId::End, "end", HopScope::Chip, 30'000, "from the END to the event queue or the search"},
    {HopId::EqWrite, "eq_write", HopScope::Chip, 60'000,
     "write of the event queue entry, until it is visible (order O1)"},
    {HopId::Backlog, "backlog", HopScope::Chip, 60'000, "backlog write"},
    {HopId::Escalation, "escalation", HopScope::Chip, 20'000, "from an escalation to its END"},
    {HopId::Fetch, "fetch", HopScope::Chip, 60'000,
     "table entry from memory after a miss in a router cache"},
    {HopId::Broadcast, "broadcast", HopScope::Core, 0, "search or delivery, presenter to TIMA"},
    {HopId::Presenter, "presenter", HopScope::Core, 20'000, "answer of a TIMA to the presenter"},
    {HopId::VpMemory, "vp_memory", HopScope::Core, 0,
     "request of a TIMA to the VP structure; 0: answered in its cycle"},
    {HopId::Line, "line", HopScope::Core, 2'000, "exception line from TIMA to thread"},
    {HopId::Exception, "exception", HopScope::Core, 0,
     "from an interrupt taken to its handler's first instruction"},
    {HopId::Doorbell, "doorbell", HopScope::Machine, 50'000, "msgsnd from thread to thread"},
}};

static_assert([] {
  for (unsigned n = 0; n < kHops; ++n) {
    if (static_cast<unsigned>(kHopInfo[n].id) != n) return false;
  }
  return true;
}());

constexpr const HopInfo& info(HopId id) {
  return kHopInfo[static_cast<std::size_t>(id)];
}

/// One configuration for each kind of hop.
class HopConfigs {
 public:
  constexpr HopConfigs() {
    for (const HopInfo& hop : kHopInfo) (*this)[hop.id].latency = hop.latency;
  }
  constexpr platform::HopConfig& operator[](HopId id) {
    return hops_[static_cast<std::size_t>(id)];
  }
  constexpr const platform::HopConfig& operator[](HopId id) const {
    return hops_[static_cast<std::size_t>(id)];
  }

 private:
  std::array<platform::HopConfig, kHops> hops_{};
};

class Hops {
 public:
  /// `seed` of the run: each hop has a stream of its own for its jitter, by name and number.
  Hops(const HopConfigs& configs, unsigned chips, unsigned cores, std::uint64_t seed);

  /// `number` of the chip or core; 0 for a hop of the machine. Hops that keep nothing in mind are
  /// one and the same.
  platform::Hop& at(HopId id, unsigned number = 0) {
    std::vector<platform::Hop>& hops = hops_[static_cast<std::size_t>(id)];
    return hops.size() == 1 ? hops.front() : hops[number];
  }
  /// Over all hops of a kind.
  platform::HopStatistics& statistics(HopId id) {
    return statistics_[static_cast<std::size_t>(id)];
  }
  const platform::HopConfig& config(HopId id) const { return configs_[id]; }

 private:
  HopConfigs configs_;
  std::array<platform::HopStatistics, kHops> statistics_;
  std::array<std::vector<platform::Hop>, kHops> hops_;
};

}  // namespace xive::machine
