/**
 * One study while this process works on it. What it decided is in the database before it acts on it: a trial before its
 * runs, a run together with its place in the trial, an end together with its value. Killed anywhere, it goes on.
 */
import { availableParallelism } from 'node:os'
import type { TrialState } from '../../shared/domain/study'
import type { StudyConfig } from '../../shared/domain/studyConfig'
import { checkRunConfig } from '../../shared/domain/runConfig'
import type { Params } from '../../shared/domain/searchSpace'
import { describeError, UserError } from '../../shared/errors'
import type { RunId, StudyId } from '../../shared/ids'
import { inTransaction } from '../store/handles'
import { dropRequests, isOwner, releaseLease } from '../store/queries/leases'
import { findRun } from '../store/queries/runs'
import {
  endStudy,
  endTrial,
  epochsOfStudy,
  findStudy,
  insertTrial,
  listTrials,
  reportTrial,
  type StoredTrial,
} from '../store/queries/studies'
import { decode } from '../store/rows'
import type { History, Trial } from '../tuner/history'
import { noImprovementExpected } from '../tuner/noImprovement'
import { createPruner } from '../tuner/pruners/registry'
import type { Pruner } from '../tuner/pruners/pruner'
import { createSampler } from '../tuner/samplers/registry'
import { complete, type Sampler } from '../tuner/samplers/sampler'
import type { ServiceContext } from './context'
import { reportBug } from './log'
import type { RunsService } from './runs'
import { resultOf } from './supervisor'
import { carryOutTrial } from './trialRuns'
import { keepBestWeights } from './trialWeights'

type EndState = 'completed' | 'stopped' | 'cancelled' | 'failed' | 'interrupted'
interface StudyEnd {
  state: EndState
  reason: string
}

/** So many failures in a row mean that the next will fail as well. */
const MOST_FAILURES = 5
const CLOSED = 'Stopped because the studio was closed; resume it to go on.'

export class StudyRun {
  readonly finished: Promise<void>
  private readonly config: StudyConfig
  private readonly sampler: Sampler
  private readonly pruner: Pruner
  private readonly trials = new Map<number, Trial>()
  private readonly runsOf = new Map<number, readonly RunId[]>()
  private ending: StudyEnd | null = null

  constructor(
    private readonly ctx: ServiceContext,
    private readonly runs: RunsService,
    readonly id: StudyId,
  ) {
    this.config = decode<StudyConfig>(findStudy(ctx.db, id)!.config_json)
    this.sampler = createSampler(this.config.sampler, this.config.seed)
    this.pruner = createPruner(this.config.pruner)
    for (const stored of listTrials(ctx.db, id)) this.remember(stored)
    this.finished = this.work()
  }

  /** Cancels the running trials and ends; what is complete stays. */
  cancel(): void {
    this.ending ??= { state: 'cancelled', reason: 'Cancelled.' }
    for (const [number, runs] of this.runsOf)
      if (this.trials.get(number)?.state === 'running')
        for (const { run, isGoing } of this.current(number, runs)) if (isGoing) this.runs.cancel(run)
  }

  /** The studio closes: runs are stopped by their own executor, trials wait for the resume. */
  close(): void {
    this.ending ??= { state: 'interrupted', reason: CLOSED }
  }

  private async work(): Promise<void> {
    try {
      await this.carryOut()
    } catch (error) {
      const reason =
        error instanceof UserError
          ? describeError(error)
          : `Internal error (report ${reportBug(this.ctx.log, error)}).`
      this.ending ??= { state: 'failed', reason }
    }
    this.conclude(this.ending ?? { state: 'completed', reason: 'Done.' })
  }

  private async carryOut(): Promise<void> {
    const going = new Map<number, Promise<void>>()
    const slots = Array.from({ length: trialsAtOnce(this.config) }, (_, slot) => slot)
    const launch = (number: number, params: Params) => {
      const slot = slots.shift()!
      const done = this.trial(number, params, slot).finally(() => {
        slots.push(slot)
        slots.sort()
        going.delete(number)
      })
      going.set(number, done)
    }
    const unfinished = [...this.trials.values()].filter(({ state }) => state === 'running')
    for (;;) {
      while (slots.length > 0 && !this.ending) {
        const waiting = unfinished.shift()
        if (waiting) {
          launch(waiting.number, waiting.params)
          continue
        }
        const end = this.reasonToEnd()
        if (end) {
          if (going.size === 0) this.ending ??= end
          break
        }
        const number = this.trials.size
        const params = await this.propose(number)
        if (this.isEnding()) break
        insertTrial(this.ctx.db, this.id, number, params, this.ctx.now())
        this.trials.set(number, {
          number,
          state: 'running',
          params,
          value: null,
          intermediate: new Map(),
          rungs: [],
        })
        launch(number, params)
      }
      if (going.size === 0) return
      await Promise.race(going.values())
    }
  }

  private isEnding(): boolean {
    return this.ending !== null
  }

