/** Table rows as SQLite returns them, and how they become domain objects. JSON columns are decoded here alone. */
import type { Bundle } from '../../shared/domain/bundle'
import type { Dataset, DatasetVersion, VersionSummary } from '../../shared/domain/dataset'
import type { Job } from '../../shared/domain/job'
import type { Checkpoint, RunSummary } from '../../shared/domain/run'
import { PROBLEMS, type Problem } from '../../shared/domain/tasks'
import { madeBy, madeFrom, type BriefSource } from '../../shared/domain/versionSource'
import type { BundleId, CheckpointId, DatasetId, DatasetVersionId, JobId, RunId } from '../../shared/ids'

export interface RunRow {
  id: string
  number: number
  name: string
  state: string
  reason: string | null
  /** The problem the run solves; of old rows the task. */
  task: string
  dataset_name: string
  dataset_version_id: string | null
  model_name: string
  model_dir: string | null
  run_dir: string
  device: string
  seed: number
  config_json: string
  environment_json: string
  created_at_ms: number
  queued_at_ms: number
  started_at_ms: number | null
  ended_at_ms: number | null
  stage: string | null
  stage_done: number
  stage_total: number
  step: number
  total_steps: number | null
  epoch: number
  last_loss: number | null
  last_eval_json: string | null
  best_eval_json: string | null
  samples_per_second: number | null
  seconds_left: number | null
  rss_bytes: number | null
  peak_rss_bytes: number | null
  trainable_parameters: number | null
  total_parameters: number | null
  facts_json: string | null
  end_json: string | null
  findings_json: string | null
  note: string | null
  archived_at_ms: number | null
  forked_from_run: string | null
  forked_from_step: number | null
  config_key: string | null
  owner: 'window' | 'cli' | null
}

/** What a line of the history needs: the wide JSON columns stay unread. */
export const SUMMARY_COLUMNS = [
  'id',
  'number',
  'name',
  'state',
  'reason',
  'task',
  'dataset_name',
  'model_name',
  'created_at_ms',
  'queued_at_ms',
  'started_at_ms',
  'ended_at_ms',
  'step',
  'total_steps',
  'epoch',
  'last_loss',
  'last_eval_json',
  'best_eval_json',
  'samples_per_second',
  'peak_rss_bytes',
  'seed',
] as const satisfies readonly (keyof RunRow)[]

export type SummaryRow = Pick<RunRow, (typeof SUMMARY_COLUMNS)[number] | 'owner'>

export interface DatasetRow {
  id: string
  name: string
  created_at_ms: number
}

export interface DatasetVersionRow {
  id: string
  dataset_id: string
  number: number
  created_at_ms: number
  file: string
  sha256: string
  size_bytes: number
  train_rows: number
  validation_rows: number
  test_rows: number
  rejected_rows: number
  source_json: string
  split_rule: string
}

/** Its source may lack the cells that were edited. */
export type VersionSummaryRow = Omit<
  DatasetVersionRow,
  'dataset_id' | 'file' | 'sha256' | 'rejected_rows' | 'split_rule'
>

export interface JobRow {
  id: string
  kind: string
  title: string
  state: string
  done: number
  total: number | null
  unit: string
  started_at_ms: number
  ended_at_ms: number | null
  error_json: string | null
  result_json: string | null
}

export interface CheckpointRow {
  id: string
  run_id: string
  step: number
  kind: string
  path: string
  size_bytes: number
  is_best: number
  metrics_json: string | null
  created_at_ms: number
}

export interface BundleRow {
  id: string
  run_id: string
  path: string
  size_bytes: number
  sha256: string
  parity_json: string
  created_at_ms: number
}

/** Rows from before there were others name the task alone. */
function problemOfRow(stored: string): Problem {
  return PROBLEMS.find((problem) => problem === stored) ?? 'single-label'
}

/** Decodes a JSON column; what is in it was written by this program. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the column's type is known to the caller
export function decode<T>(json: string): T
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the column's type is known to the caller
export function decode<T>(json: string | null): T | null
export function decode(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown)
}

export function toRunSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id as RunId,
    number: row.number,
    name: row.name,
    state: row.state as RunSummary['state'],
    reason: row.reason,
    problem: problemOfRow(row.task),
    datasetName: row.dataset_name,
    modelName: row.model_name,
    createdAtMs: row.created_at_ms,
    queuedAtMs: row.queued_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    step: row.step,
    totalSteps: row.total_steps,
    epoch: row.epoch,
    lastLoss: row.last_loss,
    lastEval: decode(row.last_eval_json),
    bestEval: decode(row.best_eval_json),
    samplesPerSecond: row.samples_per_second,
    peakRssBytes: row.peak_rss_bytes,
    owner: row.owner,
    seed: row.seed,
  }
}

export function toDatasetVersion(row: DatasetVersionRow): DatasetVersion {
  return {
    id: row.id as DatasetVersionId,
    datasetId: row.dataset_id as DatasetId,
    number: row.number,
    createdAtMs: row.created_at_ms,
    rows: { train: row.train_rows, validation: row.validation_rows, test: row.test_rows },
    rejected: row.rejected_rows,
    sha256: row.sha256,
    source: decode<DatasetVersion['source']>(row.source_json),
    splitRule: row.split_rule,
    sizeBytes: row.size_bytes,
  }
}

export function toVersionSummary(row: VersionSummaryRow): VersionSummary {
  const source = decode<BriefSource>(row.source_json)
  return {
    id: row.id as DatasetVersionId,
    number: row.number,
    createdAtMs: row.created_at_ms,
    rows: { train: row.train_rows, validation: row.validation_rows, test: row.test_rows },
    sizeBytes: row.size_bytes,
    kind: source.kind,
    from: madeFrom(source),
    madeBy: madeBy(source),
  }
}

export function toDataset(row: DatasetRow, latest: DatasetVersion, versions: VersionSummary[]): Dataset {
  return { id: row.id as DatasetId, name: row.name, createdAtMs: row.created_at_ms, latest, versions }
}

export function toJob(row: JobRow): Job {
  return {
    id: row.id as JobId,
    kind: row.kind as Job['kind'],
    title: row.title,
    state: row.state as Job['state'],
    done: row.done,
    total: row.total,
    unit: row.unit,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    error: decode(row.error_json),
    result: decode(row.result_json),
  }
}

/** `path` stays as stored, relative to the data folder. */
export function toCheckpoint(row: CheckpointRow): Checkpoint {
  return {
    id: row.id as CheckpointId,
    runId: row.run_id as RunId,
    step: row.step,
    kind: row.kind as Checkpoint['kind'],
    path: row.path,
    sizeBytes: row.size_bytes,
    isBest: row.is_best === 1,
    metrics: decode(row.metrics_json),
    createdAtMs: row.created_at_ms,
  }
}

/** `path` stays as stored, relative to the data folder. */
export function toBundle(row: BundleRow): Bundle {
  return {
    id: row.id as BundleId,
    runId: row.run_id as RunId,
    path: row.path,
    sizeBytes: row.size_bytes,
    createdAtMs: row.created_at_ms,
    parity: decode<Bundle['parity']>(row.parity_json),
    sha256: row.sha256,
  }
}
