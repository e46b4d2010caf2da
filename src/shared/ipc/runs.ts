import { z } from 'zod'
import type { ConfigProblem, RunConfig } from '../domain/runConfig'
import type { Prediction, RunDetail, RunEvent, RunSummary, Series } from '../domain/run'
import type { UserErrorData } from '../errors'
import { RunId, type JobId } from '../ids'
import type { RangeTest } from '../lrRangeTest'
import { call, event } from './define'

const RunRef = z.strictObject({ run: RunId })
const RawConfig = z.record(z.string(), z.unknown())

/** A setting worth changing from Transformers' default for this task and starting point, and why. */
export interface Recommendation {
  value: unknown
  why: string
}
export interface Estimate {
  seconds: number
  secondsError: number
  peakMemoryBytes: number
  diskBytes: number
  steps: number
  stepMs: number
  trainableParameters: number
  totalParameters: number
}

/** Learning rates to try in a range test. */
export const RateSweep = z.strictObject({
  from: z.number().positive(),
  to: z.number().positive(),
  steps: z.int().min(10).max(1000),
})
export type RateSweep = z.infer<typeof RateSweep>
export const DEFAULT_SWEEP: RateSweep = { from: 1e-6, to: 1, steps: 100 }

export const runs = {
  list: call(z.strictObject({})).returns<RunSummary[]>(),
  show: call(RunRef).returns<RunDetail>(),
  /** Curves of the named metrics, thinned to at most `points` each without losing peaks. */
  series: call(
    z.strictObject({
      run: RunId,
      names: z.array(z.string()).min(1).max(20),
      points: z.int().min(50).max(5000),
    }),
  ).returns<Series[]>(),
  check: call(z.strictObject({ config: RawConfig })).returns<{
    problems: ConfigProblem[]
    config: RunConfig | null
  }>(),
  recommend: call(z.strictObject({ config: RawConfig })).returns<Record<string, Recommendation>>(),
  estimate: call(z.strictObject({ config: RawConfig })).returns<Estimate>(),
  lrFind: call(z.strictObject({ config: RawConfig, sweep: RateSweep })).returns<RangeTest>(),
  start: call(z.strictObject({ config: RawConfig })).returns<RunId>(),
  resume: call(RunRef).returns<null>(),
  pause: call(RunRef).returns<null>(),
  unpause: call(RunRef).returns<null>(),
  cancel: call(RunRef).returns<null>(),
  /** Puts a run that waits before another that waits, or last. */
  moveInQueue: call(z.strictObject({ run: RunId, before: RunId.nullable() })).returns<null>(),
  rename: call(z.strictObject({ run: RunId, name: z.string().trim().min(1).max(200) })).returns<null>(),
  delete: call(RunRef).returns<{ freedBytes: number }>(),
  /** The run as a Python script for the Transformers Trainer. */
  script: call(RunRef).returns<string>(),
  /** Asks where, then starts a job that writes it with its rows and starting weights; null where none was chosen. */
  saveScript: call(RunRef).returns<JobId | null>(),
  predict: call(
    z.strictObject({ run: RunId, texts: z.array(z.string().max(100_000)).min(1).max(64) }),
  ).returns<Prediction[]>(),
  /** Anything about a run changed; its summary is new. Also for runs of the command line. */
  onChanged: event<RunSummary>(),
  /** New events of a run that is going, in order, coalesced. */
  onEvents: event<{ run: RunId; events: RunEvent[] }>(),
  onDeleted: event<{ run: RunId }>(),
  onProblem: event<{ run: RunId; error: UserErrorData }>(),
}
