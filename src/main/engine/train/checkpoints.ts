/** The checkpoints of one run: saving, rotating, resuming, going back to the best, and the finished model. */
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { EvalMetrics } from '../../../shared/domain/run'
import { UserError } from '../../../shared/errors'
import { assertRoom } from '../checkpoint/diskSpace'
import { type FolderWriter, MANIFEST_FILE, writeFolder } from '../checkpoint/folderWriter'
import {
  checkpointFolder,
  isResumePoint,
  readTrainState,
  rotateCheckpoints,
  type TrainState,
  writeCheckpoint,
} from '../checkpoint/trainingCheckpoint'
import { openModel } from '../models/open'
import { writeAdapterModel, writeModel } from '../models/save'
import type { RunProgress } from './runProgress'
import type { TrainHost, TrainSpec } from './spec'
import type { Training } from './training'

export class Checkpoints {
  readonly #spec: TrainSpec
  readonly #host: TrainHost
  readonly #training: Training
  readonly #progress: RunProgress

  constructor(spec: TrainSpec, host: TrainHost, training: Training, progress: RunProgress) {
    this.#spec = spec
    this.#host = host
    this.#training = training
    this.#progress = progress
  }

  async save(kind: TrainState['kind'], totals: { rowsSeen: number; trainSeconds: number }): Promise<void> {
    const { checkpointsDir, config } = this.#spec
    const { stepsDone, plan, schedule } = this.#training
    const progress = this.#progress
    const isBest = progress.bestStep === stepsDone
    if (kind === 'saved' && (isBest || (await this.#isSaved(progress.bestStep))))
      progress.bestCheckpointStep = progress.bestStep
    const state: TrainState = {
      version: 1,
      kind,
      step: stepsDone,
      totalSteps: plan.totalSteps,
      ...progress.remember(),
      ...totals,
      schedule: schedule.state(),
      madeWith: this.#madeWith(),
    }
    const optimizer = this.#training.optimizerTensors()
    await assertRoom(checkpointsDir, this.#weightBytes() + bytesOf(optimizer), 'A checkpoint')
    const { path, sizeBytes } = await writeCheckpoint(checkpointsDir, {
      state,
      optimizer,
      writeModel: (writer) => this.#writeCheckpointModel(writer),
    })
    this.#host.emit({
      event: 'checkpoint',
      step: stepsDone,
      path,
      kind,
      size_bytes: sizeBytes,
      is_best: isBest,
      metrics: progress.lastEvaluatedStep === stepsDone ? progress.lastMetrics : null,
    })
    const deleted = await rotateCheckpoints(checkpointsDir, {
      saveTotalLimit: config.save_total_limit,
      bestStep: progress.bestCheckpointStep,
    })
    for (const gone of deleted) this.#host.emit({ event: 'checkpoint-deleted', path: gone })
  }

  async #isSaved(step: number | null): Promise<boolean> {
    if (step === null || !(await this.has(step))) return false
    return !(await isResumePoint(checkpointFolder(this.#spec.checkpointsDir, step)))
  }

  async has(step: number): Promise<boolean> {
    return isFile(join(checkpointFolder(this.#spec.checkpointsDir, step), MANIFEST_FILE))
  }

  /** Everything but the weights, which the model was opened with. @throws UserError where it is of another run. */
  async resume(checkpoint: string): Promise<void> {
    const state = await readTrainState(checkpoint)
    const { plan, schedule } = this.#training
    const now = this.#madeWith()
    if (state.madeWith['data_sha256'] !== now['data_sha256'] || state.totalSteps !== plan.totalSteps)
      throw new UserError('conflict', 'This checkpoint is of another run: its rows or its length differ.', {
        where: { file: checkpoint },
        hint: 'Resume with the settings and the data the run was started with.',
      })
    const changed = Object.keys(now).filter((key) => state.madeWith[key] !== now[key])
    if (changed.length > 0)
      this.#host.emit({
        event: 'note',
        text: `Since the checkpoint ${changed.join(', ')} changed: results may differ in their last digits.`,
      })
    await this.#training.readOptimizer(checkpoint)
    this.#training.stepsDone = state.step
    schedule.restore(state.schedule)
    this.#progress.restore(state)
  }

  /** Weights of the best evaluation, where its checkpoint was kept and is not what is in memory. */
  async restoreBest(): Promise<{ step: number; metrics: EvalMetrics | null } | null> {
    const step = this.#progress.bestCheckpointStep
    if (step === null) return null
    const folder = checkpointFolder(this.#spec.checkpointsDir, step)
    const { lastMetrics, lastEvaluatedStep } = await readTrainState(folder)
    if (step !== this.#training.stepsDone) await this.#readWeights(folder)
    return { step, metrics: lastEvaluatedStep === step ? lastMetrics : null }
  }

  /** The finished model, in Hugging Face layout. */
  async writeFinal(metrics: EvalMetrics): Promise<void> {
    const { outputDir } = this.#spec
    await assertRoom(dirname(outputDir), this.#weightBytes(), 'The model')
    const sizeBytes = await writeFolder(outputDir, async (writer) => {
      await writeModel(writer, this.#training.opened, (name) => this.#training.values(name))
      await this.#copyTokenizer(writer)
    })
    this.#host.emit({
      event: 'checkpoint',
      step: this.#training.stepsDone,
      path: outputDir,
      kind: 'final',
      size_bytes: sizeBytes,
      is_best: false,
      metrics,
    })
  }

  /** Of a model as it is stored, adapters aside. */
  #weightBytes(): number {
    return bytesOf(
      this.#training.opened.model.parameters.map(({ name }) => ({ data: this.#training.values(name) })),
    )
  }

  async #readWeights(checkpoint: string): Promise<void> {
    const { opened, parameters } = this.#training
    const again = await openModel(
      { kind: 'folder', dir: checkpoint },
      { objective: opened.objective, labels: opened.labels, adapter: this.#spec.config.adapter },
    )
    await again.fill((name) => parameters.get(name).values, this.#spec.config.seed)
  }

  /** Of a run with an adapter, the adapter alone: its base has not changed. */
  async #writeCheckpointModel(writer: FolderWriter): Promise<void> {
    const { opened } = this.#training
    const values = (name: string) => this.#training.values(name)
    if (opened.lora) await writeAdapterModel(writer, opened, opened.lora, values)
    else await writeModel(writer, opened, values)
    await this.#copyTokenizer(writer)
  }

  async #copyTokenizer(writer: FolderWriter): Promise<void> {
    for (const [name, from] of Object.entries(this.#spec.tokenizerFiles)) await writer.copy(name, from)
  }

  /** What the bits of a run depend on beside its configuration. */
  #madeWith(): TrainState['madeWith'] {
    return {
      ...this.#spec.facts,
      provider: this.#spec.config.provider,
      num_threads: this.#training.numThreads,
    }
  }
}

function bytesOf(tensors: readonly { data: Float32Array }[]): number {
  return tensors.reduce((sum, { data }) => sum + data.byteLength, 0)
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
