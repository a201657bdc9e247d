// SPDX-License-Identifier: Apache-2.0
/// The configuration of one shard: everything that is drawn once from the run's seed and the
/// shard's number. Shards are independent of each other, so that any number of workers gives one
/// result.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sc_models/tima/types.h"
#include "tb/validate/operation.h"

namespace xive::validate {

/// The character of a shard: how much of the traffic is what software and router really do.
enum class Profile : std::uint8_t {
  Firmware,   ///< sequences of hypervisors and routers, no illegal access
  Mixed,      ///< the same with everything else in between
  Chaos,      ///< raw and illegal accesses prevail
  Presenter,  ///< presenter port under full load
};
inline constexpr std::size_t kProfiles = 4;
std::string_view name(Profile profile);

/// Distribution of the pauses between two operations of one port, in 1/256.
struct Pace {
  std::uint8_t none = 128;  ///< no pause
  std::uint8_t small = 96;  ///< 1..8 cycles; what remains: 1..64
  std::uint8_t depth = 1;   ///< operations under way at most

  friend bool operator==(const Pace&, const Pace&) = default;
};

struct ShardConfig {
  std::uint64_t seed = 0;  ///< of this shard
  std::uint64_t number = 0;
  std::uint64_t ops = 0;
  tima::Params params{};
  tima::StaticInputs inputs{};
  Profile profile = Profile::Mixed;
  Pace mmio{};
  Pace presenter{};
  std::uint16_t memory_delay = 0;    ///< longest delay of a memory answer, cycles
  std::uint8_t script_share = 128;   ///< 1/256: an operation comes from a software sequence
  std::uint8_t handler_share = 128;  ///< 1/256: a line that rises starts an interrupt handler
  std::uint8_t reset_interval = 0;   ///< mean operations between block resets / 1024, 0 = none
  std::uint8_t enable_interval = 0;  ///< mean operations between enable changes / 64, 0 = none
  std::uint8_t hot_thread = 0;       ///< half of the operations go there
  bool stalls = true;                ///< random stalls on each handshake
  std::array<std::uint16_t, kOpClasses> weights{};
};

struct ShardLimits {
  std::uint64_t run_seed = 1;
  std::uint64_t ops = 0;
  unsigned generation = 1;
  unsigned threads = 4;
  bool random_knobs = true;
  tima::Knobs knobs{};
  bool stalls = true;
};

/// Draws the configuration of shard `number`.
ShardConfig draw_shard(const ShardLimits& limits, std::uint64_t number);

/// Draws block and processor ids: those of real machines, and awkward ones.
tima::StaticInputs draw_inputs(std::uint64_t seed, unsigned threads);

}  // namespace xive::validate
