// SPDX-License-Identifier: Apache-2.0
#include "tb/run/boot/console_log.h"

#include <cctype>

namespace xive::run {

int ConsoleLog::level(const std::string& line) {
  const std::size_t close = line.find(']');
  if (line.empty() || line[0] != '[' || close == std::string::npos || close < 4) return -1;
  if (line[close - 2] != ',' || std::isdigit(static_cast<unsigned char>(line[close - 1])) == 0) {
    return -1;
  }
  for (std::size_t n = 1; n < close - 2; ++n) {
    const auto c = static_cast<unsigned char>(line[n]);
    if (std::isdigit(c) == 0 && c != ' ' && c != '.') return -1;
  }
  return line[close - 1] - '0';
}

void ConsoleLog::put(std::uint8_t character) {
  ++characters_;
  if (character == '\r') return;
  if (character != '\n') {
    // A line without end must not grow for ever.
    if (line_.size() < 4096) line_ += static_cast<char>(character);
    return;
  }
  ++lines_;
  const int severity = level(line_);
  if (severity >= 0 && severity <= 3 && errors_.size() < 1000) errors_.push_back(line_);
  kept_.push_back(line_);
  if (kept_.size() > kKept) kept_.pop_front();
  line_.clear();
  if (on_line_) on_line_(kept_.back());
}

std::vector<std::string> ConsoleLog::last(std::size_t count) const {
  std::vector<std::string> lines(kept_.begin(), kept_.end());
  if (!line_.empty()) lines.push_back(line_);
  if (lines.size() > count) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  }
  return lines;
}

}  // namespace xive::run
