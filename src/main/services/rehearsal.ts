/** What is tried before a run, on its own rows and settings, in a folder that is thrown away. */
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RunId } from '../../shared/ids'
import type { Estimate, RateSweep } from '../../shared/ipc/runs'
import type { RangeTest } from '../../shared/lrRangeTest'
import type { EstimateTask } from '../worker/protocol'
import type { ServiceContext } from './context'
import type { DatasetsService } from './datasets'
import { newId } from './newId'
import type { PreparedRun } from './runPreparation'
import { smallerSetting } from './smallerSetting'
import { resultOf } from './supervisor'

/** Time, memory and disk, from measured steps. */
export function estimate(
  ctx: ServiceContext,
  datasets: DatasetsService,
  prepared: PreparedRun,
): Promise<Estimate> {
  return rehearse(ctx, datasets, prepared, async (task) =>
    resultOf(await ctx.workers.run({ ...task, kind: 'estimate' }).finished, smallerSetting(prepared.config)),
  )
}

/** The learning-rate range test. */
export function lrFind(
  ctx: ServiceContext,
  datasets: DatasetsService,
  prepared: PreparedRun,
  sweep: RateSweep,
): Promise<RangeTest> {
  return rehearse(ctx, datasets, prepared, async (task) =>
    resultOf(
      await ctx.workers.run({ ...task, ...sweep, kind: 'lr-find' }).finished,
      smallerSetting(prepared.config),
    ),
  )
}

async function rehearse<R>(
  ctx: ServiceContext,
  datasets: DatasetsService,
  { config, dataset, model }: PreparedRun,
  work: (task: Omit<EstimateTask, 'kind'>) => Promise<R>,
): Promise<R> {
  const runDir = join(ctx.home.cache, `rehearsal-${newId<string>()}`)
  mkdirSync(runDir, { recursive: true })
  try {
    return await work({
      runId: basename(runDir) as RunId,
      config,
      datasetFile: datasets.fileOf(dataset),
      runDir,
      cacheDir: ctx.home.cache,
      modelDir: model?.directory ?? null,
    })
  } finally {
    await rm(runDir, { recursive: true, force: true })
  }
}
