// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace xive::platform {

/// A file that cannot be used; what() is one line that names the file, what was found and what was
/// expected.
class FileError : public std::runtime_error {
 public:
  FileError(const std::string& file, const std::string& text)
      : std::runtime_error(file + ": " + text), file_(file) {}
  const std::string& file() const { return file_; }

 private:
  std::string file_;
};

/// A program or file that the environment should provide is missing; what() names the remedy.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace xive::platform
