// SPDX-License-Identifier: Apache-2.0
/// For the tests of ledger and reports.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "tb/ledger/ledger.h"

namespace xive::ledger::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "xive-ledger-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), name);
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline Batch batch(const std::string& name, const std::string& commit) {
  Batch batch;
  batch.name = name;
  batch.started = "2030-01-02T03:04:05Z";
  batch.host = "host";
  batch.build = {"0.1.0", commit, false, {{"verilator", "5.006"}}};
  batch.jobs = 2;
  return batch;
}

/// A result that passed.
inline result::Record record(std::uint64_t seed) {
  result::Record record;
  record.suite = "load";
  record.settings = {{"platform.cores", "2"}};
  record.seed = seed;
  record.verdict = result::Verdict::Pass;
  record.digest = "digest";
  record.rules = {{"CHK-EQ", 10, 0}};
  record.metrics = {{"hop_ns", 100}};
  record.host = {{"wall_s", 0.5}};
  return record;
}

}  // namespace xive::ledger::testing
