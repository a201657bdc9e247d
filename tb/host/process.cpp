// SPDX-License-Identifier: Apache-2.0
#include "tb/host/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace xive::host {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A file descriptor that is closed.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// The child in a process group of its own; killed as a group.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (!reaped_) {
      kill();
      wait();
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void kill() const { ::kill(-pid_, SIGKILL); }
  int wait() {
    int status = 0;
    while (wait4(pid_, &status, 0, &usage_) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// After wait().
  double processor_seconds() const { return host::processor_seconds(usage_); }

 private:
  pid_t pid_;
  bool reaped_ = false;
  rusage usage_{};
};

[[noreturn]] void become(const std::vector<std::string>& command, int output, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int null = open("/dev/null", O_RDWR);
  dup2(null, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  execvp(words[0], words.data());
  const int error = errno;
  // Nobody to tell when this fails, too.
  [[maybe_unused]] const auto written = write(report, &error, sizeof(error));
  _exit(127);
}

}  // namespace

double processor_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double processor_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return processor_seconds(usage);
}

ProcessOutcome run_process(const std::vector<std::string>& command, double deadline_seconds,
                           const std::function<bool(const std::string&)>& enough,
                           const std::function<void()>& started) {
  std::array<int, 2> output{};
  std::array<int, 2> report{};
  if (pipe2(output.data(), O_CLOEXEC) != 0 || pipe2(report.data(), O_CLOEXEC) != 0) {
    throw ProcessError(std::string("pipe: ") + std::strerror(errno));
  }
  Descriptor output_read(output[0]);
  Descriptor output_write(output[1]);
  Descriptor report_read(report[0]);
  Descriptor report_write(report[1]);
  const Clock::time_point start = Clock::now();
  const pid_t pid = fork();
  if (pid < 0) {
    throw ProcessError(std::string("fork: ") + std::strerror(errno));
  }
  if (pid == 0) {
    become(command, output[1], report[1]);
  }
  Child child(pid);
  output_write.reset();
  report_write.reset();
  int error = 0;
  if (read(report_read.get(), &error, sizeof(error)) == sizeof(error)) {
    throw ProcessError("cannot start " + command.front() + ": " + std::strerror(error));
  }
  if (started) {
    started();
  }
  ProcessOutcome outcome;
  while (true) {
    const double left = deadline_seconds - since(start);
    pollfd wanted{output_read.get(), POLLIN, 0};
    if (left <= 0 || poll(&wanted, 1, static_cast<int>(std::min(left, 1.0) * 1000) + 1) < 0) {
      if (left > 0 && errno == EINTR) {
        continue;
      }
      outcome.late = true;
      break;
    }
    if (wanted.revents == 0) {
      continue;
    }
    std::array<char, 65536> piece{};
    const ssize_t size = read(output_read.get(), piece.data(), piece.size());
    if (size <= 0) {
      break;
    }
    outcome.output.append(piece.data(), static_cast<std::size_t>(size));
    if (enough && enough(outcome.output)) {
      outcome.stopped = true;
      break;
    }
  }
  if (outcome.stopped || outcome.late) {
    child.kill();
  }
  outcome.exit_code = child.wait();
  outcome.processor_seconds = child.processor_seconds();
  outcome.seconds = since(start);
  return outcome;
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    return access(name.c_str(), X_OK) == 0 ? name : "";
  }
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string candidate = std::string(rest.substr(0, end)) + "/" + name;
    if (end != 0 && access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return "";
}

}  // namespace xive::host
