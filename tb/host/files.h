// SPDX-License-Identifier: Apache-2.0
/// Files that are whole or not there: written under a temporary name, then renamed. Devices and
/// pipes (/dev/stdout, `>(jq)` of the shell) are written as they are.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>

namespace xive::host {

/// A directory or file that cannot be written or read; what() names it and the system's reason.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Something that can be written but must not be replaced by a file.
bool is_device(const std::filesystem::path& path);

/// Writes `text` to `path` (or where a link leads); the file appears complete or not at all.
/// FileError on failure, also when the file system is full.
void write_file(const std::filesystem::path& path, std::string_view text);

/// write_file() of a result that an option asks for; nothing to do when `path` is empty. A failure
/// is told to `err`; false then.
bool write_output(const std::filesystem::path& path, std::string_view text, std::ostream& err);

/// The whole file; FileError on failure.
std::string read_file(const std::filesystem::path& path);

/// Makes the directory and tries whether a file can be written into it. FileError if not.
void make_writable_directory(const std::filesystem::path& path);

/// Holds the lock file of a directory, so that two runs never share one. FileError if it is taken.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace xive::host
