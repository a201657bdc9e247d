// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "tb/ledger/schema.h"
#include "tb/ledger/upgrade.h"

namespace xive::ledger {
namespace {

std::int64_t scalar(Database& database, const std::string& sql) {
  Statement statement(database, sql);
  const std::int64_t value = statement.step() ? statement.integer(0) : 0;
  return value;
}

bool all_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

constexpr const char* kBatchColumns =
    "SELECT id, name, started, host, version, commit_id, dirty, tools, jobs, runs, passed "
    "FROM batch ";

std::map<std::string, std::string> tools_of(const std::string& text) {
  try {
    return result::Json::parse(text).get<std::map<std::string, std::string>>();
  } catch (const result::Json::exception& error) {
    throw LedgerError(fmt::format("the ledger is damaged, the tools of a batch cannot be read: {}",
                                  error.what()));
  }
}

Batch batch_of(const Statement& row) {
  Batch batch;
  batch.id = row.integer(0);
  batch.name = row.text(1);
  batch.started = row.text(2);
  batch.host = row.text(3);
  batch.build.version = row.text(4);
  batch.build.commit = row.text(5);
  batch.build.dirty = row.integer(6) != 0;
  batch.build.tools = tools_of(row.text(7));
  batch.jobs = static_cast<std::uint64_t>(row.integer(8));
  batch.runs = static_cast<std::uint64_t>(row.integer(9));
  batch.passed = static_cast<std::uint64_t>(row.integer(10));
  return batch;
}

std::int64_t add_batch(Database& database, const Batch& batch,
                       const std::vector<result::Record>& records) {
  Statement(database,
            "INSERT INTO batch (name, started, host, version, commit_id, dirty, tools, jobs, runs, "
            "passed) VALUES (?,?,?,?,?,?,?,?,?,?)")
      .bind(batch.name)
      .bind(batch.started)
      .bind(batch.host)
      .bind(batch.build.version)
      .bind(batch.build.commit)
      .bind(std::int64_t{batch.build.dirty})
      .bind(result::Json(batch.build.tools).dump())
      .bind(static_cast<std::int64_t>(batch.jobs))
      .bind(static_cast<std::int64_t>(records.size()))
      .bind(std::int64_t{std::count_if(records.begin(), records.end(),
                                       [](const result::Record& r) { return r.passed(); })})
      .run();
  return database.last_id();
}

/// Identifiers of the runs, in the order of the records.
std::vector<std::int64_t> add_runs(Database& database, std::int64_t batch,
                                   const std::vector<result::Record>& records) {
  Statement find_job(database, "SELECT id FROM job WHERE name = ?");
  Statement new_job(database, "INSERT INTO job (name, suite, settings, seed) VALUES (?,?,?,?)");
  Statement new_run(database,
                    "INSERT INTO run (batch, job, config_hash, verdict, digest, signature, "
                    "failure, reproduce, capsule) VALUES (?,?,?,?,?,?,?,?,?)");
  std::vector<std::int64_t> runs;
  runs.reserve(records.size());
  for (const result::Record& record : records) {
    const std::string key = record.key();
    std::int64_t job = 0;
    if (find_job.bind(key).step()) {
      job = find_job.integer(0);
      find_job.reset();
    } else {
      new_job.bind(key)
          .bind(record.suite)
          .bind(result::Json(record.settings).dump())
          .bind(fmt::format("{}", record.seed))
          .run();
      job = database.last_id();
    }
    new_run.bind(batch)
        .bind(job)
        .bind(record.config_hash)
        .bind(result::name(record.verdict))
        .bind(record.digest)
        .bind(record.signature())
        .bind(record.failures.empty() ? std::string() : record.failures.front())
        .bind(record.reproduce)
        .bind(record.capsule)
        .run();
    runs.push_back(database.last_id());
  }
  return runs;
}

void add_rules(Database& database, std::int64_t batch, const std::vector<result::Record>& records) {
  std::map<std::string, result::RuleCount> rules;
  for (const result::Record& record : records) {
    for (const result::RuleCount& rule : record.rules) {
      result::RuleCount& sum = rules[rule.id];
      sum.hits += rule.hits;
      sum.fired += rule.fired;
    }
  }
  Dictionary names(database, "rule_name");
  Statement insert(database, "INSERT INTO batch_rule (batch, rule, hits, fired) VALUES (?,?,?,?)");
  for (const auto& [name, count] : rules) {
    insert.bind(batch)
        .bind(names[name])
        .bind(static_cast<std::int64_t>(count.hits))
        .bind(static_cast<std::int64_t>(count.fired))
        .run();
  }
}

}  // namespace

Ledger::Ledger(const std::string& path, Database::Mode mode, std::chrono::milliseconds patience)
    : database_(path, mode, patience) {
  const std::int64_t application = scalar(database_, "PRAGMA application_id");
  const bool empty = scalar(database_, "SELECT count(*) FROM sqlite_master") == 0;
  if (empty && mode == Database::Mode::Write) {
    create();
    return;
  }
  if (fmt::format("{}", application) != kApplicationId) {
    throw LedgerError(fmt::format("ledger {}: expected a ledger of xive-cosim, found {}", path,
                                  empty ? "an empty file" : "another database"));
  }
  if (scalar(database_, "PRAGMA user_version") < kSchemaVersion) {
    Database writer(path, Database::Mode::Write, patience);
    upgrade(writer);
  }
  const std::int64_t version = scalar(database_, "PRAGMA user_version");
  if (version != kSchemaVersion) {
    throw LedgerError(
        fmt::format("ledger {}: expected schema version {}, found {}; use a newer "
                    "xive-cosim or another file",
                    path, kSchemaVersion, version));
  }
}

void Ledger::create() {
  // A page holds the numbers of some runs. The rollback journal, not the write-ahead log: a ledger
  // may lie on a network file system.
  database_.run("PRAGMA page_size = 16384");
  Transaction transaction(database_);
  database_.run(kSchema);
  database_.run(kTriggers);
  database_.run(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database_.run(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

std::int64_t Ledger::add(const Batch& batch, const std::vector<result::Record>& records) {
  Transaction transaction(database_);
  const std::int64_t id = add_batch(database_, batch, records);
  Columns simulated, host;
  for (std::size_t i = 0; i < records.size(); ++i) {
    add_to(simulated, records[i].metrics, i, records.size());
    add_to(host, records[i].host, i, records.size());
  }
  add_measured(database_, id, add_runs(database_, id, records), simulated, host);
  add_rules(database_, id, records);
  transaction.commit();
  return id;
}

std::vector<Batch> Ledger::batches() {
  std::vector<Batch> batches;
  Statement rows(database_, std::string(kBatchColumns) + "ORDER BY id");
  while (rows.step()) batches.push_back(batch_of(rows));
  return batches;
}

Batch Ledger::find(const std::string& what) {
  std::string condition;
  std::string value = what;
  if (what == "latest") {
    condition = "WHERE ? <> '' ORDER BY id DESC";
  } else if (what == "previous") {
    condition =
        "WHERE ? <> '' AND id < (SELECT max(id) FROM batch) AND name = (SELECT name FROM batch "
        "ORDER BY id DESC LIMIT 1) ORDER BY id DESC";
  } else if (all_digits(what) && what.size() < 6) {
    condition = "WHERE id = CAST(? AS INTEGER)";
  } else {
    condition = "WHERE commit_id LIKE ? ORDER BY id DESC";
    value = what.size() >= 6 ? what + "%" : what;
  }
  Statement rows(database_, kBatchColumns + condition + " LIMIT 1");
  if (rows.bind(value).step()) {
    return batch_of(rows);
  }
  std::string known;
  const std::vector<Batch> all = batches();
  const std::size_t first = all.size() > 5 ? all.size() - 5 : 0;
  for (std::size_t i = first; i < all.size(); ++i) {
    known += fmt::format("{}{} ({} of commit {})", known.empty() ? "" : ", ", all[i].id,
                         all[i].name, all[i].build.commit);
  }
  throw UnknownBatch(fmt::format(
      "ledger {}: expected 'latest', 'previous', the number of a batch or a commit, found '{}'; "
      "the last batches: {}",
      database_.path(), what, known.empty() ? "none" : known));
}

std::vector<Run> Ledger::runs(std::int64_t batch) {
  std::vector<Run> runs;
  Statement rows(database_,
                 "SELECT r.id, r.batch, j.name, r.verdict, r.config_hash, r.digest, r.signature, "
                 "r.failure, r.reproduce, r.capsule FROM run r JOIN job j ON j.id = r.job "
                 "WHERE r.batch = ? ORDER BY j.name");
  rows.bind(batch);
  while (rows.step()) {
    runs.push_back({rows.integer(0), rows.integer(1), rows.text(2),
                    result::verdict_of(rows.text(3)), rows.text(4), rows.text(5), rows.text(6),
                    rows.text(7), rows.text(8), rows.text(9)});
  }
  return runs;
}

Columns Ledger::metrics(const std::vector<Run>& runs, Origin origin) {
  if (runs.empty()) return {};
  std::vector<std::int64_t> ids;
  ids.reserve(runs.size());
  for (const Run& run : runs) ids.push_back(run.id);
  return read_measured(database_, runs.front().batch, ids, origin);
}

std::map<std::string, double> Ledger::means(std::int64_t batch) {
  std::map<std::string, double> means;
  Statement rows(database_,
                 "SELECT n.name, m.mean FROM batch_metric m JOIN metric_name n ON n.id = m.name "
                 "WHERE m.batch = ? AND m.host = 0 AND m.runs > 0");
  rows.bind(batch);
  while (rows.step()) means[rows.text(0)] = rows.real(1);
  return means;
}

std::vector<result::RuleCount> Ledger::rules(std::int64_t batch) {
  std::vector<result::RuleCount> rules;
  Statement rows(database_,
                 "SELECT n.name, b.hits, b.fired FROM batch_rule b JOIN rule_name n ON n.id = "
                 "b.rule WHERE b.batch = ? ORDER BY n.name");
  rows.bind(batch);
  while (rows.step()) {
    rules.push_back({rows.text(0), static_cast<std::uint64_t>(rows.integer(1)),
                     static_cast<std::uint64_t>(rows.integer(2))});
  }
  return rules;
}

std::vector<Ledger::Point> Ledger::trend(const std::string& key, const std::string& metric) {
  std::vector<Point> points;
  Statement rows(database_,
                 "SELECT r.id, b.id, b.commit_id, b.started FROM job j JOIN run r ON r.job = j.id "
                 "JOIN batch b ON b.id = r.batch WHERE j.name = ? ORDER BY b.id");
  rows.bind(key);
  MeasuredReader value(database_, metric);
  while (rows.step()) {
    const double found = value.of(rows.integer(1), rows.integer(0));
    if (std::isnan(found)) continue;
    points.push_back({rows.integer(1), rows.text(2), rows.text(3), found});
  }
  return points;
}

std::vector<Ledger::Point> Ledger::trend_of_means(const std::string& batch_name,
                                                  const std::string& metric) {
  std::vector<Point> points;
  Statement rows(database_,
                 "SELECT b.id, b.commit_id, b.started, m.mean FROM metric_name n JOIN batch b JOIN "
                 "batch_metric m ON m.batch = b.id AND m.host = 0 AND m.name = n.id WHERE n.name = "
                 "? AND b.name = ? AND m.runs > 0 ORDER BY b.id");
  rows.bind(metric).bind(batch_name);
  while (rows.step()) points.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.real(3)});
  return points;
}

}  // namespace xive::ledger
