// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/upgrade.h"

#include <fmt/format.h>

#include <limits>
#include <vector>

#include "tb/ledger/measured.h"
#include "tb/ledger/schema.h"

namespace xive::ledger {
namespace {

/// Version 1 had a row for each number, no hash of the configuration, and counted the runs of a
/// batch when it was asked.
constexpr const char* kTables1[] = {"batch",  "job",       "run",       "metric_name",
                                    "metric", "rule_name", "batch_rule"};

Columns old_columns(Database& database, const std::vector<std::int64_t>& runs, Origin origin) {
  Columns columns;
  Statement rows(database,
                 "SELECT n.name, m.value FROM old_metric m JOIN old_metric_name n ON n.id = m.name "
                 "WHERE m.run = ? AND m.host = ?");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    rows.bind(runs[i]).bind(std::int64_t{origin == Origin::Host});
    while (rows.step()) {
      std::vector<double>& column = columns[rows.text(0)];
      column.resize(runs.size(), std::numeric_limits<double>::quiet_NaN());
      column[i] = rows.real(1);
    }
  }
  return columns;
}

void measured_from_1(Database& database) {
  std::vector<std::int64_t> batches;
  Statement all(database, "SELECT id FROM batch");
  while (all.step()) batches.push_back(all.integer(0));
  for (const std::int64_t batch : batches) {
    std::vector<std::int64_t> runs;
    Statement rows(database, "SELECT id FROM run WHERE batch = ? ORDER BY id");
    rows.bind(batch);
    while (rows.step()) runs.push_back(rows.integer(0));
    add_measured(database, batch, runs, old_columns(database, runs, Origin::Simulated),
                 old_columns(database, runs, Origin::Host));
  }
}

void from_1(Database& database) {
  for (const char* table : kTables1) {
    database.run(fmt::format("ALTER TABLE {0} RENAME TO old_{0}", table));
  }
  database.run("DROP INDEX run_by_job");
  database.run(kSchema);
  for (const char* table : {"job", "metric_name", "rule_name", "batch_rule"}) {
    database.run(fmt::format("INSERT INTO {0} SELECT * FROM old_{0}", table));
  }
  database.run(
      "INSERT INTO batch SELECT id, name, started, host, version, commit_id, dirty, tools, jobs, "
      "(SELECT count(*) FROM old_run WHERE batch = b.id), "
      "(SELECT count(*) FROM old_run WHERE batch = b.id AND verdict = 'pass') FROM old_batch b");
  database.run(
      "INSERT INTO run SELECT id, batch, job, '', verdict, digest, signature, failure, reproduce, "
      "capsule FROM old_run");
  measured_from_1(database);
  for (const char* table : kTables1) database.run(fmt::format("DROP TABLE old_{}", table));
  database.run(kTriggers);
  database.run("PRAGMA user_version = 2");
}

}  // namespace

void upgrade(Database& database) {
  Transaction transaction(database);
  // Only now: somebody else may have done it while this one waited for the transaction.
  Statement version(database, "PRAGMA user_version");
  const bool old = version.step() && version.integer(0) == 1;
  version.reset();
  if (old) from_1(database);
  transaction.commit();
}

}  // namespace xive::ledger
