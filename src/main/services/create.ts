/** Builds every service once for a process: the app's main process, a command, a test. */
import type { JobId, RunId, StudyId } from '../../shared/ids'
import type { SpawnWorker } from '../worker/protocol'
import { closeStore, openReader } from '../store/open'
import { beat, takeRequests } from '../store/queries/leases'
import { openOrRecover } from '../store/recover'
import { DEFAULT_LIMITS, type Limits, type ServiceContext, type Versions } from './context'
import { comparisonService, type ComparisonService } from './comparison'
import { augmentService, type AugmentService } from './augment'
import { examplesService, type ExamplesService } from './examples'
import { datasetsService, type DatasetsService } from './datasets'
import { historyService, type HistoryService } from './history'
import { openHome, type Home } from './home'
import { hubService, type HubService } from './hub'
import { jobsService, type JobsService } from './jobs'
import { knowledgeService, type KnowledgeService } from './knowledge'
import { fileLog, type Log } from './log'
import { isKnownPath } from './knownPaths'
import { machineService, type MachineService } from './machine'
import { networkService, type NetworkService } from './network'
import { modelsService, type ModelsService } from './models'
import { thisProcess } from './processIdentity'
import { clearUp } from './reaper'
import { RunExecutor } from './runExecutor'
import { reportService, type ReportService } from './report'
import { runsService, type RunsService } from './runs'
import { studiesService, type StudiesService } from './studies'
import { settingsService, type SettingsService } from './settings'
import { tokenizersService, type TokenizersService } from './tokenizers'
import { Watch, type WatchListener } from './watch'
import { WorkerPool } from './workerPool'

export interface ServiceOptions {
  /** The data folder; see defaultHome. */
  home: string
  spawnWorker: SpawnWorker
  /** Who this process is in the history. */
  owner: 'window' | 'cli'
  versions: Versions
  log?: Log
  limits?: Partial<Limits>
}

export interface Services {
  home: Home
  log: Log
  /** What was done about a damaged database when it was opened, for the person. */
  recovered: string | null
  runs: RunsService
  comparison: ComparisonService
  examples: ExamplesService
  history: HistoryService
  report: ReportService
  hub: HubService
  datasets: DatasetsService
  augment: AugmentService
  models: ModelsService
  studies: StudiesService
  tokenizers: TokenizersService
  jobs: JobsService
  knowledge: KnowledgeService
  machine: MachineService
  network: NetworkService
  settings: SettingsService
  /** Whether the window may show this path in the file manager. */
  isKnownPath(path: string): boolean
  /** Tells of every change by any process; returns how to stop listening. */
  listen(listener: WatchListener): () => void
  /** Stops runs with a checkpoint (they can be resumed), cancels jobs, closes the database. */
  close(): Promise<void>
}

/** @throws UserError where the data folder or database cannot be used */
export function createServices(options: ServiceOptions): Services {
  const home = openHome(options.home)
  const log = options.log ?? fileLog(home, options.owner === 'window' ? 'studio' : 'command')
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const { db, recovered } = openOrRecover(home.database, Date.now())
  if (recovered !== null) log('error', recovered)
  const reader = openReader(home.database)
  const ctx: ServiceContext = {
    db,
    reader,
    home,
    log,
    limits,
    owner: thisProcess(options.owner),
    versions: options.versions,
    workers: new WorkerPool(options.spawnWorker, limits, log),
    now: Date.now,
  }
  clearUp(ctx)
  const network = networkService(ctx)
  const jobs = jobsService(ctx)
  const datasets = datasetsService(ctx, jobs)
  const executor = new RunExecutor(ctx)
  const watch = new Watch(reader, home, limits.watchMs, log)
  const stopListening = watch.listen({
    onRun: () => executor.schedule(),
    onRequests() {
      for (const { kind, id, action } of takeRequests(db, ctx.owner)) {
        if (kind === 'run') executor.act(id as RunId, action)
        else if (kind === 'study') studies.act(id as StudyId)
        else if (action === 'cancel') jobs.cancel(id as JobId)
      }
    },
  })
  const leaseTimer = setInterval(() => keepLeases(ctx), limits.leaseMs)
  watch.start()
  executor.schedule()

  let closing: Promise<void> | null = null
  async function shutDown(): Promise<void> {
    stopListening()
    watch.stop()
    const jobsEnded = jobs.cancelAll()
    studies.close()
    await executor.close()
    await studies.closed()
    ctx.workers.close()
    await jobsEnded
    clearInterval(leaseTimer)
    network.close()
    reader.close()
    closeStore(db)
  }

  const runs = runsService(ctx, datasets, executor, jobs)
  const studies = studiesService(ctx, datasets, runs)
  const models = modelsService(ctx, jobs)
  const settings = settingsService(ctx)
  const history = historyService(ctx)
  const comparison = comparisonService(ctx)
  return {
    home,
    log,
    recovered,
    jobs,
    datasets,
    augment: augmentService(ctx, jobs, datasets),
    runs,
    comparison,
    examples: examplesService(ctx),
    history,
    report: reportService(runs, history, comparison),
    hub: hubService(ctx, jobs, settings),
    models,
    studies,
    tokenizers: tokenizersService(ctx, jobs, datasets),
    isKnownPath: (path) => isKnownPath(path, { home, runs, datasets, models }),
    knowledge: knowledgeService(ctx),
    machine: machineService(ctx),
    network,
    settings,
    listen: (listener) => watch.listen(listener),
    close: () => (closing ??= shutDown()),
  }
}

function keepLeases(ctx: ServiceContext): void {
  try {
    beat(ctx.db, ctx.owner, ctx.now())
    clearUp(ctx)
  } catch (error) {
    ctx.log('warn', `leases could not be renewed: ${String(error)}`)
  }
}
