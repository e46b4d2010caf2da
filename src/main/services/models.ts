/** Models: exporting and verifying bundles, looking into folders, predicting and evaluating with any of them. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Bundle, VerifyReport } from '../../shared/domain/bundle'
import type { EvalMetrics, Prediction } from '../../shared/domain/run'
import type { RunConfig } from '../../shared/domain/runConfig'
import { UserError } from '../../shared/errors'
import type { BundleId, DatasetVersionId, RunId } from '../../shared/ids'
import type { ModelFolder } from '../../shared/ipc/models'
import { insertBundle, listBundles } from '../store/queries/bundles'
import { findVersion } from '../store/queries/datasets'
import { decode, type RunRow } from '../store/rows'
import type { ExportTask, PredictTask } from '../worker/protocol'
import type { ServiceContext } from './context'
import { LEAST_FREE_BYTES, assertFree } from './diskSpace'
import { fromStored, toStored } from './home'
import type { JobsService, StartedJob } from './jobs'
import { assertModelFolder, findModel, findRunReference, modelOfRun, type FoundModel } from './modelReference'
import { newId } from './newId'
import { runLog } from './runLog'
import { resultOf } from './supervisor'

export interface ModelsService {
  bundles(): Bundle[]
  /** `directory` null puts it into the data folder. */
  exportBundle(run: RunId, directory: string | null): StartedJob<Bundle>
  verifyBundle(path: string): Promise<VerifyReport>
  inspect(path: string): Promise<ModelFolder>
  /** A folder, a run or a checkpoint by name. */
  find(reference: string): FoundModel
  predict(model: FoundModel, rows: PredictTask['rows'], batchSize: number): Promise<Prediction[]>
  evaluate(
    model: FoundModel,
    rows: PredictTask['rows'],
    batchSize: number,
  ): Promise<{ predictions: Prediction[]; metrics: EvalMetrics }>
}

export function modelsService(ctx: ServiceContext, jobs: JobsService): ModelsService {
  return {
    bundles: () =>
      listBundles(ctx.db).map((bundle) => ({ ...bundle, path: fromStored(ctx.home, bundle.path) })),
    exportBundle(run, directory) {
      const row = findRunReference(ctx, run)
      const modelDir = modelOfRun(ctx, row)
      const outputDir = directory === null ? freeFolder(ctx, row) : assertEmpty(resolve(directory))
      assertFree(ctx.home.root, LEAST_FREE_BYTES, 'The export')
      return jobs.start({
        kind: 'export',
        title: `Export ${row.name}`,
        result: (bundle) => ({ path: bundle.path, bundle: bundle.id }),
        async work(job) {
          const made = await job.run(exportTask(ctx, row, modelDir, outputDir))
          const bundle: Bundle = {
            id: newId<BundleId>(),
            runId: row.id as RunId,
            path: outputDir,
            createdAtMs: ctx.now(),
            ...made,
          }
          insertBundle(ctx.db, { ...bundle, path: toStored(ctx.home, outputDir) })
          return bundle
        },
      })
    },
    verifyBundle(path) {
      const bundleDir = resolve(path)
      if (!existsSync(bundleDir))
        throw new UserError('not-found', 'There is no such folder.', { where: { file: bundleDir } })
      return jobs.start({
        kind: 'verify',
        title: `Verify ${bundleDir}`,
        work: (job) => job.run({ kind: 'verify', bundleDir }),
        result: (report) => ({ path: report.path }),
      }).finished
    },
    async inspect(path) {
      const running = ctx.workers.run({ kind: 'inspect', modelDir: assertModelFolder(resolve(path)) })
      return resultOf(await running.finished)
    },
    find: (reference) => findModel(ctx, reference),
    async predict(model, rows, batchSize) {
      const task = { kind: 'predict', modelDir: model.directory, rows, batchSize, numThreads: null } as const
      return resultOf(await ctx.workers.run(task).finished).predictions
    },
    async evaluate(model, rows, batchSize) {
      const task = { kind: 'evaluate', modelDir: model.directory, rows, batchSize, numThreads: null } as const
      return resultOf(await ctx.workers.run(task).finished)
    },
  }
}

function exportTask(ctx: ServiceContext, row: RunRow, modelDir: string, outputDir: string): ExportTask {
  const version = row.dataset_version_id && findVersion(ctx.db, row.dataset_version_id as DatasetVersionId)
  const end = decode<{ metrics: EvalMetrics }>(row.end_json)
  return {
    kind: 'export',
    modelDir,
    outputDir,
    run: {
      id: row.id as RunId,
      name: row.name,
      config: decode<RunConfig>(row.config_json),
      metrics: end?.metrics ?? decode<EvalMetrics>(row.best_eval_json) ?? {},
      facts: {
        ...decode<Record<string, unknown>>(row.facts_json),
        environment: decode<Record<string, string>>(row.environment_json),
        dataset: row.dataset_name,
        source: version ? version.version.source : null,
      },
      log: runLog(ctx, row.id as RunId),
    },
    datasetFile: version ? fromStored(ctx.home, version.file) : null,
  }
}

/** A folder in the data folder, named after the run, that does not exist yet. */
function freeFolder(ctx: ServiceContext, row: RunRow): string {
  const slug = row.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const stem = join(
    ctx.home.bundles,
    slug === `run-${row.number}` || slug === '' ? `run-${row.number}` : `${slug}-${row.number}`,
  )
  let folder = stem
  for (let i = 2; existsSync(folder); i++) folder = `${stem}-${i}`
  return folder
}

function assertEmpty(folder: string): string {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new UserError('conflict', 'The folder is not empty.', {
      where: { file: folder },
      hint: 'Name a new or an empty folder for the bundle.',
    })
  return folder
}
