/** A run as a Python script for the Trainer of Transformers, and the files it reads. */
import { basename, dirname, extname, join } from 'node:path'
import { UserError } from '../../shared/errors'
import type { DatasetVersionId, RunId } from '../../shared/ids'
import { trainerScript } from '../../shared/script/trainerScript'
import { findVersion } from '../store/queries/datasets'
import type { RunRow } from '../store/rows'
import type { ServiceContext } from './context'
import { LEAST_FREE_BYTES, assertFree } from './diskSpace'
import { frozenConfig } from './frozenConfig'
import { fromStored } from './home'
import type { JobsService, StartedJob } from './jobs'
import { writeFile } from './userFile'

export interface SavedScript {
  /** The script. */
  path: string
  /** Rows, weights and tokenizer. */
  files: string
  sizeBytes: number
}

/** The text alone. @throws UserError `unsupported` for models of the studio's own format */
export function scriptText(row: RunRow, file = 'train.py'): string {
  return trainerScript({
    config: frozenConfig(row),
    name: row.name,
    files: filesFolder(file),
  })
}

/** @throws UserError where the dataset is gone, the disk too full, or the place no Python file */
export function saveScript(
  ctx: ServiceContext,
  jobs: JobsService,
  row: RunRow,
  path: string,
): StartedJob<SavedScript> {
  if (extname(path) !== '.py')
    throw new UserError('bad-input', 'The name of a script ends in .py.', { where: { file: path } })
  const text = scriptText(row, path)
  const version = row.dataset_version_id && findVersion(ctx.db, row.dataset_version_id as DatasetVersionId)
  if (!version)
    throw new UserError('not-found', `The dataset ${row.dataset_name} was deleted.`, {
      hint: 'The script alone can still be shown; its rows cannot be written any more.',
    })
  assertFree(ctx.home.root, LEAST_FREE_BYTES, 'The script')
  const files = join(dirname(path), filesFolder(path))
  return jobs.start({
    kind: 'export',
    title: `Script of ${row.name}`,
    result: (saved) => ({ path: saved.path }),
    async work(job) {
      const { sizeBytes } = await job.run({
        kind: 'script-files',
        runId: row.id as RunId,
        config: frozenConfig(row),
        datasetFile: fromStored(ctx.home, version.file),
        runDir: fromStored(ctx.home, row.run_dir),
        cacheDir: ctx.home.cache,
        modelDir: row.model_dir && fromStored(ctx.home, row.model_dir),
        outputDir: files,
      })
      writeFile(path, text)
      return { path, files, sizeBytes }
    },
  })
}

/** Beside train.py lies train-files/. */
function filesFolder(file: string): string {
  return `${basename(file, '.py')}-files`
}
