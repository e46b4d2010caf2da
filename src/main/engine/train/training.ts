/** A model being trained, with all that changes from step to step: what checkpoints hold and resuming restores. */
import { cpus } from 'node:os'
import type { RunConfig } from '../../../shared/domain/runConfig'
import { UserError } from '../../../shared/errors'
import { readOptimizer, type StateTensor } from '../checkpoint/trainingCheckpoint'
import { openModel, type OpenModel } from '../models/open'
import type { LossSettings } from '../objectives/objective'
import { clipByValue, clipFactor, globalNorm } from '../optim/clip'
import type { Optimizer, Slot } from '../optim/optimizer'
import { optimizerNamed } from '../optim/registry'
import type { SessionOptions } from '../runtime/session'
import { scheduleOfRun } from '../../../shared/schedule/registry'
import type { Schedule } from '../../../shared/schedule/definition'
import { BatchRunner, scratchBytes } from './batchRunner'
import { CachedFeatures } from './cachedFeatures'
import { classWeights } from './classWeights'
import { Parameters } from './parameters'
import { checkRows, epochOrder, type LabelledRows, rowCount } from './rows'
import { shapesOfRun } from './runShapes'
import type { TrainSpec } from './spec'
import { layerwiseRate, trainableTest } from './trainable'
import { largestStep, planSteps, placeOfStep, requireBatches, type StepPlace, type StepPlan } from './steps'

export interface StepOutcome {
  place: StepPlace
  loss: number
  gradNorm: number
  learningRate: number
  rows: number
  tokens: number
}

interface StepOptions {
  onPiece?: () => void
  learningRate?: number
}

export function sessionOptions(config: Pick<RunConfig, 'provider' | 'num_threads'>): SessionOptions & {
  numThreads: number
} {
  return { provider: config.provider, numThreads: config.num_threads ?? cpus().length }
}

export class Training {
  stepsDone = 0
  #epoch: { number: number; order: Uint32Array; rows: LabelledRows } | undefined

  private constructor(
    readonly config: RunConfig,
    readonly opened: OpenModel,
    readonly notes: readonly string[],
    readonly parameters: Parameters,
    readonly plan: StepPlan,
    readonly schedule: Schedule,
    readonly loss: LossSettings,
    readonly optimizer: Optimizer,
    readonly slots: readonly Slot[],
    readonly runner: BatchRunner,
    private readonly train: Pick<TrainSpec, 'train' | 'trainOfEpoch'>,
    /** What the frozen trunk said of the rows, where the head trains on that. */
    readonly cached: CachedFeatures | undefined,
  ) {}

  /**
   * `onFeatures` is told of rows whose features were kept, and may throw to stop.
   * @throws UserError for rows, labels or settings that do not fit the model.
   */
  static async create(
    spec: Omit<TrainSpec, 'runId' | 'facts'>,
    onFeatures: (done: number, total: number) => void = () => undefined,
  ): Promise<Training> {
    const { config, train, validation, labels, objective } = spec
    if (validation === null && config.eval_strategy !== 'no')
      throw new UserError('bad-config', 'There are no validation rows to evaluate on.', {
        where: { field: 'eval_strategy' },
        hint: 'Set eval_strategy to no, or give validation rows.',
      })
    const plan = planSteps(rowCount(train), config)
    if (plan.batchesPerEpoch === 0)
      throw new UserError('bad-config', 'There is not one full batch of training rows.', {
        where: { field: 'dataloader_drop_last' },
        hint: 'Make per_device_train_batch_size smaller or turn dataloader_drop_last off.',
      })
    const origin =
      spec.resumeFrom === undefined ? spec.origin : ({ kind: 'folder', dir: spec.resumeFrom } as const)
    const opened = await openModel(origin, {
      objective,
      labels,
      overrides: config.config_overrides,
      adapter: config.adapter,
    })
    checkRows(train, opened.model.encoder, 'training')
    if (validation) checkRows(validation, opened.model.encoder, 'validation')
    const schedule = scheduleOfRun(config, plan.totalSteps)
    const weights = classWeights(config.class_weights, labels, train.labels)
    const batchRows = largestStep(rowCount(train), config)
    if (opened.model.head.readsWholeBatch) requireBatches(rowCount(train), plan, config)
    const loss: LossSettings = {
      labelSmoothing: config.label_smoothing_factor,
      ...(weights && { classWeights: weights }),
    }
    const definition = optimizerNamed(config.optim)
    const slots = definition.slots(config)
    const cached = config.cache_features ? new CachedFeatures(opened.model, spec) : undefined
    const [model, rows] = cached ? [cached.model, cached.train] : [opened.model, train]
    const trains = trainableTest(opened, config)
    const parameters = await Parameters.reserve(
      cached ? [...opened.model.parameters, cached.table] : opened.model.parameters,
      {
        slots,
        scratchBytes: scratchBytes(model, rows, batchRows, config.mixup_alpha !== null),
        isTrainable: (name) => name !== cached?.table.name && trains(name),
        rateFactor: layerwiseRate(opened, config),
      },
    )
    const notes = await opened.fill((name) => parameters.get(name).values, config.seed)
    await cached?.fill(parameters, sessionOptions(config), onFeatures)
    const runner = await BatchRunner.create(
      {
        model,
        objective,
        rows,
        batchRows,
        shapes: shapesOfRun(rows, config, model.encoder.maxPositions),
        seed: config.seed,
        loss,
        neftuneAlpha: config.neftune_noise_alpha,
        mixupAlpha: config.mixup_alpha,
        session: sessionOptions(config),
      },
      parameters,
    )
    return new Training(
      config,
      opened,
      notes,
      parameters,
      plan,
      schedule,
      loss,
      definition.create(config),
      slots,
      runner,
      cached ? { train: cached.train } : spec,
      cached,
    )
  }

