// SPDX-License-Identifier: Apache-2.0
/// What the tests of the commands share.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "tb/validate/run.h"

namespace xive::validate::testing_support {

/// A folder of its own for a test, removed at its end.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("xive-validate-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct Output {
  int code = -1;
  std::string out;
  std::string err;
};

inline Output validate(const ValidateOptions& options, SubjectFactory factory = make_subject) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_validate_on(options, factory, out, err);
  return {code, out.str(), err.str()};
}

inline Output replay(const ReplayOptions& options, SubjectFactory factory = make_subject) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_replay_on(options, factory, out, err);
  return {code, out.str(), err.str()};
}

}  // namespace xive::validate::testing_support
