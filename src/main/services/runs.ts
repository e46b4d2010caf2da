/** Runs: what the window and the command line can do with them. */
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import {
  ENDED_STATES,
  RESUMABLE_STATES,
  type Prediction,
  type RunDetail,
  type RunEvent,
  type RunState,
  type RunSummary,
  type Series,
} from '../../shared/domain/run'
import {
  ColumnRoles,
  DatasetSource,
  ModelSource,
  type ConfigProblem,
  type RunConfig,
} from '../../shared/domain/runConfig'
import { PROBLEM_TYPES, TASKS } from '../../shared/domain/tasks'
import { UserError } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import type { Estimate, RateSweep, Recommendation } from '../../shared/ipc/runs'
import type { RangeTest } from '../../shared/lrRangeTest'
import { inTransaction } from '../store/handles'
import { deleteBundlesUnder } from '../store/queries/bundles'
import { findProfile } from '../store/queries/datasets'
import { addRequest, isOwner, takeLease, type Action } from '../store/queries/leases'
import { series } from '../store/queries/metrics'
import { deleteRun, findRun, foreignRunDirs, insertRun, listRuns, renameRun } from '../store/queries/runs'
import { toRunSummary, type RunRow } from '../store/rows'
import type { ServiceContext } from './context'
import type { DatasetsService } from './datasets'
import { LEAST_FREE_BYTES, assertFree, folderBytes } from './diskSpace'
import { fromStored, toStored } from './home'
import { assertNoLeaks } from './leakGate'
import type { JobsService, StartedJob } from './jobs'
import { findRunReference, modelName, modelOfRun } from './modelReference'
import { newId } from './newId'
import { recommend } from './recommend'
import { estimate, lrFind } from './rehearsal'
import { runDetail } from './runDetail'
import type { FollowRun, RunExecutor } from './runExecutor'
import { checkRun, prepareRun, type PreparedRun } from './runPreparation'
import { runLog } from './runLog'
import { aheadOf, moveInQueue } from './runQueue'
import { resultOf } from './supervisor'
import { saveScript, scriptText, type SavedScript } from './trainerScript'

type RawConfig = Record<string, unknown>

export interface StartOptions {
  /** Writes more in the transaction that makes the run: both are there, or neither. */
  alsoWrite?: (run: RunId) => void
  /** Runs of one slot wait for each other; a study fills several. Default 0, that of every other run. */
  slot?: number
  /** Data whose held-out rows stand in another split is refused, not only told. */
  refusesLeaks?: boolean
}

export interface RunsService {
  list(): RunSummary[]
  /** By id, start of an id, or number. */
  find(reference: string): RunSummary
  show(run: RunId): RunDetail
  /** Everything it told, in order, logged steps among it. */
  log(run: RunId): RunEvent[]
  series(run: RunId, names: readonly string[], points: number): Series[]
  check(config: RawConfig): { problems: ConfigProblem[]; config: RunConfig | null }
  recommend(config: RawConfig): Record<string, Recommendation>
  estimate(config: RawConfig): Promise<Estimate>
  /** The loss of a few steps at growing learning rates, and what to take of it. */
  lrFind(config: RawConfig, sweep: RateSweep): Promise<RangeTest>
  /** Queues a run that this process will carry out; resolves once it is in the history. */
  start(config: RawConfig, options?: StartOptions): Promise<RunId>
  /** Ends a run that this process carries out by a rule; its state becomes stopped, with this reason. */
  stop(run: RunId, reason: string): void
  resume(run: RunId): void
  pause(run: RunId): void
  unpause(run: RunId): void
  cancel(run: RunId): void
  /** Puts a run that waits before another, or last. */
  moveInQueue(run: RunId, before: RunId | null): void
  rename(run: RunId, name: string): void
  delete(run: RunId): Promise<{ freedBytes: number }>
  /** As a Python script for the Transformers Trainer. */
  script(run: RunId): string
  /** The script with the rows and the weights it starts from beside it. */
  saveScript(run: RunId, path: string): StartedJob<SavedScript>
  predict(run: RunId, texts: readonly string[]): Promise<Prediction[]>
  /** Every event of a run that this process carries out, at once and in order. */
  follow(run: RunId, follower: FollowRun): () => void
  ended(run: RunId): Promise<RunState>
  /** Folders outside the data folder that runs were told to write to. */
  outputDirs(): string[]
  /** The run that a queued one waits for. */
  aheadOf(run: RunId): RunSummary | null
}

