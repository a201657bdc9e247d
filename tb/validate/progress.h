// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "tb/validate/validate_options.h"

namespace xive::validate {

/// The line that shows how far a run is: rewritten in place on a terminal, a new line every few
/// seconds in a log.
class ProgressLine {
 public:
  /// Auto is live if `out` is the standard output and that is a terminal.
  ProgressLine(Progress mode, std::ostream& out);
  ~ProgressLine();

  /// Shows the line if it is time to. `total_ops` and `total_seconds`: 0 = no such limit.
  void update(std::uint64_t ops, std::uint64_t total_ops, double total_seconds,
              const std::string& remark);
  /// Removes a live line before other text.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  Progress mode_;
  std::ostream& out_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = start_;
  std::size_t shown_ = 0;  ///< width of the live line
};

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);
/// 75 as "1:15".
std::string minutes_text(double seconds);

}  // namespace xive::validate
