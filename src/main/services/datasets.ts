/** Datasets: imported once by a worker into a sealed file, profiled, then read page by page. */
import { statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { Dataset, DatasetProfile, RejectedRow, RowsPage, Split } from '../../shared/domain/dataset'
import { derivationText, type Derivation } from '../../shared/domain/derivation'
import type { DatasetSource } from '../../shared/domain/runConfig'
import { ENDED_STATES } from '../../shared/domain/run'
import { UserError } from '../../shared/errors'
import type { DatasetId, DatasetVersionId, RunId } from '../../shared/ids'
import type { SplitRule } from '../../shared/ipc/datasets'
import { openVersionFile, type VersionFile } from '../data/file/openVersion'
import {
  deleteDataset,
  findDataset,
  findProfile,
  findSampleVersion,
  findVersion,
  findVersionBySha256,
  insertDataset,
  listDatasets,
  type FoundVersion,
} from '../store/queries/datasets'
import { activeRunsOfDataset, findRun } from '../store/queries/runs'
import type { ImportTask } from '../worker/datasetTasks'
import type { ServiceContext } from './context'
import { assertFree, folderBytes } from './diskSpace'
import { fromStored, toStored } from './home'
import type { JobHandle, JobsService, StartedJob } from './jobs'
import { newId } from './newId'
import { addVersion } from './newVersion'
import { writeFile } from './userFile'

export type ImportSource = ImportTask['source']

export interface RowsQuery {
  version: DatasetVersionId
  offset: number
  limit: number
  split: Split | null
  search: string
}

export interface DatasetsService {
  list(): Dataset[]
  import(source: ImportSource, name: string | null, split: SplitRule | null): StartedJob<FoundVersion>
  /** The version a run config names; imports files and the sample where that was not done before. */
  resolve(source: DatasetSource): Promise<FoundVersion>
  /** The same without importing: null where it is not there yet. */
  known(source: DatasetSource): FoundVersion | null
  find(version: DatasetVersionId): FoundVersion
  /** The version a run was trained on. */
  ofRun(run: RunId): FoundVersion
  fileOf(found: FoundVersion): string
  profile(version: DatasetVersionId): DatasetProfile
  rows(query: RowsQuery): RowsPage
  rejected(version: DatasetVersionId): RejectedRow[]
  /** The rejected rows that were kept, an object a line: row, field, reason, excerpt. */
  saveRejected(version: DatasetVersionId, path: string): void
  /** A further version of the same dataset, by a recipe. */
  derive(version: DatasetVersionId, recipe: Derivation): StartedJob<FoundVersion>
  delete(dataset: DatasetId): Promise<{ freedBytes: number }>
}

export function datasetsService(ctx: ServiceContext, jobs: JobsService): DatasetsService {
  const find = (version: DatasetVersionId): FoundVersion => {
    const found = findVersion(ctx.db, version)
    if (found) return found
    throw new UserError('not-found', `There is no dataset version ${version}.`, {
      hint: 'It may have been deleted; import the data again.',
    })
  }
  const fileOf = (found: FoundVersion) => fromStored(ctx.home, found.file)

  function known(source: DatasetSource): FoundVersion | null {
    if ('version' in source) return find(source.version as DatasetVersionId)
    if ('sample' in source) return findSampleVersion(ctx.db, source.sample) ?? null
    return null
  }

  function startImport(
    source: ImportSource,
    name: string | null,
    split: SplitRule | null,
  ): StartedJob<FoundVersion> {
    return jobs.start({
      kind: source.kind === 'sample' ? 'sample' : 'import',
      title: `Import ${nameOf(source)}`,
      work: async (job) =>
        (source.kind === 'sample' && findSampleVersion(ctx.db, source.name)) ||
        importVersion(ctx, job, source, name, split),
      result: (found) => ({ dataset: found.version.datasetId, version: found.version.id }),
    })
  }

  return {
    find,
    fileOf,
    known,
    import: startImport,
    ofRun(run) {
      const row = findRun(ctx.db, run)
      if (row?.dataset_version_id) return find(row.dataset_version_id as DatasetVersionId)
      throw new UserError('not-found', `The dataset ${row?.dataset_name ?? ''} was deleted.`, {
        hint: 'Import it again, or name a file.',
      })
    },
    list: () => listDatasets(ctx.db),
    async resolve(source) {
      const before = known(source)
      if (before) return before
      if ('sample' in source) return startImport({ kind: 'sample', name: source.sample }, null, null).finished
      if ('train' in source) {
        const { train, validation, test } = source
        const files = { train, ...(validation && { validation }), ...(test && { test }) }
        return startImport({ kind: 'splits', ...files }, null, null).finished
      }
      return find(source.version as DatasetVersionId)
    },
    profile(version) {
      const found = find(version)
      const profile = findProfile(ctx.db, version)
      if (!profile) throw new UserError('not-found', 'This dataset has no profile; import it again.')
      return { version: found.version, ...profile }
    },
    rows: ({ version, ...page }) => reading(fileOf(find(version)), (file) => file.page(page)),
    rejected: (version) => reading(fileOf(find(version)), (file) => file.rejected()),
    saveRejected(version, path) {
      const rows = reading(fileOf(find(version)), (file) => file.rejected())
      writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    },
    derive(version, recipe) {
      const source = find(version)
      return jobs.start({
        kind: 'derive',
        title: `${source.name}, ${derivationText(recipe)}`,
        async work(job) {
          assertFree(ctx.home.root, 50_000_000 + 2 * source.version.sizeBytes, 'The new version')
          const task = { kind: 'derive', datasetFile: fileOf(source), version, recipe } as const
          const make = (outputFile: string) => job.run({ ...task, outputFile })
          return (await addVersion(ctx, job, source.version.datasetId, make)).found
        },
        result: (found) => ({ dataset: found.version.datasetId, version: found.version.id }),
      })
    },
    async delete(dataset) {
      const found = findDataset(ctx.db, dataset)
      if (!found) throw new UserError('not-found', 'This dataset does not exist any more.')
      const [active] = activeRunsOfDataset(ctx.db, dataset, ENDED_STATES)
      if (active)
        throw new UserError('conflict', `${active.name} is using ${found.name}.`, {
          hint: 'Cancel the run or wait for its end, then delete the dataset.',
        })
      const files = deleteDataset(ctx.db, dataset)
      for (const file of files) await rm(fromStored(ctx.home, file), { force: true })
      return { freedBytes: found.versions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
    },
  }
}

async function importVersion(
  ctx: ServiceContext,
  job: JobHandle,
  source: ImportSource,
  name: string | null,
  split: SplitRule | null,
): Promise<FoundVersion> {
  assertFree(ctx.home.root, 50_000_000 + 3 * (await sourceBytes(source)), 'The import')
  const id = newId<DatasetVersionId>()
  const outputFile = join(ctx.home.datasets, `${id}.sqlite`)
  try {
    const made = await job.run({ kind: 'import', source, split, outputFile })
    const same = findVersionBySha256(ctx.db, made.sha256)
    if (same) {
      await rm(outputFile, { force: true })
      return same
    }
    const profile = await job.run({ kind: 'profile', datasetFile: outputFile })
    const createdAtMs = ctx.now()
    const dataset = { id: newId<DatasetId>(), name: name ?? nameOf(source), createdAtMs }
    insertDataset(ctx.db, dataset, {
      id,
      createdAtMs,
      rows: made.rows,
      rejected: made.rejected,
      sha256: made.sha256,
      source: made.source,
      splitRule: made.splitRule,
      sizeBytes: made.sizeBytes,
      file: toStored(ctx.home, outputFile),
      profile,
    })
    return findVersion(ctx.db, id)!
  } catch (error) {
    await rm(outputFile, { force: true })
    throw error
  }
}

function reading<T>(path: string, read: (file: VersionFile) => T): T {
  const file = openVersionFile(path)
  try {
    return read(file)
  } finally {
    file.close()
  }
}

function nameOf(source: ImportSource): string {
  switch (source.kind) {
    case 'sample':
      return 'Semantic fields'
    case 'text':
      return 'Pasted rows'
    case 'file':
      return basename(source.path, extname(source.path))
    case 'splits':
      return basename(source.train, extname(source.train))
  }
}

/** @throws UserError `not-found` where a file is missing */
async function sourceBytes(source: ImportSource): Promise<number> {
  if (source.kind === 'sample') return 0
  if (source.kind === 'text') return source.text.length
  const files =
    source.kind === 'file' ? [source.path] : [source.train, source.validation, source.test].filter(Boolean)
  let total = 0
  for (const file of files) {
    const stats = statSync(file!, { throwIfNoEntry: false })
    if (!stats) throw new UserError('not-found', 'There is no such file.', { where: { file: file! } })
    total += stats.isDirectory() ? await folderBytes(file!) : stats.size
  }
  return total
}
