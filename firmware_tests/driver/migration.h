// SPDX-License-Identifier: Apache-2.0
/// State of a guest's interrupts, taken from one set of VPs and given to another while devices go
/// on (scenarios.md 6.10, S5.11).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "firmware_tests/driver/guest.h"

namespace xive::driver {

struct GuestState {
  struct Source {
    std::uint32_t eisn = 0;
    std::uint32_t number = 0;  ///< where it came from
    unsigned vcpu = 0, prio = 0;
    std::uint64_t pq = 1;      ///< when it was quiesced
    std::uint64_t latest = 1;  ///< at the end of the save
  };
  struct Queue {
    unsigned vcpu = 0, prio = 0;
    Guest::Queue config{};
    OpalClient::QueueState state{};
    std::vector<std::uint64_t> content;
  };
  std::vector<Source> sources;
  std::vector<Queue> queues;
  std::vector<std::uint64_t> contexts;  ///< words 0 and 1, pending bits of the VP included
};

/// Ways to get it wrong (S5.11).
enum class MigrationFault : std::uint8_t {
  None,
  NoSync,         ///< queues are copied while events are on their way
  NoGeneration,   ///< toggle and index are not restored
  NoVpState,      ///< pending bits kept by hardware for a vCPU that was not running are lost
  RoutesFirst,    ///< routing before queues
  MaskedWithOff,  ///< sources are stopped with 01 instead of 10: late events are lost
};

struct MigrationHooks {
  /// Called before each step, with its number (1 to 9) of S5.11: time for things to happen.
  std::function<void(unsigned step)> before_step;
};

/// Steps 2 to 4 of S5.11. All vCPUs have been stopped (exit).
GuestState save_guest(Cpu& cpu, HostDriver& host, Guest& guest,
                      MigrationFault fault = MigrationFault::None,
                      const MigrationHooks& hooks = {});

/// Steps 5 to 8: `guest` has been created and has the same number of vCPUs. Queue (vCPU, prio) goes
/// to `page(vcpu, prio)`. `source(state)` gives the number that takes the place of a source; it may
/// be the same one. Returns the CallFailed result code, 0 if all went well.
std::int64_t restore_guest(Cpu& cpu, HostDriver& host, Guest& guest, const GuestState& state,
                           const std::function<std::uint64_t(unsigned vcpu, unsigned prio)>& page,
                           const std::function<std::uint32_t(const GuestState::Source&)>& source,
                           MigrationFault fault = MigrationFault::None,
                           const MigrationHooks& hooks = {});

}  // namespace xive::driver