  /**
   * One optimizer step, at the schedule's learning rate or a given one; `onPiece` is called as its pieces are done.
   * @throws UserError `diverged` naming the step; the weights are then still those before it.
   */
  async step({
    onPiece,
    learningRate = this.schedule.rate(this.stepsDone),
  }: StepOptions = {}): Promise<StepOutcome> {
    const place = placeOfStep(this.stepsDone, this.trainRows, this.plan, this.config)
    const { order, rows } = this.#enter(place.epoch)
    const members = order.subarray(place.from, place.to)
    const { loss, tokens, updates } = await this.runner.run(rows, members, this.stepsDone, onPiece)
    const gradNorm = globalNorm(this.parameters.blocks)
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) throw this.#diverged(loss)
    for (const [name, values] of updates) this.values(name).set(values)
    this.stepsDone++
    const gradientScale = this.#clip(gradNorm)
    for (const block of this.parameters.blocks)
      this.optimizer.step([block], {
        learningRate: learningRate * block.rateFactor,
        step: this.stepsDone,
        gradientScale,
      })
    return { place, loss, gradNorm, learningRate, rows: members.length, tokens }
  }

  /** By value first, where asked for; then the factor that clips by norm. */
  #clip(gradNorm: number): number {
    const { max_grad_value: limit, max_grad_norm: maxNorm } = this.config
    const { blocks } = this.parameters
    if (limit === 0) return clipFactor(gradNorm, maxNorm)
    clipByValue(blocks, limit)
    return clipFactor(maxNorm > 0 ? globalNorm(blocks) : gradNorm, maxNorm)
  }

  get numThreads(): number {
    return sessionOptions(this.config).numThreads
  }

  /** Where the step just done stands. */
  get lastPlace(): StepPlace {
    return placeOfStep(this.stepsDone - 1, this.trainRows, this.plan, this.config)
  }

  /** The optimizer's tensors under the names they are stored by. */
  optimizerTensors(): StateTensor[] {
    return this.slots.flatMap((slot, i) =>
      this.parameters.all().flatMap(({ spec, arena, slotsAt }) => {
        const [at, shape] = [slotsAt[i], slot.shapeFor(spec.shape)]
        if (at === undefined || at === null || shape === null) return []
        const length = shape.reduce((n, dim) => n * dim, 1)
        return [{ name: `${slot.name}.${spec.name}`, shape, data: arena.float32(at, length) }]
      }),
    )
  }

  async readOptimizer(checkpoint: string): Promise<void> {
    await readOptimizer(checkpoint, this.optimizerTensors())
  }

  values(name: string): Float32Array {
    return this.parameters.get(name).values
  }

  get trainRows(): number {
    return rowCount(this.train.train)
  }

  /** The rows of an epoch and their order: pure functions of the seed and its number. */
  #enter(epoch: number): { order: Uint32Array; rows: LabelledRows } {
    if (this.#epoch?.number !== epoch)
      this.#epoch = {
        number: epoch,
        order: epochOrder(this.trainRows, epoch, this.config),
        rows: this.train.trainOfEpoch?.(epoch) ?? this.train.train,
      }
    return this.#epoch
  }

  #diverged(loss: number): UserError {
    const what = Number.isFinite(loss) ? 'A gradient' : 'The loss'
    return new UserError(
      'diverged',
      `${what} became ${Number.isNaN(loss) ? 'NaN' : 'infinite'} at step ${this.stepsDone + 1}.`,
      {
        where: { field: 'learning_rate' },
        hint: `Lower learning_rate (now ${this.config.learning_rate}) or add warmup_steps; the last checkpoint is kept.`,
      },
    )
  }
}
