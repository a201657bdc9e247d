// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "tb/ledger/schema.h"

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
    "SELECT b.id, b.name, b.started, b.host, b.version, b.commit_id, b.dirty, b.tools, b.jobs, "
    "(SELECT count(*) FROM run WHERE batch = b.id), "
    "(SELECT count(*) FROM run WHERE batch = b.id AND verdict = 'pass') FROM batch b ";

Batch batch_of(const Statement& row) {
  Batch batch;
  batch.id = row.integer(0);
  batch.name = row.text(1);
  batch.started = row.text(2);
  batch.host = row.text(3);
  batch.build.version = row.text(4);
  batch.build.commit = row.text(5);
  batch.build.dirty = row.integer(6) != 0;
  batch.build.tools = result::Json::parse(row.text(7)).get<std::map<std::string, std::string>>();
  batch.jobs = static_cast<std::uint64_t>(row.integer(8));
  batch.runs = static_cast<std::uint64_t>(row.integer(9));
  batch.passed = static_cast<std::uint64_t>(row.integer(10));
  return batch;
}

}  // namespace

Ledger::Ledger(const std::string& path, Database::Mode mode) : database_(path, mode) {
  const std::int64_t version = scalar(database_, "PRAGMA user_version");
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
  if (version != kSchemaVersion) {
    throw LedgerError(
        fmt::format("ledger {}: expected schema version {}, found {}; use a newer "
                    "xive-cosim or another file",
                    path, kSchemaVersion, version));
  }
}

