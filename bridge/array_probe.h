// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace xive::bridge {

/// A look at the register array itself that is cheap enough for every event.
class ArrayProbe {
 public:
  virtual ~ArrayProbe() = default;
  /// Bit t: the register image, a latch or the enable of thread t changed since the last call. A
  /// thread whose operation waits for memory at this moment is left out until it has committed.
  virtual std::uint8_t changed_threads() = 0;
};

}  // namespace xive::bridge
