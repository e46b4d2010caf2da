/**
 * The first schema. Files are named relative to the data folder. `changes` holds one row an entity whose tick grows
 * with each change (kept by triggers), so that any process can ask what is new since it last looked.
 */
import type { Migration } from '../migrate'

const tables = `
CREATE TABLE datasets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE dataset_versions (
  id TEXT PRIMARY KEY,
  dataset_id TEXT NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  train_rows INTEGER NOT NULL,
  validation_rows INTEGER NOT NULL,
  test_rows INTEGER NOT NULL,
  rejected_rows INTEGER NOT NULL,
  source_json TEXT NOT NULL,
  split_rule TEXT NOT NULL,
  profile_json TEXT,
  UNIQUE (dataset_id, number)
) STRICT;
CREATE INDEX dataset_versions_by_sha256 ON dataset_versions (sha256);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  task TEXT NOT NULL,
  dataset_name TEXT NOT NULL,
  dataset_version_id TEXT REFERENCES dataset_versions(id) ON DELETE SET NULL,
  model_name TEXT NOT NULL,
  model_dir TEXT,
  run_dir TEXT NOT NULL,
  device TEXT NOT NULL,
  seed INTEGER NOT NULL,
  config_json TEXT NOT NULL,
  environment_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  queued_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  stage TEXT,
  stage_done INTEGER NOT NULL DEFAULT 0,
  stage_total INTEGER NOT NULL DEFAULT 0,
  step INTEGER NOT NULL DEFAULT 0,
  total_steps INTEGER,
  epoch REAL NOT NULL DEFAULT 0,
  last_loss REAL,
  last_eval_json TEXT,
  best_eval_json TEXT,
  samples_per_second REAL,
  seconds_left REAL,
  rss_bytes INTEGER,
  peak_rss_bytes INTEGER,
  trainable_parameters INTEGER,
  total_parameters INTEGER,
  facts_json TEXT,
  end_json TEXT,
  findings_json TEXT
) STRICT;
CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_dataset_version ON runs (dataset_version_id);

CREATE TABLE run_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  event_json TEXT NOT NULL
) STRICT;
CREATE INDEX run_events_by_run ON run_events (run_id, seq);
CREATE TRIGGER run_events_are_append_only BEFORE UPDATE ON run_events
BEGIN SELECT RAISE(ABORT, 'run_events is append-only'); END;

CREATE TABLE metrics (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  name TEXT NOT NULL,
  value REAL,
  PRIMARY KEY (run_id, step, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluations (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  metrics_json TEXT NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE predictions (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  rows_json TEXT NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT;

CREATE TABLE baselines (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  metrics_json TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT;

CREATE TABLE checkpoints (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('saved', 'resume', 'final')),
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  is_best INTEGER NOT NULL CHECK (is_best IN (0, 1)),
  metrics_json TEXT,
  created_at_ms INTEGER NOT NULL,
  UNIQUE (run_id, path)
) STRICT;

-- A bundle outlives its run: no reference.
CREATE TABLE bundles (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  parity_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER,
  unit TEXT NOT NULL DEFAULT '',
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  error_json TEXT,
  result_json TEXT,
  is_dismissed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Who works on a run or job: a process that can be told from a later one with the same id by its start time.
CREATE TABLE leases (
  kind TEXT NOT NULL CHECK (kind IN ('run', 'job')),
  id TEXT NOT NULL,
  owner TEXT NOT NULL CHECK (owner IN ('window', 'cli')),
  pid INTEGER NOT NULL,
  process_started TEXT NOT NULL,
  worker_pid INTEGER,
  worker_started TEXT,
  heartbeat_at_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- What another process asks the owner of a run or job to do.
CREATE TABLE requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('run', 'job')),
  id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('cancel', 'pause', 'unpause')),
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value_json TEXT NOT NULL
) STRICT;

CREATE TABLE changes (
  tick INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  is_gone INTEGER NOT NULL,
  UNIQUE (kind, id)
) STRICT;
`

/** Triggers that note a change of `kind` whenever a row of `table` is written; `idOf` names its entity. */
function noteChanges(table: string, kind: string, idOf: string, operations: readonly string[]): string {
  return operations
    .map((operation) => {
      const row = operation === 'DELETE' ? 'OLD' : 'NEW'
      const isGone = operation === 'DELETE' ? 1 : 0
      return `CREATE TRIGGER ${table}_note_${operation.toLowerCase()} AFTER ${operation} ON ${table}
BEGIN
  DELETE FROM changes WHERE kind = '${kind}' AND id = ${row}.${idOf};
  INSERT INTO changes (kind, id, is_gone) VALUES ('${kind}', ${row}.${idOf}, ${isGone});
END;`
    })
    .join('\n')
}

const every = ['INSERT', 'UPDATE', 'DELETE']

export const first: Migration = {
  version: 10,
  name: 'first',
  up(db) {
    db.exec(tables)
    db.exec(noteChanges('runs', 'run', 'id', every))
    db.exec(noteChanges('datasets', 'dataset', 'id', every))
    db.exec(noteChanges('dataset_versions', 'dataset', 'dataset_id', ['INSERT', 'UPDATE']))
    db.exec(noteChanges('jobs', 'job', 'id', every))
    db.exec(noteChanges('settings', 'setting', 'key', ['INSERT', 'UPDATE']))
    db.exec(noteChanges('requests', 'request', 'id', ['INSERT']))
  },
}