void Ledger::create() {
  // The rollback journal, not the write-ahead log: a ledger may lie on a network file system.
  Transaction transaction(database_);
  database_.run(kSchema);
  database_.run(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database_.run(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
}

std::int64_t Ledger::name_id(const std::string& table, const std::string& name,
                             std::map<std::string, std::int64_t>& cache) {
  const auto known = cache.find(name);
  if (known != cache.end()) {
    return known->second;
  }
  Statement find(database_, fmt::format("SELECT id FROM {} WHERE name = ?", table));
  std::int64_t id = 0;
  if (find.bind(name).step()) {
    id = find.integer(0);
  } else {
    Statement(database_, fmt::format("INSERT INTO {} (name) VALUES (?)", table)).bind(name).run();
    id = database_.last_id();
  }
  return cache[name] = id;
}

std::int64_t Ledger::add(const Batch& batch, const std::vector<result::Record>& records) {
  // Identifiers found in a transaction that fails must not be remembered.
  metric_names_.clear();
  rule_names_.clear();
  Transaction transaction(database_);
  Statement(database_,
            "INSERT INTO batch (name, started, host, version, commit_id, dirty, tools, jobs) "
            "VALUES (?,?,?,?,?,?,?,?)")
      .bind(batch.name)
      .bind(batch.started)
      .bind(batch.host)
      .bind(batch.build.version)
      .bind(batch.build.commit)
      .bind(std::int64_t{batch.build.dirty})
      .bind(result::Json(batch.build.tools).dump())
      .bind(static_cast<std::int64_t>(batch.jobs))
      .run();
  const std::int64_t id = database_.last_id();

  Statement new_job(database_,
                    "INSERT OR IGNORE INTO job (name, suite, settings, seed) VALUES (?,?,?,?)");
  Statement find_job(database_, "SELECT id FROM job WHERE name = ?");
  Statement new_run(database_,
                    "INSERT INTO run (batch, job, verdict, digest, signature, failure, reproduce, "
                    "capsule) VALUES (?,?,?,?,?,?,?,?)");
  Statement new_metric(database_, "INSERT INTO metric (run, name, host, value) VALUES (?,?,?,?)");
  std::map<std::string, result::RuleCount> rules;
  for (const result::Record& record : records) {
    const std::string key = record.key();
    new_job.bind(key)
        .bind(record.suite)
        .bind(result::Json(record.settings).dump())
        .bind(fmt::format("{}", record.seed))
        .run();
    find_job.bind(key).step();
    const std::int64_t job = find_job.integer(0);
    find_job.step();
    new_run.bind(id)
        .bind(job)
        .bind(result::name(record.verdict))
        .bind(record.digest)
        .bind(record.signature())
        .bind(record.failures.empty() ? std::string() : record.failures.front())
        .bind(record.reproduce)
        .bind(record.capsule)
        .run();
    const std::int64_t run = database_.last_id();
    const auto add_metrics = [&](const std::map<std::string, double>& metrics, bool host) {
      for (const auto& [name, value] : metrics) {
        const std::int64_t metric = name_id("metric_name", name, metric_names_);
        new_metric.bind(run).bind(metric).bind(std::int64_t{host}).bind(value).run();
      }
    };
    add_metrics(record.metrics, false);
    add_metrics(record.host, true);
    for (const result::RuleCount& rule : record.rules) {
      result::RuleCount& sum = rules[rule.id];
      sum.hits += rule.hits;
      sum.fired += rule.fired;
    }
  }
  Statement new_rule(database_,
                     "INSERT INTO batch_rule (batch, rule, hits, fired) VALUES (?,?,?,?)");
  for (const auto& [name, count] : rules) {
    const std::int64_t rule = name_id("rule_name", name, rule_names_);
    new_rule.bind(id)
        .bind(rule)
        .bind(static_cast<std::int64_t>(count.hits))
        .bind(static_cast<std::int64_t>(count.fired))
        .run();
  }
  transaction.commit();
  return id;
}

std::vector<Batch> Ledger::batches() {
  std::vector<Batch> batches;
  Statement rows(database_, std::string(kBatchColumns) + "ORDER BY b.id");
  while (rows.step()) batches.push_back(batch_of(rows));
  return batches;
}

Batch Ledger::find(const std::string& what) {
  std::string condition;
  std::string value = what;
  if (what == "latest") {
    condition = "WHERE ? <> '' ORDER BY b.id DESC";
  } else if (what == "previous") {
    condition =
        "WHERE ? <> '' AND b.id < (SELECT max(id) FROM batch) AND b.name = (SELECT name FROM batch "
        "ORDER BY id DESC LIMIT 1) ORDER BY b.id DESC";
  } else if (all_digits(what) && what.size() < 6) {
    condition = "WHERE b.id = CAST(? AS INTEGER)";
  } else {
    condition = "WHERE b.commit_id LIKE ? ORDER BY b.id DESC";
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
  throw LedgerError(fmt::format(
      "ledger {}: expected 'latest', 'previous', the number of a batch or a commit, found '{}'; "
      "the last batches: {}",
      database_.path(), what, known.empty() ? "none" : known));
}

std::vector<Run> Ledger::runs(std::int64_t batch) {
  std::vector<Run> runs;
  Statement rows(database_,
                 "SELECT r.id, r.batch, j.name, r.verdict, r.digest, r.signature, r.failure, "
                 "r.reproduce, r.capsule FROM run r JOIN job j ON j.id = r.job WHERE r.batch = ? "
                 "ORDER BY j.name");
  rows.bind(batch);
  while (rows.step()) {
    runs.push_back({rows.integer(0), rows.integer(1), rows.text(2),
                    result::verdict_of(rows.text(3)), rows.text(4), rows.text(5), rows.text(6),
                    rows.text(7), rows.text(8)});
  }
  return runs;
}

Ledger::Metrics Ledger::metrics(std::int64_t batch, bool host) {
  Metrics metrics;
  Statement rows(database_,
                 "SELECT n.name, m.run, m.value FROM run r JOIN metric m ON m.run = r.id JOIN "
                 "metric_name n ON n.id = m.name WHERE r.batch = ? AND m.host = ?");
  rows.bind(batch).bind(std::int64_t{host});
  while (rows.step()) metrics[rows.text(0)][rows.integer(1)] = rows.real(2);
  return metrics;
}

std::map<std::string, double> Ledger::means(std::int64_t batch) {
  std::map<std::string, double> means;
  Statement rows(database_,
                 "SELECT n.name, avg(m.value) FROM run r JOIN metric m ON m.run = r.id JOIN "
                 "metric_name n ON n.id = m.name WHERE r.batch = ? AND m.host = 0 GROUP BY n.name");
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
                 "SELECT b.id, b.commit_id, b.started, m.value FROM job j JOIN run r ON r.job = "
                 "j.id JOIN batch b ON b.id = r.batch JOIN metric m ON m.run = r.id JOIN "
                 "metric_name n ON n.id = m.name WHERE j.name = ? AND n.name = ? ORDER BY b.id");
  rows.bind(key).bind(metric);
  while (rows.step()) points.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.real(3)});
  return points;
}

}  // namespace xive::ledger
