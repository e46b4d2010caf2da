/** A run from its first step to its last: steps, log lines, evaluations, checkpoints, pause, cancel, early stopping. */
import { basename, dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { RunEndState } from '../../../shared/domain/run'
import { evalEvery, stepsOf } from '../../../shared/domain/runConfigRules'
import { cancelled, UserError } from '../../../shared/errors'
import { removeLeftovers } from '../checkpoint/folderWriter'
import { CHECKPOINT_PREFIX } from '../checkpoint/trainingCheckpoint'
import { Checkpoints } from './checkpoints'
import { Evaluator } from './evaluator'
import { parameterCount } from '../models/open'
import { type Due, dueAfterEpoch, dueAfterStep } from './flow'
import { Pace, peakRssBytes } from './pace'
import { RunProgress } from './runProgress'
import { rowCount } from './rows'
import { Saver } from './saver'
import type { TrainHost, TrainResult, TrainSpec } from './spec'
import { type StepOutcome, Training } from './training'

/**
 * Trains, and leaves the finished model in `outputDir`. Cancelling ends it as `cancelled`, with a checkpoint.
 * A disk that is full or refuses makes it wait. @throws UserError `diverged` where loss or gradients stop being finite,
 * and for settings and rows that do not fit the model; the last checkpoint stays.
 */
export async function trainRun(spec: TrainSpec, host: TrainHost): Promise<TrainResult> {
  host.emit({ event: 'prepare', stage: 'model', done: 0, total: 1 })
  await removeLeftovers(spec.checkpointsDir, CHECKPOINT_PREFIX)
  await removeLeftovers(dirname(spec.outputDir), basename(spec.outputDir))
  const training = await Training.create(spec, (done, total) => {
    if (host.signal.aborted) throw cancelled()
    host.emit({ event: 'prepare', stage: 'features', done, total })
  })
  try {
    return await new Run(spec, host, training).go()
  } finally {
    await training.runner.release()
  }
}

class Run {
  readonly #spec: TrainSpec
  readonly #host: TrainHost
  readonly #training: Training
  readonly #progress: RunProgress
  readonly #evaluator: Evaluator
  readonly #checkpoints: Checkpoints
  readonly #saver: Saver
  #pace: Pace

  constructor(spec: TrainSpec, host: TrainHost, training: Training) {
    this.#spec = spec
    this.#host = host
    this.#training = training
    this.#progress = new RunProgress(spec.config)
    this.#evaluator = new Evaluator(spec, host, training)
    this.#checkpoints = new Checkpoints(spec, host, training, this.#progress)
    this.#saver = new Saver(this.#checkpoints, host, () => this.#pace)
    this.#pace = this.#newPace()
  }

  async go(): Promise<TrainResult> {
    const { notes } = this.#training
    for (const text of notes)
      if (this.#spec.resumeFrom === undefined) this.#host.emit({ event: 'note', text })
    if (this.#spec.resumeFrom !== undefined) {
      await this.#checkpoints.resume(this.#spec.resumeFrom)
      this.#pace = this.#newPace()
    }
    this.#announce()
    this.#saver.begin()
    try {
      await this.#begin()
      while (!this.#isOver()) {
        if (await this.#isCancelled()) return await this.#cancel()
        const stop = this.#host.stopRequested?.() ?? null
        if (stop !== null) {
          this.#progress.stopReason = stop
          break
        }
        await this.#saver.beforeStep()
        await this.#step()
        if (this.#progress.epochEndPending || this.#progress.hasStopped) await this.#endEpoch()
      }
      return await this.#finish()
    } catch (error) {
      unlessCancelled(error)
      return await this.#cancel()
    }
  }

  /** The first evaluation, or what was left to do when the run was interrupted. */
  async #begin(): Promise<void> {
    const isNew = this.#spec.resumeFrom === undefined
    if (isNew && this.#spec.config.eval_on_start) await this.#evaluate()
    else await this.#evaluator.predictWatched(this.#training.stepsDone)
    const { pending } = this.#progress
    if (pending) await this.#act(pending, { place: this.#training.lastPlace })
    if (this.#progress.epochEndPending) await this.#endEpoch()
  }

  #isOver(): boolean {
    return this.#progress.hasStopped || this.#training.stepsDone >= this.#training.plan.totalSteps
  }

  async #step(): Promise<void> {
    const { plan } = this.#training
    const started = this.#pace.now()
    const { epoch } = this.#place()
    const outcome = await this.#training.step({ onPiece: () => this.#emitProgress(epoch) })
    const step = this.#training.stepsDone
    this.#pace.step(this.#pace.now() - started, outcome.rows, outcome.tokens)
    this.#progress.afterStep(outcome)
    this.#emitProgress(outcome.place.epochAfter)
    const due = dueAfterStep(this.#spec.config, step, plan.totalSteps)
    this.#progress.epochEndPending = outcome.place.endsEpoch || step >= plan.totalSteps
    await this.#act(due, outcome)
  }

  /** Log, evaluate, save: in the Trainer's order. */
  async #act(due: Due, { place }: Pick<StepOutcome, 'place'>): Promise<void> {
    const step = this.#training.stepsDone
    if (due.log && step > this.#progress.lastLoggedStep)
      this.#host.emit({
        event: 'step',
        ...this.#progress.takeLog(step),
        epoch: place.epochAfter,
        ...this.#pace.takeRates(),
      })
    this.#progress.pending = { ...due, log: false }
    let save = due.save
    if (due.evaluate) {
      await this.#saver.beforeEvaluation()
      const verdict = await this.#evaluate()
      if (this.#spec.config.save_strategy === 'best') save = verdict.isBest
      if (verdict.shouldStop !== null) this.#progress.stopReason = verdict.shouldStop
    }
    this.#progress.pending = null
    if (save) await this.#saver.save('saved')
  }

  async #endEpoch(): Promise<void> {
    this.#progress.epochEndPending = false
    const place = this.#training.lastPlace
    await this.#act(dueAfterEpoch(this.#spec.config, place.epochAfter), { place })
  }

  async #evaluate(): Promise<{ isBest: boolean; shouldStop: string | null }> {
    const { step, epoch } = this.#place()
    const started = this.#pace.now()
    const metrics = await this.#evaluator.evaluate({ step, epoch }, () => {
      if (this.#isAborted()) throw cancelled()
      this.#emitProgress(epoch)
    })
    this.#pace.evaluation(this.#pace.now() - started)
    this.#host.emit({ event: 'evaluate', step, epoch, metrics })
    await this.#evaluator.predictWatched(step)
    this.#training.schedule.onEvaluate(this.#progress.deciding(metrics))
    const verdict = this.#progress.observe(metrics, step)
    await this.#evaluator.retainAnswers(step, this.#progress.bestStep)
    const outside = this.#host.shouldStopAfterEvaluation?.(metrics, step) ?? null
    const patience = this.#spec.config.early_stopping_patience ?? 0
    const early = verdict.shouldStop
      ? `No improvement in ${patience} evaluation${patience === 1 ? '' : 's'}.`
      : null
    return { isBest: verdict.isBest, shouldStop: early ?? outside }
  }

  /** Waits out a pause. True where the run is to be cancelled. */
  async #isCancelled(): Promise<boolean> {
    const { signal } = this.#host
    const pause = signal.aborted ? null : this.#host.paused()
    if (pause) {
      await this.#saver.saveUnlessSaved(this.#training.stepsDone)
      this.#host.emit({ event: 'state', state: 'paused' })
      await Promise.race([pause, aborted(signal)])
      if (!this.#isAborted()) this.#host.emit({ event: 'state', state: 'running' })
    }
    return this.#isAborted()
  }

  #isAborted(): boolean {
    return this.#host.signal.aborted
  }

  async #cancel(): Promise<TrainResult> {
    // Where the disk refuses, what is unsaved is lost; the run is cancelled all the same.
    await this.#saver.saveUnlessSaved(this.#training.stepsDone).catch(unlessCancelled)
    return this.#end('cancelled', undefined)
  }

  async #finish(): Promise<TrainResult> {
    const { config } = this.#spec
    const restored = config.load_best_model_at_end ? await this.#checkpoints.restoreBest() : null
    if (restored)
      this.#host.emit({
        event: 'note',
        text: `The weights are those of step ${restored.step}, the best evaluation.`,
      })
    const metrics = await this.#finalMetrics(restored?.metrics ?? null)
    await this.#saver.saveFinal(metrics)
    if (this.#progress.stopReason !== null) return this.#end('stopped', this.#progress.stopReason, metrics)
    return this.#end('completed', undefined, metrics)
  }

  /** Those of the weights that are left; evaluated once more where nobody did. */
  async #finalMetrics(ofBest: Record<string, number> | null): Promise<Record<string, number>> {
    if (ofBest) return ofBest
    const { lastMetrics, lastEvaluatedStep } = this.#progress
    if (lastMetrics && lastEvaluatedStep === this.#training.stepsDone) return lastMetrics
    if (!this.#spec.validation) return {}
    const metrics = await this.#evaluator.evaluate(this.#place(), () => undefined)
    await this.#evaluator.retainAnswers(this.#training.stepsDone, this.#progress.bestStep)
    return metrics
  }

  #place(): { step: number; epoch: number } {
    const step = this.#training.stepsDone
    return { step, epoch: step === 0 ? 0 : this.#training.lastPlace.epochAfter }
  }

  async #end(
    state: RunEndState,
    reason: string | undefined,
    metrics = this.#progress.lastMetrics ?? {},
  ): Promise<TrainResult> {
    await this.#evaluator.release()
    const { trainSeconds, rowsSeen } = this.#pace.totals()
    this.#host.emit({
      event: 'end',
      run: this.#spec.runId,
      state,
      ...(reason !== undefined && { reason }),
      metrics,
      train_samples_per_second: rowsSeen / Math.max(trainSeconds, 1e-3),
      train_runtime_seconds: trainSeconds,
      peak_rss_bytes: peakRssBytes(),
      output_dir: this.#spec.outputDir,
    })
    return { state, ...(reason !== undefined && { reason }), metrics, steps: this.#training.stepsDone }
  }

  #announce(): void {
    const { config, train, validation, labels, facts, runId } = this.#spec
    const { opened, parameters, plan } = this.#training
    this.#host.emit({ event: 'prepare', stage: 'model', done: 1, total: 1 })
    this.#host.emit({
      event: 'start',
      run: runId,
      total_steps: plan.totalSteps,
      trainable_parameters: parameters.trainableCount,
      total_parameters: parameterCount(opened.model),
      labels: [...labels],
      train_rows: rowCount(train),
      validation_rows: validation ? rowCount(validation) : 0,
      provider: config.provider,
      num_threads: this.#training.numThreads,
      ...facts,
    })
  }

  #emitProgress(epoch: number): void {
    const { plan, stepsDone } = this.#training
    const event = this.#pace.progress(stepsDone, plan.totalSteps, epoch, this.#evaluationsLeft())
    if (event) this.#host.emit(event)
  }

  #evaluationsLeft(): number {
    const { config } = this.#spec
    const { plan, stepsDone } = this.#training
    if (config.eval_strategy === 'no') return 0
    const every =
      config.eval_strategy === 'epoch' ? plan.stepsPerEpoch : stepsOf(evalEvery(config), plan.totalSteps)
    return Math.ceil(plan.totalSteps / every) - Math.floor(stepsDone / every)
  }

  #newPace(): Pace {
    return new Pace(this.#host.nowMs ?? (() => performance.now()), this.#progress)
  }
}

function unlessCancelled(error: unknown): void {
  if (!(error instanceof UserError) || error.code !== 'cancelled') throw error
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
