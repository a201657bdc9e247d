// SPDX-License-Identifier: Apache-2.0
/// Delays on the handshakes between the bridge and the RTL: constrained-random validation stretches
/// every port with them, everyone else has none.
#pragma once

#include <cstdint>

namespace xive::bridge {

/// A handshake whose testbench side may wait.
enum class Handshake : std::uint8_t {
  MmReqValid = 0,  ///< an MMIO request waits before it is driven
  PmReqValid = 1,
  RsValid = 2,
  MmRspReady = 3,  ///< a response waits before it is taken
  PmRspReady = 4,
  RqReady = 5,
};
inline constexpr unsigned kHandshakes = 6;

/// Asked once for each transfer, in simulation order, so that a seeded policy gives the same run
/// with idle time jumped or stepped. The answer counts cycles; keep it below the hang limit.
class StallPolicy {
 public:
  virtual ~StallPolicy() = default;
  virtual unsigned stall(Handshake handshake) = 0;
};

}  // namespace xive::bridge