export function runsService(
  ctx: ServiceContext,
  datasets: DatasetsService,
  executor: RunExecutor,
  jobs: JobsService,
): RunsService {
  const rowOf = (run: RunId): RunRow => findRun(ctx.db, run) ?? findRunReference(ctx, run)

  function ask(run: RunId, action: Action, allowed: readonly RunState[]): void {
    const row = rowOf(run)
    if (!allowed.includes(row.state as RunState))
      throw new UserError('conflict', `${row.name} is ${row.state}; it cannot ${action} now.`)
    if (isOwner(ctx.db, 'run', row.id, ctx.owner)) executor.act(run, action)
    else addRequest(ctx.db, 'run', row.id, action, ctx.now())
  }

  return {
    list: () => listRuns(ctx.db),
    find: (reference) => toRunSummary(findRunReference(ctx, reference)),
    show: (run) => runDetail(ctx, rowOf(run)),
    log: (run) => runLog(ctx, rowOf(run).id as RunId),
    series: (run, names, points) => names.map((name) => series(ctx.db, rowOf(run).id as RunId, name, points)),
    check: (config) => checkRun(ctx, datasets, config),
    recommend: (config) => recommendFor(ctx, datasets, config),
    async estimate(config) {
      const prepared = await prepareRun(ctx, datasets, config)
      return estimate(ctx, datasets, prepared)
    },
    async lrFind(config, sweep) {
      const prepared = await prepareRun(ctx, datasets, config)
      return lrFind(ctx, datasets, prepared, sweep)
    },
    async start(config, options = {}) {
      assertFree(ctx.home.root, LEAST_FREE_BYTES, 'A run')
      const prepared = await prepareRun(ctx, datasets, config)
      if (options.refusesLeaks) assertNoLeaks(ctx.db, prepared.dataset.version.id)
      const id = create(ctx, prepared, options)
      executor.schedule()
      return id
    },
    stop: (run, reason) => executor.stop(run, reason),
    resume(run) {
      const row = rowOf(run)
      if (!RESUMABLE_STATES.includes(row.state as RunState))
        throw new UserError('conflict', `${row.name} is ${row.state}; there is nothing to resume.`, {
          hint: 'Only cancelled, failed and interrupted runs can be resumed.',
        })
      if (row.dataset_version_id === null)
        throw new UserError('not-found', `The dataset ${row.dataset_name} was deleted.`, {
          hint: 'Import it again and start a new run.',
        })
      executor.enqueue(row.id as RunId, true)
    },
    pause: (run) => ask(run, 'pause', ['running', 'preparing']),
    unpause: (run) => ask(run, 'unpause', ['paused']),
    cancel: (run) => ask(run, 'cancel', ['queued', 'preparing', 'running', 'paused']),
    moveInQueue: (run, before) => moveInQueue(ctx.db, run, before),
    rename: (run, name) => renameRun(ctx.db, rowOf(run).id as RunId, name),
    async delete(run) {
      const row = rowOf(run)
      if (!ENDED_STATES.includes(row.state as RunState))
        throw new UserError('conflict', `${row.name} is ${row.state}.`, {
          hint: 'Cancel it first, then delete it.',
        })
      const folder = fromStored(ctx.home, row.run_dir)
      // A folder that the user chose is the user's; only what lies in the data folder goes.
      const isOurs = folder.startsWith(ctx.home.runs)
      const freedBytes = isOurs ? await folderBytes(folder) : 0
      inTransaction(ctx.db, () => {
        deleteRun(ctx.db, row.id as RunId)
        if (isOurs) deleteBundlesUnder(ctx.db, row.run_dir)
      })
      if (isOurs) await rm(folder, { recursive: true, force: true })
      return { freedBytes }
    },
    async predict(run, texts) {
      const running = ctx.workers.run({
        kind: 'predict',
        modelDir: modelOfRun(ctx, rowOf(run)),
        rows: texts.map((text) => ({ text })),
        batchSize: 32,
        numThreads: null,
      })
      return resultOf(await running.finished).predictions
    },
    script: (run) => scriptText(rowOf(run)),
    saveScript: (run, path) => saveScript(ctx, jobs, rowOf(run), path),
    follow: (run, follower) => executor.follow(run, follower),
    ended: (run) => executor.ended(run),
    outputDirs: () => foreignRunDirs(ctx.db),
    aheadOf(run) {
      const row = aheadOf(ctx.db, run)
      return row && toRunSummary(row)
    },
  }
}

