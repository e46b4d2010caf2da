/**
 * What the table of runs filters, sorts and shows, ready to read: each setting of a run, and of each of its figures the
 * newest, the best evaluation's, the lowest and the highest value. Both are stored by name first, so that a column is one
 * stretch of the file however many runs and metric rows there are. Notes, tags, archive, forks and saved views.
 */
import type { Migration } from '../migrate'
import { writeRunParams } from '../runParams'

const tables = `
CREATE TABLE run_params (
  name TEXT NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  -- Number or text; true and false as text.
  value ANY NOT NULL,
  PRIMARY KEY (name, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_params_by_run ON run_params (run_id);

CREATE TABLE run_figures (
  name TEXT NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  last_step INTEGER NOT NULL,
  -- Not finite: NULL.
  last REAL,
  best REAL,
  min REAL,
  max REAL,
  PRIMARY KEY (name, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_figures_by_run ON run_figures (run_id);

CREATE TABLE run_tags (
  run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_tags_by_tag ON run_tags (tag);

ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN archived_at_ms INTEGER;
ALTER TABLE runs ADD COLUMN forked_from_run TEXT REFERENCES runs(id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN forked_from_step INTEGER;
CREATE INDEX runs_by_fork ON runs (forked_from_run);

CREATE TABLE run_views (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
  state_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
`

const figures = `
INSERT INTO run_figures (name, run_id, last_step, min, max)
  SELECT name, run_id, max(step), min(value), max(value) FROM metrics GROUP BY run_id, name;
UPDATE run_figures SET last = (SELECT value FROM metrics
  WHERE metrics.run_id = run_figures.run_id AND metrics.step = last_step AND metrics.name = run_figures.name);

INSERT INTO run_figures (name, run_id, last_step, min, max)
  SELECT 'eval_' || figure.key, run_id, max(step), min(figure.value), max(figure.value)
  FROM evaluations, json_each(evaluations.metrics_json) AS figure
  WHERE figure.type IN ('real', 'integer') GROUP BY figure.key, run_id;
UPDATE run_figures SET
  last = (SELECT figure.value FROM runs, json_each(runs.last_eval_json) AS figure
    WHERE runs.id = run_id AND figure.key = substr(run_figures.name, 6) AND figure.type IN ('real', 'integer')),
  best = (SELECT figure.value FROM runs, json_each(runs.best_eval_json) AS figure
    WHERE runs.id = run_id AND figure.key = substr(run_figures.name, 6) AND figure.type IN ('real', 'integer'))
  WHERE name LIKE 'eval\\_%' ESCAPE '\\';
`

export const runTable: Migration = {
  version: 50,
  name: 'run-table',
  up(db) {
    db.exec(tables)
    db.exec(figures)
    const runs = db.prepare('SELECT id, config_json FROM runs').all() as { id: string; config_json: string }[]
    for (const run of runs) writeRunParams(db, run.id, JSON.parse(run.config_json))
    for (const operation of ['INSERT', 'DELETE']) {
      const row = operation === 'DELETE' ? 'OLD' : 'NEW'
      // Tags that go with their run are no news of it.
      db.exec(`CREATE TRIGGER run_tags_note_${operation.toLowerCase()} AFTER ${operation} ON run_tags
WHEN EXISTS (SELECT 1 FROM runs WHERE id = ${row}.run_id)
BEGIN
  DELETE FROM changes WHERE kind = 'run' AND id = ${row}.run_id;
  INSERT INTO changes (kind, id, is_gone) VALUES ('run', ${row}.run_id, 0);
END;`)
    }
  },
}
