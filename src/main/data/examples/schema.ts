/**
 * The layout of a file of answers: one SQLite database an evaluation, sealed as dataset versions are. `rows.scores`
 * holds the probabilities of the labels as little-endian float32; texts and columns stay in the dataset version.
 */
import { z } from 'zod'
import type { ExamplesMeta } from '../../../shared/domain/examples'
import { PROBLEMS } from '../../../shared/domain/tasks'

export const EXAMPLES_VERSION = 1

export const CREATE_TABLES = `
  CREATE TABLE rows (
    ordinal INTEGER PRIMARY KEY,
    -- Equal for rows that ask the same and have the same true answer, whatever dataset version they are of.
    content TEXT NOT NULL,
    tokens INTEGER NOT NULL,
    loss REAL,
    confidence REAL,
    share_right REAL,
    -- Probability of its surest wrong answer.
    surest_wrong REAL,
    -- The text as it was asked, where the dataset's is another: with masks in it.
    asked TEXT,
    scores BLOB
  ) STRICT;
  CREATE TABLE answers (
    ordinal INTEGER NOT NULL,
    place INTEGER NOT NULL,
    label ANY,
    predicted ANY,
    confidence REAL,
    PRIMARY KEY (ordinal, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

export const CREATE_INDEXES = `
  CREATE INDEX rows_by_loss ON rows (loss);
  CREATE INDEX rows_by_content ON rows (content);
  CREATE INDEX answers_by_class ON answers (label, predicted);
`

export const Meta: z.ZodType<ExamplesMeta> = z.object({
  step: z.number(),
  epoch: z.number(),
  problem: z.enum(PROBLEMS),
  labels: z.array(z.string()),
  metrics: z.record(z.string(), z.number()),
  split: z.enum(['train', 'validation', 'test']),
  rows: z.number(),
})
