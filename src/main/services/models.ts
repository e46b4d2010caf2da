/** Models: exporting and verifying bundles, looking into folders, predicting and evaluating with any of them. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { cp, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import type { Bundle, VerifyReport } from '../../shared/domain/bundle'
import type { EvalMetrics, Prediction } from '../../shared/domain/run'
import { DEFAULT_ARGUMENTS, type RunConfig } from '../../shared/domain/runConfig'
import { UserError } from '../../shared/errors'
import { RunId, type BundleId, type DatasetVersionId } from '../../shared/ids'
import type { ModelFolder } from '../../shared/ipc/models'
import { insertBundle, listBundles } from '../store/queries/bundles'
import { findVersion } from '../store/queries/datasets'
import { findRun } from '../store/queries/runs'
import { decode, type RunRow } from '../store/rows'
import type { ExportTask, PredictTask } from '../worker/protocol'
import type { ServiceContext } from './context'
import { LEAST_FREE_BYTES, assertFree, folderBytes } from './diskSpace'
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
  /** Copies a bundle that verifies into the data folder. */
  importBundle(path: string): Promise<Bundle>
  inspect(path: string): Promise<ModelFolder>
  /** A folder, a run or a checkpoint by name. */
  find(reference: string): FoundModel
  predict(model: FoundModel, rows: PredictTask['rows'], batchSize: number): Promise<Prediction[]>
  evaluate(model: FoundModel, rows: PredictTask['rows'], batchSize: number): Promise<{ metrics: EvalMetrics }>
}

export function modelsService(ctx: ServiceContext, jobs: JobsService): ModelsService {
  function verifyBundle(path: string): Promise<VerifyReport> {
    const bundleDir = resolve(path)
    if (!existsSync(bundleDir))
      throw new UserError('not-found', 'There is no such folder.', { where: { file: bundleDir } })
    return jobs.start({
      kind: 'verify',
      title: `Verify ${bundleDir}`,
      work: (job) => job.run({ kind: 'verify', bundleDir }),
      result: (report) => ({ path: report.path }),
    }).finished
  }

  return {
    verifyBundle,
    importBundle: async (path) => importVerified(ctx, resolve(path), await verifyBundle(path)),
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
      const config = model.run && decode<RunConfig>(findRun(ctx.db, model.run)?.config_json ?? null)
      const settings = { ...DEFAULT_ARGUMENTS, ...config }
      const { directory: modelDir } = model
      const task = { kind: 'evaluate', modelDir, rows, batchSize, numThreads: null, settings } as const
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
  return unusedFolder(stem)
}

function unusedFolder(stem: string): string {
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

/** @throws UserError `corrupt` where the bundle did not verify */
async function importVerified(ctx: ServiceContext, source: string, report: VerifyReport): Promise<Bundle> {
  if (!report.passed)
    throw new UserError(
      'corrupt',
      `The bundle did not verify: ${report.problems[0] ?? 'a checksum differs'}.`,
      {
        where: { file: source },
        hint: 'tunesmith bundle verify names everything that is wrong.',
      },
    )
  assertFree(ctx.home.root, LEAST_FREE_BYTES, 'The import')
  const path = unusedFolder(join(ctx.home.bundles, basename(source)))
  await copyWhole(source, path)
  const bundle: Bundle = {
    id: newId<BundleId>(),
    runId: await runOfBundle(path),
    path,
    sizeBytes: await folderBytes(path),
    createdAtMs: ctx.now(),
    parity: report.parity,
    sha256: createHash('sha256')
      .update(await readFile(join(path, 'studio', 'SHA256SUMS')))
      .digest('hex'),
  }
  insertBundle(ctx.db, { ...bundle, path: toStored(ctx.home, path) })
  return bundle
}

/** Copied beside its place and renamed into it: a folder that is there is whole. @throws UserError `io` */
async function copyWhole(source: string, path: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.draft`)
  try {
    await cp(source, draft, { recursive: true })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw new UserError('io', 'The bundle could not be copied.', {
      where: { file: path },
      hint: 'Free some space in the data folder, then import it again.',
      cause: error,
    })
  }
}

/** The run a bundle says it came from, which may be of another machine. */
async function runOfBundle(path: string): Promise<RunId> {
  const text = await readFile(join(path, 'studio', 'run.json'), 'utf8').catch(() => '{}')
  const { id } = z.object({ id: RunId.catch('imported' as RunId) }).parse(JSON.parse(text))
  return id
}
