/** One trial while this process works on it: its runs one after the other, their reports, and how it ends. */
import { ENDED_STATES, type EvalMetrics, type RunState } from '../../shared/domain/run'
import type { Params } from '../../shared/domain/searchSpace'
import { trialConfig, type StudyConfig } from '../../shared/domain/studyConfig'
import { describeError, UserError } from '../../shared/errors'
import type { RunId, StudyId } from '../../shared/ids'
import { listEvaluations } from '../store/queries/evaluations'
import { findLease } from '../store/queries/leases'
import { recordState } from '../store/queries/recordEvents'
import { findRun } from '../store/queries/runs'
import { addTrialRun, setTrialRunValue } from '../store/queries/studies'
import { decode } from '../store/rows'
import type { ServiceContext } from './context'
import { isGone } from './processIdentity'
import type { RunsService } from './runs'

/** How a run that a pruner ended can be told from one that stopped early by itself, also after a crash. */
export const PRUNED = 'Pruned: '

export type TrialEnd =
  | { state: 'complete'; value: number; reason: null }
  | { state: 'pruned' | 'fail'; value: null; reason: string }

export interface TrialWork {
  study: StudyId
  studyName: string
  config: StudyConfig
  number: number
  params: Params
  slot: number
  /** Runs that were started before, by position. */
  known: readonly RunId[]
  /** A report of the first run; the reason to prune it, or null. */
  report(step: number, value: number): string | null
  /** The study is asked to end: nothing new is started. */
  isEnding(): boolean
}

type Runs = Pick<RunsService, 'start' | 'resume' | 'stop' | 'follow'>

/** A worker that dies is given one more chance: it may have been memory. */
const MOST_DEATHS = 1

/** @returns null where it was interrupted and is to be gone on with later */
export async function carryOutTrial(
  ctx: ServiceContext,
  runs: Runs,
  work: TrialWork,
): Promise<TrialEnd | null> {
  const { config, number, study } = work
  const seeds = config.seeds.length > 0 ? config.seeds : [null]
  const values: number[] = []
  for (const [position, seed] of seeds.entries()) {
    if (work.isEnding() && work.known[position] === undefined) return null
    let run: RunId
    try {
      run = work.known[position] ?? (await startRun(ctx, runs, work, position, seed))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return fail(describeError(error))
    }
    const state = await seeThrough(ctx, runs, work, run, position === 0)
    if (state === null) return null
    const { reason, end_json } = findRun(ctx.db, run)!
    if (state === 'stopped' && reason?.startsWith(PRUNED))
      return { state: 'pruned', value: null, reason: reason.slice(PRUNED.length) }
    if (state !== 'completed' && state !== 'stopped')
      return fail(reason ?? (state === 'cancelled' ? 'Its run was cancelled.' : `Its run ended ${state}.`))
    const metrics = decode<{ metrics: EvalMetrics }>(end_json)?.metrics ?? {}
    const value = metrics[config.metric]
    if (value === undefined)
      return fail(`The evaluation gives no ${config.metric}. It gives: ${Object.keys(metrics).join(', ')}.`)
    if (!Number.isFinite(value)) return fail(`${config.metric} is ${value}.`)
    setTrialRunValue(ctx.db, study, number, run, value)
    values.push(value)
  }
  return { state: 'complete', value: values.reduce((a, b) => a + b, 0) / values.length, reason: null }
}

function fail(reason: string): TrialEnd {
  return { state: 'fail', value: null, reason }
}

/** The run and its place in the trial are written together: neither is there without the other. */
function startRun(
  ctx: ServiceContext,
  runs: Runs,
  { study, studyName, config, number, params, slot }: TrialWork,
  position: number,
  seed: number | null,
): Promise<RunId> {
  const name = `${studyName} · trial ${number}${position > 0 ? ` · seed ${seed}` : ''}`
  return runs.start(
    { ...trialConfig(config, params, seed), run_name: name },
    { slot, alsoWrite: (run) => addTrialRun(ctx.db, study, number, { position, run, seed }) },
  )
}

/** Follows a run to its end, in whichever process it is. Null where this one stops working on it before that. */
async function seeThrough(
  ctx: ServiceContext,
  runs: Runs,
  work: TrialWork,
  run: RunId,
  reports: boolean,
): Promise<RunState | null> {
  const catchUp = () => {
    if (reports)
      for (const { step, metrics } of listEvaluations(ctx.db, run)) report(ctx, work, run, step, metrics)
  }
  const stopFollowing = runs.follow(run, (events) => {
    for (const event of events)
      if (reports && event.event === 'evaluate') {
        const reason = report(ctx, work, run, event.step, event.metrics)
        if (reason !== null) runs.stop(run, PRUNED + reason)
      }
  })
  try {
    catchUp()
    // A run of an earlier attempt goes on; one that dies now is given another chance.
    let chances = MOST_DEATHS + (isLeftBehind(ctx, run) ? 1 : 0)
    for (;;) {
      const state = await endOf(ctx, work, run)
      if (state === 'completed' || state === 'stopped') {
        catchUp()
        return state
      }
      if (work.isEnding()) return state === 'cancelled' || state === 'failed' ? state : null
      if (state !== 'interrupted' && !(state === 'cancelled' && chances > MOST_DEATHS)) return state
      if (chances-- <= 0) return state
      runs.resume(run)
    }
  } finally {
    stopFollowing()
  }
}

/** Whether nobody works on it; one that waited for a process that is gone is interrupted now. */
function isLeftBehind(ctx: ServiceContext, run: RunId): boolean {
  const state = stateOf(ctx, run)
  const lease = findLease(ctx.db, 'run', run)
  if (state === 'queued' && (!lease || isGone(lease)))
    recordState(ctx.db, run, 'interrupted', 'The process that queued it ended.', ctx.now())
  return ENDED_STATES.includes(stateOf(ctx, run))
}

function stateOf(ctx: ServiceContext, run: RunId): RunState {
  return (findRun(ctx.db, run)?.state ?? 'cancelled') as RunState
}

async function endOf(ctx: ServiceContext, work: TrialWork, run: RunId): Promise<RunState> {
  for (;;) {
    const state = stateOf(ctx, run)
    if (ENDED_STATES.includes(state) || (work.isEnding() && state === 'queued')) return state
    await new Promise((resolve) => setTimeout(resolve, ctx.limits.watchMs / 4))
  }
}

/** Steps count evaluations, so that trials with other batch sizes can be compared. */
function report(
  ctx: ServiceContext,
  work: TrialWork,
  run: RunId,
  step: number,
  metrics: EvalMetrics,
): string | null {
  const value = metrics[work.config.metric]
  if (value === undefined) return null
  const before = listEvaluations(ctx.db, run).filter((evaluation) => evaluation.step <= step)
  return work.report(before.length, value)
}
