/** What each field of the table of runs is in SQL. Fixed text alone: names and values from outside are parameters. */
import type { AttributeName } from '../../../shared/filter/fields'

/** Of an attribute, over a row of `runs`; `tags` have a table of their own. `$now` is the present moment. */
export const ATTRIBUTE_SQL: Readonly<Record<Exclude<AttributeName, 'tags'>, string>> = {
  name: 'runs.name',
  number: 'runs.number',
  id: 'runs.id',
  status: 'runs.state',
  reason: 'runs.reason',
  task: 'runs.task',
  dataset: 'runs.dataset_name',
  dataset_version: '(SELECT number FROM dataset_versions WHERE id = runs.dataset_version_id)',
  model: 'runs.model_name',
  config: 'runs.config_key',
  forked_from: '(SELECT number FROM runs AS parent WHERE parent.id = runs.forked_from_run)',
  study:
    '(SELECT studies.name FROM trial_runs JOIN studies ON studies.id = study_id WHERE trial_runs.run_id = runs.id)',
  created: 'runs.created_at_ms',
  started: 'runs.started_at_ms',
  ended: 'runs.ended_at_ms',
  duration: '(coalesce(runs.ended_at_ms, $now) - runs.started_at_ms)',
  step: 'runs.step',
  epoch: 'runs.epoch',
  rows_per_second: 'runs.samples_per_second',
  parameters: 'runs.total_parameters',
  trainable_parameters: 'runs.trainable_parameters',
  peak_memory: 'runs.peak_rss_bytes',
  data_sha256: "json_extract(runs.facts_json, '$.data_sha256')",
  tokenizer_sha256: "json_extract(runs.facts_json, '$.tokenizer_sha256')",
  note: 'runs.note',
  archived: '(runs.archived_at_ms IS NOT NULL)',
}

/** What a search for words looks through. */
export const SEARCHED_SQL: readonly string[] = [
  'runs.name',
  'runs.number',
  'runs.dataset_name',
  'runs.model_name',
  'runs.state',
  'runs.task',
  'runs.reason',
  'runs.note',
]
