// SPDX-License-Identifier: Apache-2.0
#include "tb/crosscheck/folder.h"

#include <cstdlib>

#include "tb/host/process.h"

namespace xive::crosscheck {

Folder::Folder(const std::string& keep) : keep_(!keep.empty()), path_(keep) {
  if (keep_) {
    std::filesystem::create_directories(path_);
    return;
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "xive-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw host::ProcessError("cannot make a folder like " + pattern);
  }
  path_ = pattern;
}

Folder::~Folder() {
  if (!keep_) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
}

std::string Folder::make(const std::string& name) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path);
  return path.string();
}

}  // namespace xive::crosscheck
