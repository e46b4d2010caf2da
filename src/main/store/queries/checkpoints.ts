/** Checkpoints: the row is written after the folder was renamed into place. Paths are relative to the data folder. */
import type { Checkpoint } from '../../../shared/domain/run'
import type { CheckpointId, RunId } from '../../../shared/ids'
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'
import { toCheckpoint, type CheckpointRow } from '../rows'

/** A folder written again after a resume replaces its row. */
export function insertCheckpoint(db: WritableDB, checkpoint: Checkpoint): void {
  if (checkpoint.isBest)
    change(db, 'UPDATE checkpoints SET is_best = 0 WHERE run_id = $run', { run: checkpoint.runId })
  change(
    db,
    `INSERT INTO checkpoints (id, run_id, step, kind, path, size_bytes, is_best, metrics_json, created_at_ms)
     VALUES ($id, $run, $step, $kind, $path, $sizeBytes, $isBest, $metrics, $atMs)
     ON CONFLICT (run_id, path) DO UPDATE SET step = excluded.step, kind = excluded.kind,
       size_bytes = excluded.size_bytes, is_best = excluded.is_best, metrics_json = excluded.metrics_json,
       created_at_ms = excluded.created_at_ms`,
    {
      id: checkpoint.id,
      run: checkpoint.runId,
      step: checkpoint.step,
      kind: checkpoint.kind,
      path: checkpoint.path,
      sizeBytes: checkpoint.sizeBytes,
      isBest: checkpoint.isBest ? 1 : 0,
      metrics: checkpoint.metrics && JSON.stringify(checkpoint.metrics),
      atMs: checkpoint.createdAtMs,
    },
  )
}

export function deleteCheckpoint(db: WritableDB, run: RunId, path: string): void {
  change(db, 'DELETE FROM checkpoints WHERE run_id = $run AND path = $path', { run, path })
}

/** Newest first. */
export function listCheckpoints(db: ReadableDB, run: RunId): Checkpoint[] {
  return allRows<CheckpointRow>(
    db,
    'SELECT * FROM checkpoints WHERE run_id = $run ORDER BY step DESC, created_at_ms DESC',
    { run },
  ).map(toCheckpoint)
}

export function findCheckpoint(db: ReadableDB, id: CheckpointId): Checkpoint | undefined {
  const row = oneRow<CheckpointRow>(db, 'SELECT * FROM checkpoints WHERE id = $id', { id })
  return row && toCheckpoint(row)
}
