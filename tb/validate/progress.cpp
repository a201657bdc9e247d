// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>

namespace xive::validate {
namespace {

Progress resolve(Progress mode, const std::ostream& out) {
  if (mode != Progress::Auto) return mode;
  if (&out == &std::cout) return ::isatty(STDOUT_FILENO) != 0 ? Progress::Live : Progress::Plain;
  return Progress::Plain;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string minutes_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(std::max(0.0, seconds)));
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

ProgressLine::ProgressLine(Progress mode, std::ostream& out)
    : mode_(resolve(mode, out)), out_(out) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::update(std::uint64_t ops, std::uint64_t total_ops, double total_seconds,
                          const std::string& remark) {
  if (mode_ == Progress::Off) return;
  const auto now = Clock::now();
  const auto interval =
      mode_ == Progress::Live ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000);
  if (now - last_ < interval) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(ops) / std::max(seconds, 1e-3);
  std::string line = grouped(ops);
  double left = 0;
  double share = 0;
  if (total_ops != 0) {
    line += " of " + grouped(total_ops);
    share = static_cast<double>(ops) / static_cast<double>(total_ops);
    left = rate > 0 ? static_cast<double>(total_ops - std::min(ops, total_ops)) / rate : 0;
  }
  line += " operations";
  if (total_seconds > 0) {
    const double time_left = std::max(0.0, total_seconds - seconds);
    if (total_ops == 0 || time_left < left) left = time_left;
    share = std::max(share, seconds / total_seconds);
  }
  line += fmt::format("  {:3.0f} %  {}/s  {} left", std::min(share, 1.0) * 100,
                      grouped(static_cast<std::uint64_t>(rate)), minutes_text(left));
  if (!remark.empty()) line += "  " + remark;
  if (mode_ == Progress::Live) {
    const std::size_t width = line.size();
    if (width < shown_) line.append(shown_ - width, ' ');
    shown_ = width;
    out_ << '\r' << line << std::flush;
  } else {
    out_ << line << std::endl;
  }
}

void ProgressLine::clear() {
  if (mode_ != Progress::Live || shown_ == 0) return;
  out_ << '\r' << std::string(shown_, ' ') << '\r' << std::flush;
  shown_ = 0;
}

}  // namespace xive::validate
