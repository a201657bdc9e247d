// SPDX-License-Identifier: Apache-2.0
#include "tb/run/boot/terminal.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>

namespace xive::run {

struct Terminal::Saved {
  termios settings{};
};

Terminal::Terminal() {
  if (::isatty(STDIN_FILENO) == 0) return;
  saved_ = std::make_unique<Saved>();
  if (::tcgetattr(STDIN_FILENO, &saved_->settings) != 0) return;
  termios raw = saved_->settings;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_iflag &= ~static_cast<tcflag_t>(ICRNL);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  // In the background this would stop the process; a background job has no keyboard.
  if (::tcgetpgrp(STDIN_FILENO) != ::getpgrp()) return;
  interactive_ = ::tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

Terminal::~Terminal() {
  if (interactive_) ::tcsetattr(STDIN_FILENO, TCSANOW, &saved_->settings);
}

std::string Terminal::typed() {
  if (!interactive_) return {};
  pollfd descriptor{STDIN_FILENO, POLLIN, 0};
  if (::poll(&descriptor, 1, 0) <= 0 || (descriptor.revents & POLLIN) == 0) return {};
  std::array<char, 256> data{};
  const ssize_t count = ::read(STDIN_FILENO, data.data(), data.size());
  return count <= 0 ? std::string() : std::string(data.data(), static_cast<std::size_t>(count));
}

}  // namespace xive::run
