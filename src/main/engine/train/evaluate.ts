/**
 * The evaluation loss, from logits as they come. For rows it is the Trainer's: the mean of batch means, weighted by
 * rows. For tokens it is the mean over all that have a label, whatever batch they are in.
 */
import type { LossSettings, Objective } from '../objectives/objective'
import { answerCount, type LabelledRows } from './rows'

export interface EvaluationLossSettings extends LossSettings {
  batchSize: number
}

export class EvaluationLoss {
  readonly #losses: Float64Array
  readonly #weights: Float64Array

  constructor(
    readonly objective: Objective,
    readonly rows: LabelledRows,
    readonly settings: EvaluationLossSettings,
  ) {
    this.#losses = new Float64Array(answerCount(rows))
    this.#weights = new Float64Array(answerCount(rows))
  }

  add(answer: number, logits: Float32Array): void {
    const { loss, weight } = this.objective.lossOf(logits, this.rows.labels, answer, this.settings)
    this.#losses[answer] = loss
    this.#weights[answer] = weight
  }

  /** Once every answer was added. NaN where there is none. */
  value(): number {
    const count = this.#losses.length
    const size = this.objective.isByToken ? Math.max(1, count) : this.settings.batchSize
    let total = 0
    for (let start = 0; start < count; start += size) {
      const end = Math.min(start + size, count)
      let [loss, weight] = [0, 0]
      for (let i = start; i < end; i++) {
        loss += this.#losses[i]!
        weight += this.#weights[i]!
      }
      total += (loss / weight) * (end - start)
    }
    return total / count
  }
}
