/** Rows to start from: a dataset version and a run that refers to it. */
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import type { DatasetId, DatasetVersionId, RunId } from '../../../src/shared/ids'
import type { WritableDB } from '../../../src/main/store/handles'
import { insertDataset } from '../../../src/main/store/queries/datasets'
import { recordState } from '../../../src/main/store/queries/recordEvents'
import { insertRun } from '../../../src/main/store/queries/runs'

export function addDataset(db: WritableDB, id = 'v1'): DatasetVersionId {
  const version = id as DatasetVersionId
  const createdAtMs = 1_000
  insertDataset(
    db,
    { id: `dataset-${id}` as DatasetId, name: 'letters', createdAtMs },
    {
      id: version,
      createdAtMs,
      rows: { train: 90, validation: 10, test: 0 },
      rejected: 2,
      sha256: `sha-${id}`,
      source: { kind: 'file', path: '/data/letters.csv', format: 'csv', encoding: 'utf-8' },
      splitRule: '10 % validation, seed 42',
      sizeBytes: 4096,
      file: `datasets/${id}.sqlite`,
      profile: { columns: [], duplicates: 0, warnings: [] },
    },
  )
  return version
}

export const config = parseRunConfig({
  task: 'sequence-classification',
  model: { architecture: 'bert', config: { hidden_size: 16, num_hidden_layers: 1 } },
  dataset: { version: 'v1' },
  eval_strategy: 'epoch',
  metric_for_best_model: 'accuracy',
})

export function addRun(db: WritableDB, id = 'r1', version: string | null = 'v1'): RunId {
  const run = id as RunId
  insertRun(db, {
    id: run,
    name: null,
    datasetName: 'letters',
    datasetVersionId: version as DatasetVersionId,
    modelName: 'bert',
    modelDir: null,
    runDir: `runs/${id}`,
    device: 'cpu',
    config,
    environment: {},
    atMs: 2_000,
  })
  return run
}

/** A run in state running. */
export function addRunning(db: WritableDB, id = 'r1'): RunId {
  addDataset(db)
  const run = addRun(db, id)
  recordState(db, run, 'preparing', null, 3_000)
  recordState(db, run, 'running', null, 4_000)
  return run
}
