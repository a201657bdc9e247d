// SPDX-License-Identifier: Apache-2.0
#include "tb/run/boot/terminal.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace xive::run {
namespace {

bool edits_lines() {
  termios now{};
  return ::tcgetattr(STDIN_FILENO, &now) == 0 && (now.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
}

/// Runs in a process whose terminal is a pseudo terminal; says what it sees.
void child() {
  const bool before = edits_lines();
  std::string keys;
  {
    Terminal terminal;
    std::printf("ready %d%d\n", before, terminal.interactive());
    std::fflush(stdout);
    while (keys.size() < 3) keys += terminal.typed();
  }
  std::printf("keys %s, as before %d\n", keys.c_str(), edits_lines());
  std::fflush(stdout);
}

/// What comes from the pseudo terminal until `end` is in it; a minute at the most.
std::string read_until(int fd, const std::string& end) {
  std::string text;
  while (text.find(end) == std::string::npos) {
    pollfd descriptor{fd, POLLIN, 0};
    char data[256];
    if (::poll(&descriptor, 1, 60'000) <= 0) break;
    const ssize_t count = ::read(fd, data, sizeof data);
    if (count <= 0) break;
    text.append(data, static_cast<std::size_t>(count));
  }
  return text;
}

TEST(Terminal, GivesKeysAtOnceAndLeavesTheTerminalAsItWas) {
  int keyboard = -1;
  const pid_t pid = ::forkpty(&keyboard, nullptr, nullptr, nullptr);
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    child();
    ::_exit(0);
  }
  EXPECT_EQ(read_until(keyboard, "\n"), "ready 11\r\n");
  // No end of line, and a return key that stays one.
  ASSERT_EQ(::write(keyboard, "a\rb", 3), 3);
  EXPECT_EQ(read_until(keyboard, "\n"), "keys a\rb, as before 1\r\n") << "without an echo";
  int status = -1;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
  ::close(keyboard);
}

}  // namespace
}  // namespace xive::run
