// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "bridge/stall_policy.h"
#include "tb/validate/random.h"

namespace xive::validate {

/// Random pauses on the handshakes: each handshake has its own stream and its own mood (never,
/// seldom, often), so that all combinations of fast and slow sides come up.
class RandomStalls final : public bridge::StallPolicy {
 public:
  explicit RandomStalls(std::uint64_t seed)
      : streams_{Random(derive_seed(seed, "stall", 0)), Random(derive_seed(seed, "stall", 1)),
                 Random(derive_seed(seed, "stall", 2)), Random(derive_seed(seed, "stall", 3)),
                 Random(derive_seed(seed, "stall", 4)), Random(derive_seed(seed, "stall", 5))} {
    static constexpr std::array<std::uint8_t, 4> kShares{0, 24, 96, 200};
    for (std::size_t i = 0; i < bridge::kHandshakes; ++i) share_[i] = kShares[streams_[i].below(4)];
  }

  unsigned stall(bridge::Handshake handshake) override {
    const auto i = static_cast<std::size_t>(handshake);
    if (share_[i] == 0) return 0;
    Random& random = streams_[i];
    const std::uint64_t bits = random.next();
    if ((bits >> 56U) >= share_[i]) return 0;
    return 1 + static_cast<unsigned>((bits & 7U) == 0 ? bits >> 8U & 31U : bits >> 8U & 3U);
  }

 private:
  std::array<Random, bridge::kHandshakes> streams_;
  std::array<std::uint8_t, bridge::kHandshakes> share_{};
};

}  // namespace xive::validate
