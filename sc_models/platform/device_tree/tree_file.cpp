// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "sc_models/platform/device_tree/tree_check.h"
#include "sc_models/platform/image/file.h"

extern char** environ;

namespace xive::platform {
namespace {

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string read_all(int descriptor) {
  std::string data;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return data;
    data.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::vector<std::uint8_t> compile(const std::string& file) {
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
    throw EnvironmentError(fmt::format("no pipe to dtc: {}", std::strerror(errno)));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, err[1], 2);
  // "-q -q": errors only. The path after "--" cannot be taken for an option.
  std::array<std::string, 9> words = {"dtc", "-q", "-q", "-I", "dts", "-O", "dtb", "--", file};
  std::array<char*, 10> arguments{};
  for (std::size_t n = 0; n < words.size(); ++n) arguments.at(n) = words.at(n).data();
  pid_t child = 0;
  const int error = posix_spawnp(&child, "dtc", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (error != 0) {
    ::close(out[0]);
    ::close(err[0]);
    throw EnvironmentError(
        fmt::format("{} is device tree source and the compiler dtc is missing ({}); remedy: "
                    "apt-get install device-tree-compiler, or give a .dtb file",
                    file, std::strerror(error)));
  }
  // What dtc prints as an error is short: it fits into the pipe while its output is read.
  const std::string tree = read_all(out[0]);
  const std::string message = read_all(err[0]);
  ::close(out[0]);
  ::close(err[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw FileError(file, "dtc refused it: " + message.substr(0, message.find('\n')));
  }
  return {tree.begin(), tree.end()};
}

}  // namespace

std::vector<std::uint8_t> load_tree(const std::string& file) {
  std::vector<std::uint8_t> tree = read_file(file);
  if (ends_with(file, ".dts")) tree = compile(file);
  check_tree(tree, file);
  return tree;
}

}  // namespace xive::platform
