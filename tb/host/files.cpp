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

}  // namespace

void write_file(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path temporary =
      path.parent_path() / ("." + path.filename().string() + ".tmp" + std::to_string(::getpid()));
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) fail(path, "cannot be written", errno);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::close(fd);
      ::unlink(temporary.c_str());
      fail(path, "cannot be written", error);
    }
    done += static_cast<std::size_t>(n);
  }
  // A full file system may tell only here.
  if (::close(fd) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    fail(path, "cannot be written", error);
  }
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
