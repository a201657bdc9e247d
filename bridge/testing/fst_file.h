// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace xive::bridge::testing {

/// Everything in a wave file, read with the functions that come with Verilator.
class FstFile {
 public:
  struct Change {
    std::uint64_t time;
    std::string bits;  ///< most significant first
  };

  /// std::runtime_error if it is no readable FST file.
  explicit FstFile(const std::filesystem::path& path);

  bool has(const std::string& signal) const { return signals_.contains(signal); }
  std::size_t size() const { return signals_.size(); }
  /// Of the first signal of this name (without its place in the hierarchy); std::out_of_range.
  const std::vector<Change>& changes(const std::string& signal) const {
    return signals_.at(signal);
  }

 private:
  std::map<std::string, std::vector<Change>> signals_;
};

}  // namespace xive::bridge::testing
