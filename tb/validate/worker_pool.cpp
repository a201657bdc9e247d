// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/worker_pool.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <new>
#include <system_error>

#include "tb/host/files.h"

namespace xive::validate {
namespace {

constexpr int kEnvironment = 3;
constexpr int kInternal = 4;

void send(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

[[noreturn]] void child(pid_t parent, int fd, const WorkerPool::Work& work,
                        std::atomic<std::uint64_t>& progress) {
  // Ctrl-C reaches the whole process group: the parent decides what it means.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kInternal);  // it died before we asked
  int code = 0;
  try {
    work(progress);
  } catch (const host::FileError& error) {
    send(fd, error.what());
    code = kEnvironment;
  } catch (const std::bad_alloc&) {
    send(fd, "out of memory");
    code = kEnvironment;
  } catch (const std::exception& error) {
    send(fd, error.what());
    code = kInternal;
  }
  ::_exit(code);
}

}  // namespace

WorkerPool::WorkerPool(unsigned slots) : slots_(slots) {
  void* memory = ::mmap(nullptr, slots * sizeof(std::atomic<std::uint64_t>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  progress_ = static_cast<std::atomic<std::uint64_t>*>(memory);
  for (unsigned i = 0; i < slots; ++i) new (&progress_[i]) std::atomic<std::uint64_t>(0);
}

WorkerPool::~WorkerPool() {
  kill_all();
  ::munmap(progress_, slots_.size() * sizeof(std::atomic<std::uint64_t>));
}

bool WorkerPool::has_free_slot() const {
  return running() < slots_.size();
}

unsigned WorkerPool::running() const {
  unsigned count = 0;
  for (const Slot& slot : slots_) count += slot.pid != 0 ? 1U : 0U;
  return count;
}

void WorkerPool::start(std::uint64_t job, const Work& work) {
  std::size_t i = 0;
  while (slots_.at(i).pid != 0) ++i;
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  progress_[i].store(0, std::memory_order_relaxed);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw std::system_error(error, std::generic_category(), "fork");
  }
  if (pid == 0) {
    ::close(ends[0]);
    child(parent, ends[1], work, progress_[i]);
  }
  ::close(ends[1]);
  slots_[i] = {pid, ends[0], job, {}};
}

std::vector<WorkerPool::Exit> WorkerPool::wait(std::chrono::milliseconds timeout) {
  // A pipe ends when its child does, however that happened.
  std::vector<pollfd> fds;
  std::vector<std::size_t> owners;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].pid == 0) continue;
    fds.push_back({slots_[i].pipe, POLLIN, 0});
    owners.push_back(i);
  }
  std::vector<Exit> exits;
  if (::poll(fds.data(), fds.size(), static_cast<int>(timeout.count())) <= 0) return exits;
  for (std::size_t k = 0; k < fds.size(); ++k) {
    if (fds[k].revents == 0) continue;
    Slot& slot = slots_[owners[k]];
    char buffer[512];
    const ssize_t n = ::read(slot.pipe, buffer, sizeof buffer);
    if (n > 0) {
      slot.message.append(buffer, static_cast<std::size_t>(n));
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    int status = 0;
    while (::waitpid(slot.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ::close(slot.pipe);
    Exit exit{slot.job, 0, 0, std::move(slot.message)};
    if (WIFSIGNALED(status)) exit.signal = WTERMSIG(status);
    if (WIFEXITED(status)) exit.code = WEXITSTATUS(status);
    exits.push_back(std::move(exit));
    slot = {};
    progress_[owners[k]].store(0, std::memory_order_relaxed);
  }
  return exits;
}

std::uint64_t WorkerPool::progress() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].pid != 0) sum += progress_[i].load(std::memory_order_relaxed);
  }
  return sum;
}

void WorkerPool::kill_all() {
  for (Slot& slot : slots_) {
    if (slot.pid == 0) continue;
    ::kill(slot.pid, SIGKILL);
    int status = 0;
    while (::waitpid(slot.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ::close(slot.pipe);
    slot = {};
  }
}

}  // namespace xive::validate
