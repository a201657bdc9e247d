// SPDX-License-Identifier: Apache-2.0
/// The memory of a project: every result of every night, in one append-only SQLite file. The schema
/// is described in docs/ledger.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tb/ledger/database.h"
#include "tb/result/record.h"

namespace xive::ledger {

/// `PRAGMA user_version` of the file. A file of a newer version is refused, an older one upgraded
/// when it is opened for writing.
inline constexpr std::int64_t kSchemaVersion = 1;

/// One execution of a sweep or suite.
struct Batch {
  std::int64_t id = 0;
  std::string name;     ///< of the sweep
  std::string started;  ///< UTC, ISO 8601
  std::string host;
  result::Build build;
  std::uint64_t jobs = 0;  ///< planned
  std::uint64_t runs = 0;  ///< results that are here
  std::uint64_t passed = 0;
};

/// A result as the ledger keeps it.
struct Run {
  std::int64_t id = 0;
  std::int64_t batch = 0;
  std::string key;
  result::Verdict verdict = result::Verdict::Error;
  std::string digest, signature, failure, reproduce, capsule;
};

class Ledger {
 public:
  /// Opens, and for Write creates or upgrades. Throws LedgerError: not an SQLite file, damaged, of
  /// a newer version, not writable.
  Ledger(const std::string& path, Database::Mode mode);

  /// Adds a batch with all its results in one transaction: whole or not at all. Returns its id.
  std::int64_t add(const Batch& batch, const std::vector<result::Record>& records);

  /// By id, ascending.
  std::vector<Batch> batches();
  /// "latest", "previous" (the one before the latest of the same name), an id, or a commit (its
  /// latest batch; a prefix of at least 6 digits). Throws LedgerError with the nearest match.
  Batch find(const std::string& what);

  /// In the order of the keys.
  std::vector<Run> runs(std::int64_t batch);
  /// Metrics of all runs of a batch: name, then run.
  using Metrics = std::map<std::string, std::map<std::int64_t, double>>;
  Metrics metrics(std::int64_t batch, bool host);
  /// Mean of each simulated metric over the runs of a batch.
  std::map<std::string, double> means(std::int64_t batch);
  /// Hits and violations by rule, over all runs of a batch.
  std::vector<result::RuleCount> rules(std::int64_t batch);
  /// Values of one metric of all runs with this key, oldest first.
  struct Point {
    std::int64_t batch = 0;
    std::string commit, started;
    double value = 0;
  };
  std::vector<Point> trend(const std::string& key, const std::string& metric);

  Database& database() { return database_; }

 private:
  void create();
  std::int64_t name_id(const std::string& table, const std::string& name,
                       std::map<std::string, std::int64_t>& cache);

  Database database_;
  std::map<std::string, std::int64_t> metric_names_, rule_names_;
};

}  // namespace xive::ledger
