/** Datasets and their immutable versions; the rows themselves live in one file a version. */
import type { Dataset, DatasetProfile, DatasetVersion, VersionSummary } from '../../../shared/domain/dataset'
import type { DatasetId, DatasetVersionId } from '../../../shared/ids'
import { allRows, change, inTransaction, oneRow, type ReadableDB, type WritableDB } from '../handles'
import {
  decode,
  toDataset,
  toDatasetVersion,
  toVersionSummary,
  type DatasetRow,
  type DatasetVersionRow,
  type VersionSummaryRow,
} from '../rows'

export type StoredProfile = Omit<DatasetProfile, 'version'>

export interface NewVersion extends Omit<DatasetVersion, 'number' | 'datasetId'> {
  /** Relative to the data folder. */
  file: string
  profile: StoredProfile
}

export function insertDataset(
  db: WritableDB,
  dataset: { id: DatasetId; name: string; createdAtMs: number },
  version: NewVersion,
): void {
  inTransaction(db, () => {
    change(db, 'INSERT INTO datasets (id, name, created_at_ms) VALUES ($id, $name, $createdAtMs)', dataset)
    insertVersion(db, dataset.id, version)
  })
}

/** Adds a version to a dataset, with the next number. */
export function insertVersion(db: WritableDB, datasetId: DatasetId, version: NewVersion): void {
  change(
    db,
    `INSERT INTO dataset_versions (id, dataset_id, number, created_at_ms, file, sha256, size_bytes, train_rows,
       validation_rows, test_rows, rejected_rows, source_json, split_rule, profile_json)
     VALUES ($id, $datasetId,
       (SELECT coalesce(max(number), 0) + 1 FROM dataset_versions WHERE dataset_id = $datasetId),
       $createdAtMs, $file, $sha256, $sizeBytes, $train, $validation, $test, $rejected, $source, $splitRule, $profile)`,
    {
      id: version.id,
      datasetId,
      createdAtMs: version.createdAtMs,
      file: version.file,
      sha256: version.sha256,
      sizeBytes: version.sizeBytes,
      train: version.rows.train,
      validation: version.rows.validation,
      test: version.rows.test,
      rejected: version.rejected,
      source: JSON.stringify(version.source),
      splitRule: version.splitRule,
      profile: JSON.stringify(version.profile),
    },
  )
}

export function listDatasets(db: ReadableDB): Dataset[] {
  const rows = allRows<DatasetRow>(db, 'SELECT * FROM datasets ORDER BY created_at_ms DESC, id')
  return rows.flatMap((row) => withLatest(db, row))
}

export function findDataset(db: ReadableDB, id: DatasetId): Dataset | undefined {
  const row = oneRow<DatasetRow>(db, 'SELECT * FROM datasets WHERE id = $id', { id })
  return row && withLatest(db, row)[0]
}

export interface FoundVersion {
  version: DatasetVersion
  name: string
  /** Relative to the data folder. */
  file: string
}

const found = `SELECT dataset_versions.*, datasets.name AS dataset_name FROM dataset_versions
  JOIN datasets ON datasets.id = dataset_versions.dataset_id`

export function findVersion(db: ReadableDB, id: DatasetVersionId): FoundVersion | undefined {
  return toFound(oneRow(db, `${found} WHERE dataset_versions.id = $id`, { id }))
}

/** The version with the same content, if it was imported before. */
export function findVersionBySha256(db: ReadableDB, sha256: string): FoundVersion | undefined {
  return toFound(oneRow(db, `${found} WHERE sha256 = $sha256 ORDER BY created_at_ms LIMIT 1`, { sha256 }))
}

export function findSampleVersion(db: ReadableDB, sample: string): FoundVersion | undefined {
  return toFound(
    oneRow(
      db,
      `${found} WHERE source_json ->> 'kind' = 'sample' AND source_json ->> 'name' = $sample
       ORDER BY dataset_versions.created_at_ms DESC LIMIT 1`,
      { sample },
    ),
  )
}

export function findProfile(db: ReadableDB, id: DatasetVersionId): StoredProfile | null {
  const row = oneRow<{ profile_json: string | null }>(
    db,
    'SELECT profile_json FROM dataset_versions WHERE id = $id',
    { id },
  )
  return decode<StoredProfile>(row?.profile_json ?? null)
}

/** Removes a dataset and returns its versions' files (relative), which are the caller's to delete. */
export function deleteDataset(db: WritableDB, id: DatasetId): string[] {
  return inTransaction(db, () => {
    const files = allRows<{ file: string }>(db, 'SELECT file FROM dataset_versions WHERE dataset_id = $id', {
      id,
    })
    change(db, 'DELETE FROM datasets WHERE id = $id', { id })
    return files.map((row) => row.file)
  })
}

function withLatest(db: ReadableDB, row: DatasetRow): Dataset[] {
  const latest = oneRow<DatasetVersionRow>(
    db,
    'SELECT * FROM dataset_versions WHERE dataset_id = $id ORDER BY number DESC LIMIT 1',
    { id: row.id },
  )
  return latest ? [toDataset(row, toDatasetVersion(latest), versionsOf(db, row.id))] : []
}

function versionsOf(db: ReadableDB, dataset: string): VersionSummary[] {
  const rows = allRows<VersionSummaryRow>(
    db,
    `SELECT id, number, created_at_ms, train_rows, validation_rows, test_rows, size_bytes,
       json_remove(source_json, '$.recipe.edits') AS source_json
     FROM dataset_versions WHERE dataset_id = $dataset ORDER BY number DESC`,
    { dataset },
  )
  return rows.map(toVersionSummary)
}

function toFound(row: (DatasetVersionRow & { dataset_name: string }) | undefined): FoundVersion | undefined {
  return row && { version: toDatasetVersion(row), name: row.dataset_name, file: row.file }
}
