/**
 * What any process did, told once and in one way: a read connection looks whether the database changed, and reads
 * what is new since its last look. Runs of a command line show in the window by this alone.
 */
import type { Dataset } from '../../shared/domain/dataset'
import type { Job } from '../../shared/domain/job'
import type { RunEvent, RunSummary } from '../../shared/domain/run'
import type { DatasetId, JobId, RunId, StudyId } from '../../shared/ids'
import { inSnapshot, type ReadableDB } from '../store/handles'
import { changesAfter, dataVersion, lastTick, type Change } from '../store/queries/changes'
import { findDataset } from '../store/queries/datasets'
import { findJob } from '../store/queries/jobs'
import { lastSteps, stepsAfter } from '../store/queries/metrics'
import { eventsAfter, lastEventSeq } from '../store/queries/runEvents'
import { findRun } from '../store/queries/runs'
import { toRunSummary, type RunRow } from '../store/rows'
import { mapEventPaths } from './eventPaths'
import { fromStored, type Home } from './home'
import { reportBug, type Log } from './log'
import { mergeSteps } from './runLog'

export interface WatchListener {
  onRun?(summary: RunSummary): void
  onRunEvents?(news: { run: RunId; events: RunEvent[] }): void
  onRunDeleted?(gone: { run: RunId }): void
  onDataset?(dataset: Dataset): void
  onDatasetDeleted?(gone: { dataset: DatasetId }): void
  onKnowledge?(): void
  onJob?(job: Job): void
  onSettings?(): void
  /** Anything about a study or its trials. */
  onStudy?(news: { study: StudyId }): void
  onRequests?(): void
}

interface Cursor {
  seq: number
  step: number
}

export class Watch {
  private readonly listeners = new Set<WatchListener>()
  private readonly cursors = new Map<RunId, Cursor>()
  private version = -1
  private tick: number
  private readonly firstSeq: number
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly db: ReadableDB,
    private readonly home: Home,
    private readonly everyMs: number,
    private readonly log: Log,
  ) {
    this.tick = lastTick(db)
    this.firstSeq = lastEventSeq(db)
    for (const { run, step } of lastSteps(db)) this.cursors.set(run, { seq: this.firstSeq, step })
  }

  listen(listener: WatchListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  start(): void {
    this.timer ??= setInterval(() => this.lookSafely(), this.everyMs)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** Looks now; normally the timer does. */
  look(): void {
    const version = dataVersion(this.db)
    if (version === this.version) return
    this.version = version
    // Read in one view, told afterwards: a listener may write.
    const news = inSnapshot(this.db, () =>
      changesAfter(this.db, this.tick).map((change) => this.read(change)),
    )
    for (const tell of news) for (const listener of this.listeners) tell(listener)
  }

  /** A look that fails (a locked database, a listener's bug) is logged; the next one goes on. */
  private lookSafely(): void {
    try {
      this.look()
    } catch (error) {
      reportBug(this.log, error)
    }
  }

  private read(change: Change): (listener: WatchListener) => void {
    this.tick = change.tick
    switch (change.kind) {
      case 'run': {
        const id = change.id as RunId
        const row = findRun(this.db, id)
        if (!row) {
          this.cursors.delete(id)
          return (listener) => listener.onRunDeleted?.({ run: id })
        }
        const [summary, events] = [toRunSummary(row), this.newEvents(id, row)]
        return (listener) => {
          if (events.length > 0) listener.onRunEvents?.({ run: id, events })
          listener.onRun?.(summary)
        }
      }
      case 'dataset': {
        const dataset = findDataset(this.db, change.id as DatasetId)
        return (listener) =>
          dataset
            ? listener.onDataset?.(dataset)
            : listener.onDatasetDeleted?.({ dataset: change.id as DatasetId })
      }
      case 'job': {
        const job = findJob(this.db, change.id as JobId)
        return (listener) => job && listener.onJob?.(job)
      }
      case 'knowledge':
        return (listener) => listener.onKnowledge?.()
      case 'setting':
        return (listener) => listener.onSettings?.()
      case 'study': {
        const study = change.id as StudyId
        return (listener) => listener.onStudy?.({ study })
      }
      case 'request':
        return (listener) => listener.onRequests?.()
    }
  }

  /** Steps from the metrics and the rest from the event log, in the order of their steps. */
  private newEvents(id: RunId, row: RunRow): RunEvent[] {
    const cursor = this.cursors.get(id) ?? { seq: this.firstSeq, step: 0 }
    const logged = eventsAfter(this.db, id, cursor.seq)
    const steps = stepsAfter(this.db, id, cursor.step)
    this.cursors.set(id, {
      seq: logged.at(-1)?.seq ?? cursor.seq,
      step: steps.at(-1)?.step ?? cursor.step,
    })
    const absolute = logged.map(({ event }) => mapEventPaths(event, (path) => fromStored(this.home, path)))
    return [...mergeSteps(absolute, steps), ...liveEvents(row)]
  }
}

/** What the run's row alone knows: how far it is now. */
function liveEvents(row: RunRow): RunEvent[] {
  if (row.stage !== null)
    return [{ event: 'prepare', stage: row.stage, done: row.stage_done, total: row.stage_total }]
  if (row.state !== 'running' || row.total_steps === null || row.rss_bytes === null) return []
  return [
    {
      event: 'progress',
      step: row.step,
      total_steps: row.total_steps,
      epoch: row.epoch,
      samples_per_second: row.samples_per_second ?? NaN,
      seconds_left: row.seconds_left,
      rss_bytes: row.rss_bytes,
    },
  ]
}
