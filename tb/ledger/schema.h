// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace xive::ledger {

/// "XIVE" in ASCII, so that `file` and we know what it is.
inline constexpr const char* kApplicationId = "1481201221";

/// Version 2; docs/sweeps.md says what changed. A result is never changed nor removed: triggers
/// refuse it. The numbers of a run are one value each for `simulated` and `host` (8 bytes a metric,
/// little-endian, in the order of batch_metric.place): a row for each would be half a billion rows
/// for a million results.
inline constexpr const char* kSchema = R"sql(
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  started TEXT NOT NULL,
  host TEXT NOT NULL,
  version TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  dirty INTEGER NOT NULL,
  tools TEXT NOT NULL,
  jobs INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  passed INTEGER NOT NULL
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
  config_hash TEXT NOT NULL,
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
CREATE TABLE batch_metric (
  batch INTEGER NOT NULL REFERENCES batch,
  host INTEGER NOT NULL,
  name INTEGER NOT NULL REFERENCES metric_name,
  place INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  mean REAL NOT NULL,
  least REAL NOT NULL,
  most REAL NOT NULL,
  PRIMARY KEY (batch, host, name)
) WITHOUT ROWID;
CREATE TABLE measured (
  run INTEGER PRIMARY KEY REFERENCES run,
  host BLOB NOT NULL,
  simulated BLOB NOT NULL
);
CREATE TABLE rule_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE batch_rule (
  batch INTEGER NOT NULL REFERENCES batch,
  rule INTEGER NOT NULL REFERENCES rule_name,
  hits INTEGER NOT NULL,
  fired INTEGER NOT NULL,
  PRIMARY KEY (batch, rule)
) WITHOUT ROWID;
)sql";

inline constexpr const char* kTriggers = R"sql(
CREATE TRIGGER batch_kept BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER batch_fixed BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER run_kept BEFORE DELETE ON run BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER run_fixed BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER batch_metric_kept BEFORE DELETE ON batch_metric
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER batch_metric_fixed BEFORE UPDATE ON batch_metric
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER measured_kept BEFORE DELETE ON measured
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER measured_fixed BEFORE UPDATE ON measured
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
)sql";

}  // namespace xive::ledger
