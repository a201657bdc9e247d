// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/local_executor.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "tb/host/process.h"

namespace xive::sweep {
namespace {

/// Exit code of a child that could not become the program.
constexpr int kNoProgram = 3;

sigset_t child_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

/// `struct sched_attr` of sched_setattr(2): its header and glibc's <sched.h> exclude each other.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 8;  // SCHED_FLAG_KEEP_POLICY: whatever `policy` says
  std::int32_t nice = getpriority(PRIO_PROCESS, 0);
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

constexpr std::uint64_t kUsualSlice = 0, kShortestSlice = 100'000;

/// Changes nothing else. Kernels before Linux 6.12 ignore it or refuse; nothing is lost.
void ask_for_slices(std::uint64_t length_ns) {
  SchedulingAttributes attributes;
  attributes.runtime_ns = length_ns;
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// In the child, between vfork and exec: only calls that are safe there, and none that changes what
/// the parent sees.
[[noreturn]] void become(const char* program, const char* folder, const char* log,
                         std::uint64_t memory_mib, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kNoProgram);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ask_for_slices(kUsualSlice);
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (in < 0 || out < 0) _exit(kNoProgram);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  if (memory_mib > 0) {
    const rlimit limit{memory_mib << 20U, memory_mib << 20U};
    setrlimit(RLIMIT_AS, &limit);
  }
  const char* const arguments[] = {program, "job", folder, nullptr};
  // execv() takes pointers to mutable characters and does not change them.
  execv(program,
        const_cast<char* const*>(arguments));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  static constexpr char kText[] = "xive-cosim: error: cannot execute the program of the job\n";
  [[maybe_unused]] const ssize_t ignored = write(2, kText, sizeof kText - 1);
  _exit(kNoProgram);
}

}  // namespace

LocalExecutor::LocalExecutor(std::string program, unsigned slots)
    : program_(std::move(program)), slots_(std::max(1U, slots)) {
  // The end of a job wakes this process, often behind a job on another processor, where it would
  // wait for the rest of that one's slice while its own processor idles. Now it is let in at once.
  ask_for_slices(kShortestSlice);
  const sigset_t set = child_signals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
  signal_fd_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signal_fd_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

LocalExecutor::~LocalExecutor() {
  LocalExecutor::kill_all();
  close(signal_fd_);
  const sigset_t set = child_signals();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

void LocalExecutor::start(const Job& job, const std::string& folder) {
  const std::string log = (std::filesystem::path(folder) / "log.txt").string();
  const pid_t parent = getpid();
  // Not fork(): copying the page tables of a process that holds thousands of results is most of
  // what a short job would cost here.
  const pid_t pid = vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "cannot start a process");
  if (pid == 0) {
    // NOLINTNEXTLINE(clang-analyzer-unix.Vfork): it calls nothing else until it is the program.
    become(program_.c_str(), folder.c_str(), log.c_str(), job.limits.memory_mib, parent);
  }
  setpgid(pid, pid);  // also here, so that it holds whoever runs first
  const Clock::time_point now = Clock::now();
  children_.push_back({pid, job.number, now,
                       now + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(job.limits.deadline_s)),
                       false});
}

void LocalExecutor::reap(std::vector<End>& ends) {
  for (std::size_t i = 0; i < children_.size();) {
    int status = 0;
    rusage usage{};
    Child& child = children_[i];
    const pid_t done = wait4(child.pid, &status, WNOHANG, &usage);
    if (done == 0) {
      ++i;
      continue;
    }
    // What a job has started and left behind goes with it.
    kill(-child.pid, SIGKILL);
    End end;
    end.job = child.job;
    end.wall_s = std::chrono::duration<double>(Clock::now() - child.started).count();
    end.cpu_s = host::processor_seconds(usage);
    if (child.over_time) {
      end.kind = End::Kind::Deadline;
    } else if (done < 0) {
      end.kind = End::Kind::Lost;
    } else if (WIFSIGNALED(status)) {
      end.code = WTERMSIG(status);
      end.kind = end.code == SIGKILL ? End::Kind::Killed : End::Kind::Signalled;
    } else {
      end.code = WEXITSTATUS(status);
    }
    ends.push_back(end);
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

std::vector<End> LocalExecutor::wait(std::chrono::milliseconds timeout) {
  std::vector<End> ends;
  reap(ends);
  if (!ends.empty() || children_.empty()) return ends;
  Clock::time_point until = Clock::now() + timeout;
  for (const Child& child : children_) until = std::min(until, child.deadline);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  pollfd source{signal_fd_, POLLIN, 0};
  poll(&source, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
  signalfd_siginfo info{};
  while (read(signal_fd_, &info, sizeof info) > 0) {
  }
  const Clock::time_point now = Clock::now();
  for (Child& child : children_) {
    if (now >= child.deadline && !child.over_time) {
      child.over_time = true;
      kill(-child.pid, SIGKILL);
    }
  }
  reap(ends);
  return ends;
}

void LocalExecutor::kill_all() {
  for (const Child& child : children_) kill(-child.pid, SIGKILL);
  for (const Child& child : children_) waitpid(child.pid, nullptr, 0);
  children_.clear();
}

}  // namespace xive::sweep
