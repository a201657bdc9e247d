// SPDX-License-Identifier: Apache-2.0
#include "tb/host/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ostream>

namespace xive::host {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* what, int error) {
  throw FileError(path.string() + ": " + what + ": " + std::strerror(error));
}

/// Writes and closes; what went wrong, or 0. A full file system may tell at the end only.
int write_and_close(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      const int error = errno;
      ::close(fd);
      return error;
    }
  }
  return ::close(fd) == 0 ? 0 : errno;
}

std::filesystem::path behind_links(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const std::filesystem::path file = std::filesystem::canonical(path, error);
  return error ? path : file;
}

}  // namespace

bool is_device(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_other(std::filesystem::status(path, error));
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path file = behind_links(path);
  const bool replace = !is_device(file);
  const std::filesystem::path written =
      replace ? file.parent_path() /
                    ("." + file.filename().string() + ".tmp" + std::to_string(::getpid()))
              : file;
  const int create = replace ? O_CREAT | O_TRUNC : 0;
  const int fd = ::open(written.c_str(), O_WRONLY | O_CLOEXEC | create, 0666);
  if (fd < 0) fail(path, "cannot be written", errno);
  int error = write_and_close(fd, text);
  if (replace) {
    if (error == 0 && ::rename(written.c_str(), file.c_str()) != 0) error = errno;
    if (error != 0) ::unlink(written.c_str());
  }
  if (error != 0) fail(path, "cannot be written", error);
}

bool write_output(const std::filesystem::path& path, std::string_view text, std::ostream& err) {
  if (path.empty()) return true;
  try {
    write_file(path, text);
    return true;
  } catch (const FileError& error) {
    err << "xive-cosim: error: " << error.what() << "\n";
    return false;
  }
}

std::string read_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path, "cannot be read", errno);
  std::string text;
  std::array<char, 32768> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  while (true) {
    const ssize_t n = ::read(fd, piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int error = n < 0 ? errno : 0;
      ::close(fd);
      if (error != 0) fail(path, "cannot be read", error);
      return text;
    }
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
}

void make_writable_directory(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) fail(path, "cannot be created", error.value());
  if (!std::filesystem::is_directory(path)) fail(path, "cannot be used", ENOTDIR);
  const std::filesystem::path probe = path / ".probe";
  write_file(probe, std::string(4096, ' '));
  std::filesystem::remove(probe, error);
}

DirectoryLock::DirectoryLock(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / ".lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) fail(path, "cannot be opened", errno);
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd_);
    throw FileError(directory.string() + ": is in use by another run");
  }
}

DirectoryLock::~DirectoryLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace xive::host
