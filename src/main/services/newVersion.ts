/** A further version of a dataset: made by a worker, profiled, recorded; nothing is left of one that fails. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetId, DatasetVersionId } from '../../shared/ids'
import { findVersion, insertVersion, type FoundVersion } from '../store/queries/datasets'
import type { MadeVersion } from '../worker/datasetTasks'
import type { ServiceContext } from './context'
import { toStored } from './home'
import type { JobHandle } from './jobs'
import { newId } from './newId'

/** @param make writes the file; told beside the version is what it gives */
export async function addVersion<M extends MadeVersion>(
  ctx: ServiceContext,
  job: JobHandle,
  datasetId: DatasetId,
  make: (outputFile: string) => Promise<M>,
): Promise<{ found: FoundVersion; made: M }> {
  const id = newId<DatasetVersionId>()
  const outputFile = join(ctx.home.datasets, `${id}.sqlite`)
  try {
    const made = await make(outputFile)
    const profile = await job.run({ kind: 'profile', datasetFile: outputFile })
    const file = toStored(ctx.home, outputFile)
    insertVersion(ctx.db, datasetId, { ...made, id, createdAtMs: ctx.now(), file, profile })
    return { found: findVersion(ctx.db, id)!, made }
  } catch (error) {
    await rm(outputFile, { force: true })
    throw error
  }
}
