/**
 * Studies of the tuner. A trial's runs are ordinary runs; deleting one leaves the trial. Leases and requests learn a
 * third kind, which takes a new table each: a CHECK cannot be changed.
 */
import type { Migration } from '../migrate'

const tables = `
CREATE TABLE studies (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'stopped', 'cancelled', 'failed', 'interrupted')),
  reason TEXT,
  config_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  -- Time it was worked on before the current owner took it.
  spent_ms INTEGER NOT NULL DEFAULT 0,
  resumed_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE trials (
  study_id TEXT NOT NULL REFERENCES studies(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'complete', 'pruned', 'fail')),
  params_json TEXT NOT NULL,
  value REAL,
  reason TEXT,
  rungs_json TEXT NOT NULL DEFAULT '[]',
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  PRIMARY KEY (study_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE trial_values (
  study_id TEXT NOT NULL,
  trial INTEGER NOT NULL,
  step INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (study_id, trial, step),
  FOREIGN KEY (study_id, trial) REFERENCES trials(study_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE trial_runs (
  study_id TEXT NOT NULL,
  trial INTEGER NOT NULL,
  position INTEGER NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  seed INTEGER,
  value REAL,
  PRIMARY KEY (study_id, trial, position),
  FOREIGN KEY (study_id, trial) REFERENCES trials(study_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_runs_by_run ON trial_runs (run_id);
`

const wider = `
CREATE TABLE new_leases (
  kind TEXT NOT NULL CHECK (kind IN ('run', 'job', 'study')),
  id TEXT NOT NULL,
  owner TEXT NOT NULL CHECK (owner IN ('window', 'cli')),
  pid INTEGER NOT NULL,
  process_started TEXT NOT NULL,
  worker_pid INTEGER,
  worker_started TEXT,
  heartbeat_at_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO new_leases SELECT kind, id, owner, pid, process_started, worker_pid, worker_started, heartbeat_at_ms
  FROM leases;
DROP TABLE leases;
ALTER TABLE new_leases RENAME TO leases;

CREATE TABLE new_requests (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('run', 'job', 'study')),
  id TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('cancel', 'pause', 'unpause')),
  at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO new_requests SELECT seq, kind, id, action, at_ms FROM requests;
DROP TABLE requests;
ALTER TABLE new_requests RENAME TO requests;
CREATE TRIGGER requests_note_insert AFTER INSERT ON requests
BEGIN
  DELETE FROM changes WHERE kind = 'request' AND id = NEW.id;
  INSERT INTO changes (kind, id, is_gone) VALUES ('request', NEW.id, 0);
END;
`

/** Any change below a study is a change of the study. */
function noteChanges(table: string, idOf: string, operations: readonly string[]): string {
  return operations
    .map((operation) => {
      const row = operation === 'DELETE' ? 'OLD' : 'NEW'
      const isGone = operation === 'DELETE' ? 1 : 0
      return `CREATE TRIGGER ${table}_note_${operation.toLowerCase()} AFTER ${operation} ON ${table}
BEGIN
  DELETE FROM changes WHERE kind = 'study' AND id = ${row}.${idOf};
  INSERT INTO changes (kind, id, is_gone) VALUES ('study', ${row}.${idOf}, ${isGone});
END;`
    })
    .join('\n')
}

export const studies: Migration = {
  version: 40,
  name: 'studies',
  up(db) {
    db.exec(tables)
    db.exec(wider)
    db.exec(noteChanges('studies', 'id', ['INSERT', 'UPDATE', 'DELETE']))
    db.exec(noteChanges('trials', 'study_id', ['INSERT', 'UPDATE']))
    db.exec(noteChanges('trial_values', 'study_id', ['INSERT']))
  },
}
