// SPDX-License-Identifier: Apache-2.0
#include "tb/validate/shard_store.h"

#include <fmt/format.h>

#include <stdexcept>

#include "sc_models/rules/digest.h"
#include "tb/host/files.h"
#include "tb/validate/operation_json.h"
#include "tb/validate/report.h"

namespace xive::validate {
namespace {

constexpr int kFormat = 1;

}  // namespace

nlohmann::json run_key(const ValidateOptions& options) {
  // The program itself stands for commit, local changes, compiler and flags.
  Digest program;
  program.add(std::string_view(host::read_file("/proc/self/exe")));
  return {{"format", kFormat},
          {"program", program.text()},
          {"generation", options.generation},
          {"threads", options.threads},
          {"tima", to_string(options.tima)},
          {"knobs", options.random_knobs ? nlohmann::json("random") : to_json(options.knobs)},
          {"mutant", options.mutant},
          {"seed", options.seed},
          {"shard_ops", options.shard_ops},
          {"stalls", options.stalls}};
}

ShardStore::ShardStore(const std::filesystem::path& directory, const nlohmann::json& key,
                       bool resume)
    : shards_(directory / "shards") {
  const std::filesystem::path run = directory / "run.json";
  std::error_code error;
  host::make_writable_directory(shards_);
  const bool there = std::filesystem::exists(run, error);
  if (resume && there) {
    const nlohmann::json found = nlohmann::json::parse(host::read_file(run), nullptr, false);
    if (!(found == key)) {  // of a damaged file both == and != are false
      std::string differs;
      for (const auto& [name, value] : key.items()) {
        if (!found.is_object() || found.value(name, nlohmann::json()) != value) {
          differs += (differs.empty() ? "" : ", ") + name;
        }
      }
      throw std::invalid_argument(fmt::format(
          "{}: cannot be resumed, its shards are of another run (other: {}); run without "
          "--resume to start anew",
          directory.string(), differs.empty() ? "format" : differs));
    }
    remove_leftovers();
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(shards_)) {
    std::filesystem::remove(entry.path(), error);
  }
  host::write_file(run, key.dump(2) + "\n");
}

void ShardStore::remove_leftovers() const {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(shards_)) {
    if (entry.path().filename().string().starts_with(".")) {
      std::filesystem::remove(entry.path(), error);
    }
  }
}

std::filesystem::path ShardStore::file(std::uint64_t number, const char* suffix) const {
  return shards_ / fmt::format("{:06}{}", number, suffix);
}

std::filesystem::path ShardStore::waves(std::uint64_t number) const {
  return file(number, ".fst");
}

std::optional<ShardResult> ShardStore::load(std::uint64_t number, std::uint64_t ops) const {
  const std::filesystem::path path = file(number, ".json");
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  try {
    ShardResult result = shard_result_from_json(nlohmann::json::parse(host::read_file(path)));
    if (result.number != number) return std::nullopt;
    if (result.operations != ops && !result.finding) return std::nullopt;
    return result;
  } catch (const std::exception&) {
    return std::nullopt;  // damaged by something else: it is simply run again
  }
}

void ShardStore::save(const ShardResult& result) const {
  host::write_file(file(result.number, ".json"), to_json(result).dump() + "\n");
}

}  // namespace xive::validate
