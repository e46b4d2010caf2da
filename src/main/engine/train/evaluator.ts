/** Evaluations of a run: the validation rows' loss and metrics, and predictions on rows somebody watches. */
import type { EvalMetrics } from '../../../shared/domain/run'
import { EvaluationLoss } from './evaluate'
import { Predictor } from './predict'
import { rowCount } from './rows'
import type { Evaluation, TrainHost, TrainSpec } from './spec'
import { sessionOptions, type Training } from './training'

export class Evaluator {
  readonly #spec: TrainSpec
  readonly #host: TrainHost
  readonly #training: Training
  readonly #predictor: Predictor
  /** Of the validation rows: from their kept features, where there are some. */
  readonly #validator: Predictor

  constructor(spec: TrainSpec, host: TrainHost, training: Training) {
    this.#spec = spec
    this.#host = host
    this.#training = training
    const { cached, opened, parameters } = training
    this.#predictor = new Predictor(opened.model, parameters, sessionOptions(spec.config))
    this.#validator = cached
      ? new Predictor(cached.model, parameters, sessionOptions(spec.config))
      : this.#predictor
  }

  /** Metrics by their names in Transformers, without eval_. The answers are kept before anybody hears of them. */
  async evaluate(at: Omit<Evaluation, 'metrics'>, onPiece: () => void): Promise<EvalMetrics> {
    const { cached } = this.#training
    const rows = cached ? cached.validation : this.#spec.validation
    if (rows === null) return {}
    const started = performance.now()
    const { config, objective } = this.#spec
    const loss = new EvaluationLoss(objective, rows, {
      ...this.#training.loss,
      batchSize: config.per_device_eval_batch_size,
    })
    const scorer = this.#host.newScorer()
    const answers = this.#host.answers?.open()
    await this.#validator.run(
      rows,
      (answer, logits) => {
        loss.add(answer, logits)
        scorer.add(answer, logits)
        answers?.add(answer, logits)
      },
      onPiece,
    )
    const seconds = (performance.now() - started) / 1000
    const metrics = {
      loss: loss.value(),
      ...scorer.metrics(loss.value()),
      runtime: seconds,
      samples_per_second: rowCount(rows) / Math.max(seconds, 1e-3),
    }
    await answers?.save({ ...at, metrics })
    return metrics
  }

  /** Of the weights there are now and of the best evaluation. */
  async retainAnswers(step: number, bestStep: number | null): Promise<void> {
    await this.#host.answers?.retain([step, ...(bestStep === null ? [] : [bestStep])])
  }

  async predictWatched(step: number): Promise<void> {
    const { watched } = this.#host
    if (!watched) return
    const logits = await this.#predictor.logits(watched.rows)
    this.#host.emit({ event: 'predictions', step, rows: watched.describe(logits) })
  }

  async release(): Promise<void> {
    await this.#predictor.release()
    await this.#validator.release()
  }
}
