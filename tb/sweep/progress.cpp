// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "tb/validate/progress.h"

namespace xive::sweep {

ProgressLine::ProgressLine(std::ostream& out, std::uint64_t total, std::uint64_t done)
    : out_(out),
      live_(&out == &std::cout && isatty(STDOUT_FILENO) == 1),
      total_(total),
      resumed_(done),
      done_(done) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::finished(bool passed) {
  ++done_;
  failed_ += passed ? 0 : 1;
}

void ProgressLine::update(unsigned running) {
  const Clock::time_point now = Clock::now();
  const auto pause = live_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
  if (now - last_ < pause) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::uint64_t fresh = done_ - resumed_;
  const double rate = seconds > 0 ? static_cast<double>(fresh) / seconds : 0;
  const std::string left =
      rate > 0 ? validate::minutes_text(static_cast<double>(total_ - done_) / rate) : "?";
  out_ << (live_ ? "\r\033[K" : "")
       << fmt::format("{} of {} jobs, {} failed, {} running, {:.1f} jobs/s, {} left", done_, total_,
                      failed_, running, rate, left)
       << (live_ ? "" : "\n") << std::flush;
  shown_ = live_;
}

void ProgressLine::say(const std::string& text) {
  clear();
  out_ << text << std::endl;
}

void ProgressLine::clear() {
  if (shown_) out_ << "\r\033[K" << std::flush;
  shown_ = false;
}

}  // namespace xive::sweep
