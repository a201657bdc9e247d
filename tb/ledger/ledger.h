// SPDX-License-Identifier: Apache-2.0
/// The memory of a project: every result of every night, in one append-only SQLite file. The schema
/// is described in docs/results.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tb/ledger/database.h"
#include "tb/ledger/measured.h"
#include "tb/result/record.h"

namespace xive::ledger {

/// `PRAGMA user_version` of the file. A file of a newer version is refused, an older one upgraded.
inline constexpr std::int64_t kSchemaVersion = 2;

/// A batch that the ledger does not have.
class UnknownBatch : public LedgerError {
 public:
  using LedgerError::LedgerError;
};

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
  std::string config_hash, digest, signature, failure, reproduce, capsule;
};

class Ledger {
 public:
  /// Opens, and for Write creates. Throws LedgerError: not an SQLite file, damaged, of a newer
  /// version, not writable, in use for longer than `patience`.
  Ledger(const std::string& path, Database::Mode mode,
         std::chrono::milliseconds patience = Database::kPatience);

  /// Adds a batch with all its results in one transaction: whole or not at all. Returns its id.
  std::int64_t add(const Batch& batch, const std::vector<result::Record>& records);

  /// By id, ascending.
  std::vector<Batch> batches();
  /// "latest", "previous" (the one before the latest of the same name), an id, or a commit (its
  /// latest batch; a prefix of at least 6 digits). Throws UnknownBatch, which names the last ones.
  Batch find(const std::string& what);

  /// In the order of the keys.
  std::vector<Run> runs(std::int64_t batch);
  /// Numbers of runs of one batch, in their order.
  Columns metrics(const std::vector<Run>& runs, Origin origin);
  /// Mean of each simulated metric over the runs of a batch.
  std::map<std::string, double> means(std::int64_t batch);
  /// Hits and violations by rule, over all runs of a batch.
  std::vector<result::RuleCount> rules(std::int64_t batch);

  struct Point {
    std::int64_t batch = 0;
    std::string commit, started;
    double value = 0;
  };
  /// Values of one simulated metric of all runs with this key, oldest first.
  std::vector<Point> trend(const std::string& key, const std::string& metric);
  /// Its means over the runs of each batch of this name, oldest first.
  std::vector<Point> trend_of_means(const std::string& batch_name, const std::string& metric);

  Database& database() { return database_; }

 private:
  void create();

  Database database_;
};

}  // namespace xive::ledger