/** The run's row, its lease and its folder: in the history, queued, ours. */
function create(
  ctx: ServiceContext,
  { config, dataset, model }: PreparedRun,
  { alsoWrite, slot = 0 }: StartOptions,
): RunId {
  const id = newId<RunId>()
  const runDir = config.output_dir ?? join(ctx.home.runs, id)
  makeRunFolder(runDir)
  const atMs = ctx.now()
  inTransaction(ctx.db, () => {
    insertRun(ctx.db, {
      id,
      name: config.run_name,
      datasetName: dataset.name,
      datasetVersionId: dataset.version.id,
      modelName: modelName(config.model, model),
      modelDir: model && toStored(ctx.home, model.directory),
      runDir: toStored(ctx.home, runDir),
      device: (config.provider === 'cpu' ? 'cpu' : 'gpu') + (slot === 0 ? '' : ` ${slot + 1}`),
      config,
      forkedFrom: model?.run ? { run: model.run, step: model.step } : null,
      environment: environment(ctx),
      atMs,
    })
    takeLease(ctx.db, 'run', id, ctx.owner, atMs)
    alsoWrite?.(id)
  })
  return id
}

function makeRunFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new UserError('io', 'The folder of the run cannot be made.', {
      where: { file: folder },
      hint: 'Check its permissions and the free space, or set output_dir to another folder.',
      cause: error,
    })
  }
}

function environment(ctx: ServiceContext): Record<string, string> {
  return {
    app: ctx.versions.app,
    node: process.versions.node,
    ...(ctx.versions.electron && { electron: ctx.versions.electron }),
    platform: `${process.platform} ${process.arch}`,
    cores: String(availableParallelism()),
    memory_bytes: String(totalmem()),
  }
}

function recommendFor(
  ctx: ServiceContext,
  datasets: DatasetsService,
  raw: RawConfig,
): Record<string, Recommendation> {
  const source = DatasetSource.safeParse(raw.dataset)
  const model = ModelSource.safeParse(raw.model)
  const columns = ColumnRoles.safeParse(raw.columns ?? {})
  const found = source.success ? datasets.known(source.data) : null
  const given = columns.success ? columns.data : {}
  return recommend({
    model: model.success ? model.data : null,
    version: found?.version ?? null,
    profile: found && findProfile(ctx.db, found.version.id),
    columns: Object.fromEntries(Object.entries(given).filter(([, name]) => name !== undefined)),
    task: z.enum(TASKS).catch('sequence-classification').parse(raw.task),
    problem_type: z.enum(PROBLEM_TYPES).nullable().catch(null).parse(raw.problem_type),
    ...(raw.adapter ? { trains: 'adapter' } : raw.trainable_layers === 0 && { trains: 'head' }),
  })
}
