// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace xive::bridge {

/// A look at the register array itself that is cheap enough for every event.
class ArrayProbe {
 public:
  virtual ~ArrayProbe() = default;
  /// Bit t: the register image, a latch or the enable of thread t changed since the last call, as
  /// of the event that the observer is hearing of. The threads of the events themselves are left
  /// out, and a thread whose operation waits for memory at that moment until it has committed. The
  /// first call starts the watch.
  virtual std::uint8_t changed_threads() = 0;
  /// Tells the observer everything that was kept back for a batch.
  virtual void announce_all() = 0;
};

}  // namespace xive::bridge
