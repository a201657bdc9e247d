// SPDX-License-Identifier: Apache-2.0
#include "tb/ledger/upgrade.h"

#include <gtest/gtest.h>

#include "tb/ledger/ledger.h"
#include "tb/ledger/testing.h"

namespace xive::ledger {
namespace {

/// As version 1 was.
constexpr const char* kSchema1 = R"sql(
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  started TEXT NOT NULL,
  host TEXT NOT NULL,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  dirty INTEGER NOT NULL,
  tools TEXT NOT NULL,
  jobs INTEGER NOT NULL
);
CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  suite TEXT NOT NULL,
  settings TEXT NOT NULL,
  seed TEXT NOT NULL
);
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch,
  job INTEGER NOT NULL REFERENCES job,
  verdict TEXT NOT NULL,
  digest TEXT NOT NULL,
  signature TEXT NOT NULL,
  failure TEXT NOT NULL,
  reproduce TEXT NOT NULL,
  capsule TEXT NOT NULL,
  UNIQUE (batch, job)
);
CREATE INDEX run_by_job ON run (job, batch);
CREATE TABLE metric_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE metric (
  run INTEGER NOT NULL REFERENCES run,
  name INTEGER NOT NULL REFERENCES metric_name,
  host INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run, name)
) WITHOUT ROWID;
CREATE TABLE rule_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE batch_rule (
  batch INTEGER NOT NULL REFERENCES batch,
  rule INTEGER NOT NULL REFERENCES rule_name,
  hits INTEGER NOT NULL,
  fired INTEGER NOT NULL,
  PRIMARY KEY (batch, rule)
) WITHOUT ROWID;
CREATE TRIGGER batch_kept BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER batch_fixed BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER run_kept BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER run_fixed BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER metric_kept BEFORE DELETE ON metric BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER metric_fixed BEFORE UPDATE ON metric BEGIN SELECT RAISE(ABORT, 'append only'); END;
)sql";

constexpr const char* kContents1 = R"sql(
INSERT INTO batch VALUES (7, 'night', '2030-01-02T03:04:05Z', 'host', '0.1.0', 'aaaaaaaaaaaa', 0,
                          '{"verilator":"5.006"}', 3);
INSERT INTO job VALUES (1, 'load|seed=1', 'load', '{}', '1'), (2, 'load|seed=2', 'load', '{}', '2');
INSERT INTO run VALUES (4, 7, 2, 'pass', 'd2', '', '', 'again', ''),
                       (5, 7, 1, 'fail', 'd1', 'fail: x', 'x', 'again', 'capsule');
INSERT INTO metric_name VALUES (1, 'hop_ns'), (2, 'wall_s'), (3, 'rare');
INSERT INTO metric VALUES (4, 1, 0, 100.1), (4, 2, 1, 0.5), (5, 1, 0, 200.2), (5, 2, 1, 0.7),
                          (5, 3, 0, 1e-300);
INSERT INTO rule_name VALUES (1, 'CHK-EQ');
INSERT INTO batch_rule VALUES (7, 1, 20, 1);
)sql";

class Upgrade : public ::testing::Test {
 protected:
  Upgrade() {
    Database database(path_, Database::Mode::Write);
    database.run(kSchema1);
    database.run(kContents1);
    database.run("PRAGMA application_id = 1481201221");
    database.run("PRAGMA user_version = 1");
  }
  testing::TemporaryFolder folder_;
  std::string path_ = folder_.file("a.sqlite");
};

TEST_F(Upgrade, KeepsEverythingOfVersion1) {
  Ledger ledger(path_, Database::Mode::Read);
  const Batch batch = ledger.find("latest");
  EXPECT_EQ(batch.id, 7);
  EXPECT_EQ(batch.jobs, 3U);
  EXPECT_EQ(batch.runs, 2U);
  EXPECT_EQ(batch.passed, 1U);
  const std::vector<ledger::Run> runs = ledger.runs(7);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].digest, "d1");
  EXPECT_EQ(runs[0].capsule, "capsule");
  EXPECT_EQ(runs[0].config_hash, "");
  const Columns metrics = ledger.metrics(runs, Origin::Simulated);
  EXPECT_EQ(metrics.at("hop_ns"), (std::vector<double>{200.2, 100.1}));
  EXPECT_EQ(metrics.at("rare")[0], 1e-300);
  EXPECT_EQ(ledger.metrics(runs, Origin::Host).at("wall_s"), (std::vector<double>{0.7, 0.5}));
  EXPECT_EQ(ledger.rules(7)[0].hits, 20U);
}

TEST_F(Upgrade, MakesALedgerLikeANewOne) {
  const auto schema_of = [](const std::string& path) {
    Database database(path, Database::Mode::Read);
    Statement rows(database, "SELECT sql FROM sqlite_master WHERE sql <> '' ORDER BY type, name");
    std::string schema;
    while (rows.step()) schema += rows.text(0) + "\n";
    return schema;
  };
  Ledger{folder_.file("new.sqlite"), Database::Mode::Write};
  Ledger ledger(path_, Database::Mode::Write);
  EXPECT_EQ(schema_of(path_), schema_of(folder_.file("new.sqlite")));
  EXPECT_EQ(ledger.add(testing::batch("night", "bbbbbbbbbbbb"), {testing::record(1)}), 8);
  EXPECT_THROW(ledger.database().run("DELETE FROM run"), LedgerError);
}

TEST_F(Upgrade, IsWholeOrNotAtAll) {
  {
    Database database(path_, Database::Mode::Write);
    database.run("CREATE TABLE measured (mine)");  // in the way
  }
  EXPECT_THROW(Ledger(path_, Database::Mode::Write), LedgerError);
  Database database(path_, Database::Mode::Read);
  Statement rows(database, "SELECT count(*) FROM metric");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.integer(0), 5);
}

}  // namespace
}  // namespace xive::ledger
