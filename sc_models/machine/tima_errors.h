// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sc_models/tima/types.h"

namespace xive::machine {

/// Error pulses of the TIMAs of a machine: how many of each code, and the first thread that got
/// one.
class TimaErrors {
 public:
  static constexpr std::size_t kCodes = 16;  ///< a pulse carries four bits

  /// `thread`: number in the machine.
  void add(unsigned thread, tima::ErrorCode code) {
    Kind& kind = kinds_[static_cast<std::size_t>(code) % kCodes];
    if (kind.count++ == 0) kind.thread = thread;
    ++total_;
  }
  std::uint64_t total() const { return total_; }
  std::uint64_t count(tima::ErrorCode code) const { return kind(code).count; }
  /// Means nothing while count() is 0.
  unsigned first_thread(tima::ErrorCode code) const { return kind(code).thread; }

 private:
  struct Kind {
    std::uint64_t count = 0;
    unsigned thread = 0;
  };
  const Kind& kind(tima::ErrorCode code) const {
    return kinds_[static_cast<std::size_t>(code) % kCodes];
  }

  std::array<Kind, kCodes> kinds_{};
  std::uint64_t total_ = 0;
};

}  // namespace xive::machine
