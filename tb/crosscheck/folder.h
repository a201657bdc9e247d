// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace xive::crosscheck {

/// The folder of all runs of a command: the one that the user wants to keep, or one that goes away.
/// Its path is short, because it holds sockets.
class Folder {
 public:
  /// `keep` empty: removed at the end. Throws host::ProcessError,
  /// std::filesystem::filesystem_error.
  explicit Folder(const std::string& keep);
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  /// Makes a folder inside and returns its path.
  std::string make(const std::string& name) const;

 private:
  bool keep_;
  std::filesystem::path path_;
};

}  // namespace xive::crosscheck
