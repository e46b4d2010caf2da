/** Runs: creating, listing, renaming, deleting. Their events and figures are written by recordEvents alone. */
import type { Finding, RunSummary } from '../../../shared/domain/run'
import type { RunConfig } from '../../../shared/domain/runConfig'
import { problemOf } from '../../../shared/domain/tasks'
import type { DatasetVersionId, RunId } from '../../../shared/ids'
import { allRows, change, inTransaction, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { configKey, writeRunParams } from '../runParams'
import { SUMMARY_COLUMNS, toRunSummary, type RunRow, type SummaryRow } from '../rows'

export interface NewRun {
  id: RunId
  name: string | null
  datasetName: string
  datasetVersionId: DatasetVersionId
  modelName: string
  /** Folder to start from, or null for random weights. */
  modelDir: string | null
  runDir: string
  /** Runs of one device wait for each other. */
  device: string
  config: RunConfig
  /** The run whose weights it starts from, and at which step they were. */
  forkedFrom?: { run: RunId; step: number | null } | null
  environment: Record<string, string>
  atMs: number
}

const ownerColumn = `(SELECT owner FROM leases WHERE kind = 'run' AND leases.id = runs.id) AS owner`
const columns = `runs.*, ${ownerColumn}`

/** Adds a run in state queued and returns its number. An unnamed one is called after its number. */
export function insertRun(db: WritableDB, run: NewRun): number {
  return inTransaction(db, () => {
    const number = oneRow<{ next: number }>(db, 'SELECT coalesce(max(number), 0) + 1 AS next FROM runs')!.next
    change(
      db,
      `INSERT INTO runs (id, number, name, state, task, dataset_name, dataset_version_id, model_name, model_dir,
         run_dir, device, seed, config_json, environment_json, created_at_ms, queued_at_ms,
         forked_from_run, forked_from_step, config_key)
       VALUES ($id, $number, $name, 'queued', $task, $datasetName, $datasetVersionId, $modelName, $modelDir,
         $runDir, $device, $seed, $config, $environment, $atMs, $atMs, $forkedFromRun, $forkedFromStep, $configKey)`,
      {
        id: run.id,
        number,
        name: run.name ?? `Run ${number}`,
        task: problemOf(run.config),
        datasetName: run.datasetName,
        datasetVersionId: run.datasetVersionId,
        modelName: run.modelName,
        modelDir: run.modelDir,
        runDir: run.runDir,
        device: run.device,
        seed: run.config.seed,
        config: JSON.stringify(run.config),
        environment: JSON.stringify(run.environment),
        atMs: run.atMs,
        forkedFromRun: run.forkedFrom?.run ?? null,
        forkedFromStep: run.forkedFrom?.step ?? null,
        configKey: configKey(run.config),
      },
    )
    writeRunParams(db, run.id, run.config)
    return number
  })
}

export function listRuns(db: ReadableDB): RunSummary[] {
  return allRows<SummaryRow>(
    db,
    `SELECT ${SUMMARY_COLUMNS.join(', ')}, ${ownerColumn} FROM runs ORDER BY number DESC`,
  ).map(toRunSummary)
}

/** Runs that came to their end on a dataset version. */
export function finishedOnVersion(db: ReadableDB, version: string): RunRow[] {
  return allRows<RunRow>(
    db,
    `SELECT ${columns} FROM runs WHERE dataset_version_id = $version AND state IN ('completed', 'stopped')`,
    { version },
  )
}

export function findRun(db: ReadableDB, id: RunId): RunRow | undefined {
  return oneRow<RunRow>(db, `SELECT ${columns} FROM runs WHERE id = $id`, { id })
}

/** Runs whose id starts with `text`, or whose number it is: at most two, so that the caller sees ambiguity. */
export function findRunsLike(db: ReadableDB, text: string): RunRow[] {
  const number = /^#?\d{1,9}$/.test(text) ? Number(text.replace('#', '')) : -1
  const byNumber = allRows<RunRow>(db, `SELECT ${columns} FROM runs WHERE number = $number`, { number })
  if (byNumber.length > 0) return byNumber
  return allRows<RunRow>(
    db,
    `SELECT ${columns} FROM runs WHERE substr(id, 1, length($text)) = $text LIMIT 2`,
    { text },
  )
}

export function runsInStates(db: ReadableDB, states: readonly string[]): RunRow[] {
  return allRows<RunRow>(
    db,
    `SELECT ${columns} FROM runs WHERE state IN (SELECT value FROM json_each($states))
     ORDER BY queued_at_ms, number`,
    { states: JSON.stringify(states) },
  )
}

/** Lets runs that wait start in this order. */
export function setQueueOrder(db: WritableDB, order: readonly RunRow[]): void {
  const times = order.map((row) => row.queued_at_ms).sort((a, b) => a - b)
  let last = -Infinity
  order.forEach(({ id }, i) => {
    last = Math.max(last + 1, times[i]!)
    change(db, 'UPDATE runs SET queued_at_ms = $last WHERE id = $id', { last, id })
  })
}

/** Run folders that lie outside the data folder, and so are stored as absolute paths. */
export function foreignRunDirs(db: ReadableDB): string[] {
  return allRows<{ run_dir: string }>(
    db,
    "SELECT DISTINCT run_dir FROM runs WHERE run_dir NOT LIKE 'runs/%'",
  ).map((row) => row.run_dir)
}

/** Runs of a dataset that have not ended. */
export function activeRunsOfDataset(db: ReadableDB, datasetId: string, ended: readonly string[]): RunRow[] {
  return allRows<RunRow>(
    db,
    `SELECT ${columns} FROM runs JOIN dataset_versions ON dataset_versions.id = runs.dataset_version_id
     WHERE dataset_versions.dataset_id = $datasetId
       AND runs.state NOT IN (SELECT value FROM json_each($ended))`,
    { datasetId, ended: JSON.stringify(ended) },
  )
}

export function renameRun(db: WritableDB, id: RunId, name: string): void {
  change(db, 'UPDATE runs SET name = $name WHERE id = $id', { id, name })
}

export function setFindings(db: WritableDB, id: RunId, findings: readonly Finding[]): void {
  const json = JSON.stringify(findings)
  change(db, 'UPDATE runs SET findings_json = $json WHERE id = $id', { id, json })
}

/** Removes a run with all that refers to it; its files are the caller's. */
export function deleteRun(db: WritableDB, id: RunId): void {
  inTransaction(db, () => {
    change(db, `DELETE FROM leases WHERE kind = 'run' AND id = $id`, { id })
    change(db, 'DELETE FROM runs WHERE id = $id', { id })
  })
}
