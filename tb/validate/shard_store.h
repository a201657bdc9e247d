// SPDX-License-Identifier: Apache-2.0
/// The finished shards of a run in its output directory: one file a shard, written whole or not at
/// all, and one file that says which run they belong to.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "tb/validate/shard.h"
#include "tb/validate/validate_options.h"

namespace xive::validate {

/// Everything that the result of a shard depends on: program, configuration, seed.
nlohmann::json run_key(const ValidateOptions& options);

class ShardStore {
 public:
  /// Makes the directory. Without `resume` the shards of earlier runs are removed. FileError if the
  /// directory cannot be used; std::invalid_argument if it is to be resumed but holds another run.
  ShardStore(const std::filesystem::path& directory, const nlohmann::json& key, bool resume);

  /// The stored result of a shard of `ops` operations, if it is there, whole and of that size.
  std::optional<ShardResult> load(std::uint64_t number, std::uint64_t ops) const;
  /// FileError if it cannot be written.
  void save(const ShardResult& result) const;
  /// Removes what killed workers left behind; none may be running.
  void remove_leftovers() const;
  std::filesystem::path waves(std::uint64_t number) const;

 private:
  std::filesystem::path file(std::uint64_t number, const char* suffix) const;
  std::filesystem::path shards_;
};

}  // namespace xive::validate
