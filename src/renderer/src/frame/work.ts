/** Runs and jobs as the job bar shows them: one line each. */
import type { Job } from '../../../shared/domain/job'
import type { RunSummary } from '../../../shared/domain/run'
import type { MarkName } from '../components/base/icons'
import { formatBytes } from '../format/bytes'
import { formatTimeLeft } from '../format/duration'
import { formatCount, formatPercent, formatRate } from '../format/number'
import type { RunPreparation, RunProgress } from '../stores/runs'

export interface WorkItem {
  key: string
  title: string
  mark: MarkName
  share: number | null
  /** As "step 2,140 of 3,600". */
  done: string
  rate: string
  left: string
  to: string
  run?: RunSummary
  job?: Job
}

export function workOfRun(
  run: RunSummary,
  share: number | null,
  progress: RunProgress | undefined,
  preparation: RunPreparation | undefined,
): WorkItem {
  const isPreparing = run.state === 'preparing' || run.state === 'queued'
  const step = Math.max(progress?.step ?? 0, run.step)
  return {
    key: run.id,
    title: run.name,
    mark: run.state,
    share,
    done: isPreparing
      ? run.state === 'queued'
        ? 'waits for its turn'
        : (preparation?.stage ?? 'getting ready')
      : `step ${formatCount(step)}${run.totalSteps ? ` of ${formatCount(run.totalSteps)}` : ''}`,
    rate: !isPreparing && run.samplesPerSecond ? `${formatRate(run.samplesPerSecond)} rows/s` : '',
    left: leftOfRun(run, progress),
    to: `/train/${run.id}`,
    run,
  }
}

function leftOfRun(run: RunSummary, progress: RunProgress | undefined): string {
  if (run.state === 'paused') return 'paused'
  if (run.state !== 'running' || !progress || progress.seconds_left === null) return ''
  return `${formatTimeLeft(progress.seconds_left)} left`
}

export function workOfJob(job: Job, nowMs: number): WorkItem {
  const seconds = Math.max(0.001, (nowMs - job.startedAtMs) / 1000)
  const rate = job.done / seconds
  const isBytes = job.unit === 'bytes'
  const amount = (count: number, unit = '') =>
    isBytes ? formatBytes(count) : `${formatCount(count)} ${unit}`.trim()
  const isMeasurable = job.done > 0 && seconds > 0.5
  return {
    key: job.id,
    title: job.title,
    mark: job.state === 'running' ? 'running' : job.state === 'done' ? 'completed' : job.state,
    share: job.total ? Math.min(1, job.done / job.total) : null,
    done: job.total ? `${amount(job.done)} of ${amount(job.total, job.unit)}` : amount(job.done, job.unit),
    rate: isMeasurable ? (isBytes ? `${formatBytes(rate)}/s` : `${formatRate(rate)} ${job.unit}/s`) : '',
    left: isMeasurable && job.total ? `${formatTimeLeft((job.total - job.done) / rate)} left` : '',
    to: placeOf(job),
    job,
  }
}

function placeOf(job: Job): string {
  if (job.kind === 'import' || job.kind === 'sample') return `/data/jobs/${job.id}`
  if (job.kind === 'download') return '/train'
  if (job.kind === 'augment-comparison') return '/augment'
  if (job.kind === 'augment' || job.kind === 'derive')
    return job.result?.version ? `/data/${job.result.version}` : job.kind === 'augment' ? '/augment' : '/data'
  return job.kind === 'tokenizer' ? '/tokenize' : '/models'
}

export function sharePercent(share: number | null): string {
  return share === null ? '' : formatPercent(share, 0)
}
