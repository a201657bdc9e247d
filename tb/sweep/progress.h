// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace xive::sweep {

/// Jobs done, failed, running, rate and time left: rewritten in place on a terminal, a new line
/// every ten seconds in a log.
class ProgressLine {
 public:
  /// `done` results are there already.
  ProgressLine(std::ostream& out, std::uint64_t total, std::uint64_t done);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void finished(bool passed);
  void update(unsigned running);
  /// Removes a live line before other text.
  void clear();
  /// A line of text that stays.
  void say(const std::string& text);

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& out_;
  bool live_;
  std::uint64_t total_, resumed_, done_, failed_ = 0;
  Clock::time_point start_ = Clock::now(), last_ = start_;
  bool shown_ = false;
};

}  // namespace xive::sweep