  private reasonToEnd(): StudyEnd | null {
    const { config, trials } = this
    const done = (reason: string): StudyEnd => ({ state: 'completed', reason })
    const most = config.n_trials ?? Infinity
    const all = config.sampler.type === 'grid' ? this.sampler.size!(config.space) : Infinity
    if (trials.size >= all) return done(`All ${all} combinations were tried.`)
    if (trials.size >= most) return done(`All ${most} trials were made.`)
    const { spent_ms, resumed_at_ms } = findStudy(this.ctx.db, this.id)!
    const seconds = (spent_ms + this.ctx.now() - resumed_at_ms) / 1000
    if (config.timeout !== null && seconds >= config.timeout) return done(`The ${config.timeout} s are over.`)
    if (config.max_epochs !== null && epochsOfStudy(this.ctx.db, this.id) >= config.max_epochs)
      return done(`The ${config.max_epochs} epochs are spent.`)
    const last = [...trials.values()].slice(-MOST_FAILURES)
    if (last.length === MOST_FAILURES && last.every(({ state }) => state === 'fail'))
      return { state: 'failed', reason: `${MOST_FAILURES} trials in a row failed.` }
    const stop = config.stop_when_no_improvement ? noImprovementExpected(this.history(), config.seed) : null
    return stop === null ? null : { state: 'stopped', reason: stop }
  }

  private history(): History {
    const trials = [...this.trials.values()].sort((a, b) => a.number - b.number)
    return { name: this.id, space: this.config.space, direction: this.config.direction, trials }
  }

  private async propose(number: number): Promise<Params> {
    const { config, ctx } = this
    const history = this.pruner.peers?.(this.history(), number) ?? this.history()
    const proposed =
      config.sampler.type === 'gp'
        ? resultOf(
            await ctx.workers.run({
              kind: 'suggest',
              sampler: config.sampler,
              seed: config.seed,
              history,
              number,
            }).finished,
          ).params
        : this.sampler.suggest(history, number)
    const known = config.enqueue[number]
    if (!known) return proposed
    const filler = createSampler({ type: 'random' }, config.seed).suggest(history, number)
    return complete(
      config.space,
      known,
      (name, distribution) =>
        proposed[name] ??
        filler[name] ??
        (distribution.type === 'categorical' ? distribution.choices[0]! : distribution.low),
    )
  }

  private async trial(number: number, params: Params, slot: number): Promise<void> {
    const { ctx, id, config } = this
    const end = await carryOutTrial(ctx, this.runs, {
      study: id,
      studyName: findStudy(ctx.db, id)!.name,
      config,
      number,
      params,
      slot,
      known: this.runsOf.get(number) ?? [],
      report: (step, value) => this.report(number, step, value),
      isEnding: () => this.isEnding(),
    })
    if (!end) return
    inTransaction(ctx.db, () => endTrial(ctx.db, id, number, { ...end, atMs: ctx.now() }))
    this.change(number, { state: end.state, value: end.value })
    await keepBestWeights(ctx, id, config)
  }

  private report(number: number, step: number, value: number): string | null {
    const trial = this.trials.get(number)!
    const intermediate = new Map(trial.intermediate).set(step, value)
    const isNew = !trial.intermediate.has(step)
    const decision = isNew ? this.pruner.decide(this.history(), { ...trial, intermediate }) : { prune: false }
    this.change(number, { intermediate, rungs: decision.rungs ?? trial.rungs })
    reportTrial(this.ctx.db, this.id, number, { step, value, rungs: decision.rungs })
    if (!decision.prune) return null
    return `${this.config.metric} ${value.toPrecision(3)} at evaluation ${step} (${this.config.pruner.type}).`
  }

  private current(number: number, known: readonly RunId[]): { run: RunId; isGoing: boolean }[] {
    return known.map((run) => ({
      run,
      isGoing: ['queued', 'preparing', 'running', 'paused'].includes(findRun(this.ctx.db, run)?.state ?? ''),
    }))
  }

  private remember(stored: StoredTrial): void {
    this.runsOf.set(
      stored.number,
      stored.runs.map(({ run }) => run),
    )
    this.trials.set(stored.number, trialOf(stored))
  }

  private change(number: number, changes: Partial<Trial> & { state?: TrialState }): void {
    this.trials.set(number, { ...this.trials.get(number)!, ...changes })
  }

  private conclude({ state, reason }: StudyEnd): void {
    const { ctx, id } = this
    try {
      inTransaction(ctx.db, () => {
        if (!isOwner(ctx.db, 'study', id, ctx.owner)) return
        endStudy(ctx.db, id, { state, reason, atMs: ctx.now() })
        releaseLease(ctx.db, 'study', id)
        dropRequests(ctx.db, 'study', id)
      })
    } catch (error) {
      ctx.log('error', `study ${id} could not be concluded: ${String(error)}`)
    }
  }
}

export function trialOf(stored: StoredTrial): Trial {
  const { number, state, params, value, rungs } = stored
  return { number, state, params, value, rungs, intermediate: new Map(stored.intermediate) }
}

/** As many as there are cores for: a trial of several threads gains nothing beside another. */
function trialsAtOnce(config: StudyConfig): number {
  if (config.n_jobs !== null) return config.n_jobs
  const checked = checkRunConfig(config.run)
  if (!('config' in checked) || checked.config.provider !== 'cpu') return 1
  const cores = availableParallelism()
  return Math.max(1, Math.floor(cores / (checked.config.num_threads ?? cores)))
}
