// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace xive::run {

/// Follows what firmware prints, line by line. It forms no verdict: that is the exit code's.
class ConsoleLog {
 public:
  /// Lines kept for a report.
  static constexpr std::size_t kKept = 40;

  /// A character was printed; `on_line` hears of each complete line without its end.
  void put(std::uint8_t character);
  void on_line(std::function<void(const std::string&)> call) { on_line_ = std::move(call); }

  /// The last `count` lines, the unfinished one included.
  std::vector<std::string> last(std::size_t count) const;
  /// Lines that skiboot marks with level 3 (error) or below: "[seconds.fraction,LEVEL] text".
  const std::vector<std::string>& errors() const { return errors_; }
  std::uint64_t characters() const { return characters_; }
  std::uint64_t lines() const { return lines_; }

  /// Level of a line of skiboot's log, or -1.
  static int level(const std::string& line);

 private:
  std::string line_;
  std::deque<std::string> kept_;
  std::vector<std::string> errors_;
  std::uint64_t characters_ = 0, lines_ = 0;
  std::function<void(const std::string&)> on_line_;
};

}  // namespace xive::run
