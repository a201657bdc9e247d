// SPDX-License-Identifier: Apache-2.0
/// What a shard saw: operations by class, and how often the interesting things happened. Counts
/// only, so that shards can be added up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tb/validate/operation.h"

namespace xive::validate {

/// Coverage-like events of the run.
enum class Seen : std::uint8_t {
  AckWithException,  ///< acknowledge load that returned a non-zero NSR
  AckSpurious,       ///< acknowledge load with NSR = 0
  OsLineRose,
  HvLineRose,
  MatchNone,
  MatchOne,
  MatchMany,
  MatchUser,  ///< format F=1 found a thread
  PresentAck,
  PresentNack,
  Fetch,             ///< memory request of a push
  FetchWithIpb,      ///< answered with pending interrupts
  FetchRefused,      ///< answered with ok = 0
  FetchLate,         ///< answered in a later cycle than asked
  MatchDuringFetch,  ///< MATCH answered while a memory answer was outstanding
  Overlap,           ///< submitted while an operation of the other port was under way
  BackToBack,        ///< submitted while one of the same port was under way
  ThreadFall,        ///< a thread enable fell
  ResetInTraffic,    ///< block reset with work under way
  IdleJump,          ///< at least 64 cycles without anything under way
};
inline constexpr std::size_t kSeen = 20;
std::string_view name(Seen seen);
std::string_view describe(Seen seen);

inline constexpr std::size_t kErrorCodes = 10;
std::string_view error_code_name(std::size_t code);

struct Counters {
  std::array<std::uint64_t, kOpClasses> operations{};
  std::array<std::uint64_t, kSeen> seen{};
  std::array<std::uint64_t, kErrorCodes> codes{};  ///< by ErrorCode, answers and error pulses

  std::uint64_t& operator[](Seen what) { return seen[static_cast<std::size_t>(what)]; }
  std::uint64_t& operator[](OpClass what) { return operations[static_cast<std::size_t>(what)]; }
  void add(const Counters& other);
  std::uint64_t total_operations() const;

  friend bool operator==(const Counters&, const Counters&) = default;
};

}  // namespace xive::validate
