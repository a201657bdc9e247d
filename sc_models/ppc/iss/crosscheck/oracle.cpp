// SPDX-License-Identifier: Apache-2.0
#include "sc_models/ppc/iss/crosscheck/oracle.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

namespace xive::ppc::iss::crosscheck {
namespace {

std::string emulator(const Setting& setting) {
  return setting.little_endian ? "qemu-ppc64le" : "qemu-ppc64";
}
std::string runner(const Setting& setting) {
  return std::string(XIVE_CROSSCHECK_DIR) + (setting.little_endian ? "/runner-le" : "/runner-be");
}

bool in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    if (access((rest.substr(0, colon) + "/" + program).c_str(), X_OK) == 0) return true;
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return false;
}

}  // namespace

std::string missing_for_oracle(const Setting& setting) {
  if (!in_path(emulator(setting))) {
    return emulator(setting) + " is missing: install the Debian package qemu-user";
  }
  if (access(runner(setting).c_str(), X_OK) != 0) {
    return "the runner was not built: install the Debian package gcc-powerpc64-linux-gnu and build";
  }
  return "";
}

Oracle::Oracle(const Setting& setting) : setting_(setting) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  if (pipe2(out, O_CLOEXEC) != 0) {
    close(in[0]);
    close(in[1]);
    throw std::runtime_error("pipe");
  }
  // A program that died is an error to be told, not a signal.
  signal(SIGPIPE, SIG_IGN);
  const std::string program = emulator(setting), file = runner(setting);
  const char* cpu = setting.v31 ? "power10" : "power9";
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    execlp(program.c_str(), program.c_str(), "-cpu", cpu, file.c_str(), nullptr);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
  if (pid_ < 0) throw std::runtime_error("fork");
}

Oracle::~Oracle() {
  close(to_);
  close(from_);
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

std::vector<Case> Oracle::run(std::span<const Case> cases) {
  // Both pipes hold 64 KiB: nobody blocks for ever with half of that under way.
  constexpr std::size_t kBatch = 32;
  std::vector<Case> results;
  for (std::size_t first = 0; first < cases.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, cases.size() - first);
    for (std::size_t n = 0; n < count; ++n) {
      const Image image = to_image(cases[first + n], setting_.little_endian);
      if (write(to_, image.data(), image.size()) != static_cast<ssize_t>(image.size())) {
        throw std::runtime_error(fmt::format("{} died in case {}", emulator(setting_), first));
      }
    }
    for (std::size_t n = 0; n < count; ++n) {
      Image image{};
      std::size_t got = 0;
      while (got < image.size()) {
        const ssize_t more = read(from_, image.data() + got, image.size() - got);
        if (more <= 0) {
          throw std::runtime_error(
              fmt::format("{} died in case {}", emulator(setting_), first + n));
        }
        got += static_cast<std::size_t>(more);
      }
      results.push_back(from_image(image, setting_.little_endian));
    }
  }
  return results;
}

}  // namespace xive::ppc::iss::crosscheck
