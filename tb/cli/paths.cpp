// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/paths.h"

#include <fmt/format.h>

#include <filesystem>

#include "tb/config/error.h"

namespace xive::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& option, std::string expected, std::string found) {
  throw config::ConfigError({config::Problem::Kind::File,
                             {config::Origin::Kind::CommandLine, option, 0},
                             {},
                             std::move(expected),
                             std::move(found),
                             {}});
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

}  // namespace

void check_new_file(const std::string& option, const std::string& path) {
  if (path.empty()) {
    return;
  }
  if (is_folder(path)) {
    fail(option, "a file to write", fmt::format("the folder '{}'", path));
  }
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) {
    check_output_folder(option, folder.string());
  }
}

void check_output_file(const std::string& option, const std::string& path) {
  check_new_file(option, path);
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !is_folder(folder)) {
    fail(option, "a file in a folder that exists", fmt::format("'{}'", path));
  }
}

void check_output_folder(const std::string& option, const std::string& path) {
  std::error_code error;
  if (path.empty()) {
    fail(option, "a folder", "an empty name");
  }
  if (fs::exists(path, error) && !is_folder(path)) {
    fail(option, "a folder", fmt::format("the file '{}'", path));
  }
}

void check_input_folder(const std::string& option, const std::string& path) {
  std::error_code error;
  if (!is_folder(path)) {
    fail(option, "a folder",
         fmt::format("{} '{}'", fs::exists(path, error) ? "the file" : "no such folder:", path));
  }
}

}  // namespace xive::cli
