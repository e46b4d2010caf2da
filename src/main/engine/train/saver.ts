/**
 * When a run saves, and what becomes of it where that fails: a resume point before two minutes of work are at stake;
 * on a full disk the run waits, with all it knows in memory, until there is room.
 */
import { setTimeout } from 'node:timers/promises'
import type { EvalMetrics } from '../../../shared/domain/run'
import { cancelled, describeError, UserError } from '../../../shared/errors'
import type { TrainState } from '../checkpoint/trainingCheckpoint'
import type { Checkpoints } from './checkpoints'
import type { Pace } from './pace'
import type { TrainHost } from './spec'

/** The work that an interruption may cost. */
const MOST_AT_STAKE_MS = 120_000
/** What an evaluation is taken for before the first one was timed. */
const UNKNOWN_EVALUATION_MS = 60_000
const RETRY_MS = 5_000

export class Saver {
  #savedAtMs = 0

  constructor(
    readonly checkpoints: Checkpoints,
    private readonly host: TrainHost,
    private readonly pace: () => Pace,
  ) {}

  /** Work begins: nothing is at stake yet. */
  begin(): void {
    this.#savedAtMs = this.pace().now()
  }

  async save(kind: TrainState['kind']): Promise<void> {
    await this.#untilWritten(() => this.checkpoints.save(kind, this.pace().totals()))
    this.#savedAtMs = this.pace().now()
  }

  async saveFinal(metrics: EvalMetrics): Promise<void> {
    await this.#untilWritten(() => this.checkpoints.writeFinal(metrics))
  }

  async saveUnlessSaved(step: number): Promise<void> {
    if (step > 0 && !(await this.checkpoints.has(step))) await this.save('resume')
  }

  /** Before a step: saves where the time since the last checkpoint and the step's would be too much to lose. */
  async beforeStep(): Promise<void> {
    await this.#beforeWorkOf(this.pace().stepMs)
  }

  /** Before an evaluation, which cannot be saved half-way. */
  async beforeEvaluation(): Promise<void> {
    await this.#beforeWorkOf(this.pace().evaluationMs ?? UNKNOWN_EVALUATION_MS)
  }

  async #beforeWorkOf(ms: number): Promise<void> {
    const unsavedMs = this.pace().now() - this.#savedAtMs
    if (unsavedMs > 0 && unsavedMs + ms >= MOST_AT_STAKE_MS) await this.save('resume')
  }

  /** @throws UserError `cancelled` where the run is cancelled meanwhile; what is no refusal of the disk goes on. */
  async #untilWritten(write: () => Promise<void>): Promise<void> {
    const { host } = this
    for (let refusals = 0; ; refusals++) {
      try {
        await write()
        if (refusals > 0) host.emit({ event: 'state', state: 'running' })
        return
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'io') throw error
        if (host.signal.aborted) {
          host.emit({ event: 'note', text: `The last steps were not saved. ${describeError(error)}` })
          throw cancelled()
        }
        const reason = `${describeError(error)} The run waits, and goes on by itself once it can save.`
        if (refusals === 0) host.emit({ event: 'state', state: 'paused', reason })
        await rest(host.retryMs ?? RETRY_MS, host.signal)
      }
    }
  }
}

/** @throws UserError `cancelled` */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => {
    throw cancelled()
  })
}
