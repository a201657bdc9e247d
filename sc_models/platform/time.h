// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace xive::platform {

/// Simulated time in picoseconds; 64 bits last 213 days.
using Time = std::uint64_t;
inline constexpr Time kNanosecond = 1'000, kMicrosecond = 1'000'000, kMillisecond = 1'000'000'000,
                      kSecond = 1'000'000'000'000;
inline constexpr Time kNever = ~Time{0};

/// Who knows what time it is for one agent.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

}  // namespace xive::platform
