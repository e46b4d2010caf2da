/**
 * What a run is measured against: what can be answered without reading the text (always the commonest class, the mean …)
 * and, where a row has one class, a bag of words. Computed after the last step, so that they take nothing from the
 * training; where answers are right or wrong row by row, compared with the model row by row.
 */
import type { EvalMetrics, RunEvent } from '../../../shared/domain/run'
import { breathe } from '../../../shared/breathe'
import { cancelled } from '../../../shared/errors'
import { fitLogisticRegression, predictClasses } from '../../data/baseline/logisticRegression'
import { fitTfIdf, transformTfIdf } from '../../data/baseline/tfidf'
import type { Objective } from '../../engine/objectives/objective'
import { EvaluationLoss } from '../../engine/train/evaluate'
import { answerCount } from '../../engine/train/rows'
import { argMax } from '../problems/logits'
import type { Baseline, Known, LabelledSplit, Problem } from '../problems/problem'
import type { SplitRows } from '../run/dataset'
import { labelMetrics } from '../run/metrics'
import { mcNemar } from '../../metrics/significance/mcNemar'

export interface BaselineInput {
  problem: Problem
  objective: Objective
  known: Known
  train: LabelledSplit
  held: LabelledSplit
  batchSize: number
}

const BAG_OF_WORDS = 'bag of words'
/** C of the logistic regression: short texts want less penalty than scikit-learn's default of 1. */
const INVERSE_STRENGTH = 10
/** More rows do not make a word count much better, and cost time. */
const MOST_ROWS = 50_000
/** Processor time, so that a busy machine loses no baseline. */
const MOST_CPU_MS = 20_000
const ANSWERS_BETWEEN_BREATHS = 500

/**
 * `baseline` events, and a `note` that says how the model compares with the bag of words.
 * `modelClasses`: what the finished model says of the held-out rows, asked only where rows have one class.
 */
export async function emitBaselines(
  input: BaselineInput,
  modelClasses: () => Promise<Int32Array>,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { problem, train, held, known } = input
  const predicted = problem.hasOneClass ? await modelClasses() : null
  for (const baseline of problem.baselines(train, held, known)) {
    const metrics = await measured(baseline, input, signal)
    const classes =
      predicted && Int32Array.from(held.split.references, (_, row) => argMax(baseline.logitsOf(row)))
    emit({
      event: 'baseline',
      name: baseline.name,
      metrics: { ...metrics, ...(classes && paired(input, predicted, classes)) },
    })
  }
  if (predicted) await emitBagOfWords(input, predicted, emit, signal)
}

/** The figures an evaluation of the model tells, of a baseline. */
async function measured(
  baseline: Baseline,
  { problem, objective, known, held, batchSize }: BaselineInput,
  signal: AbortSignal,
): Promise<EvalMetrics> {
  const loss = new EvaluationLoss(objective, held.rows, { batchSize, labelSmoothing: 0 })
  const scorer = problem.newScorer(held.rows, known)
  for (let answer = 0; answer < answerCount(held.rows); answer++) {
    if (answer % ANSWERS_BETWEEN_BREATHS === 0) await breathe(signal)
    const logits = baseline.logitsOf(answer)
    loss.add(answer, logits)
    scorer.add(answer, logits)
  }
  return { loss: loss.value(), ...scorer.metrics(loss.value()) }
}

async function emitBagOfWords(
  input: BaselineInput,
  predicted: Int32Array,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const budget = new CpuBudget(MOST_CPU_MS)
  try {
    const words = await bagOfWords(input, async () => {
      budget.check()
      await breathe(signal)
    })
    const { held, known } = input
    const metrics = {
      ...labelMetrics(words, held.rows.labels, known.labels.length),
      ...paired(input, predicted, words),
    }
    emit({ event: 'baseline', name: BAG_OF_WORDS, metrics })
    emit({ event: 'note', text: comparison(metrics) })
  } catch (error) {
    if (!budget.isSpent) throw error
    emit({
      event: 'note',
      text: 'The bag-of-words baseline took too long for this many rows and was left out.',
    })
  }
}

class CpuBudget {
  readonly #start = process.cpuUsage()
  isSpent = false

  constructor(readonly limitMs: number) {}

  /** @throws where the time is up */
  check(): void {
    const { user, system } = process.cpuUsage(this.#start)
    this.isSpent = (user + system) / 1000 > this.limitMs
    if (this.isSpent) throw cancelled()
  }
}

/** How the answers of a baseline differ from the model's, row by row. */
function paired({ held }: BaselineInput, predicted: Int32Array, baseline: Int32Array) {
  const right = (answers: Int32Array) => Array.from(held.rows.labels, (label, row) => answers[row] === label)
  const { onlyFirst, onlySecond, pValue } = mcNemar(right(predicted), right(baseline))
  return { only_model_right: onlyFirst, only_baseline_right: onlySecond, mcnemar_p: pValue }
}

async function bagOfWords(
  { train, held, known }: BaselineInput,
  pause: () => Promise<void>,
): Promise<Int32Array> {
  const every = Math.max(1, Math.ceil(train.split.texts.length / MOST_ROWS))
  const kept = Array.from({ length: Math.ceil(train.split.texts.length / every) }, (_, i) => i * every)
  const texts = kept.map((row) => wholeText(train.split, row))
  const tfidf = fitTfIdf(texts)
  const labels = kept.map((row) => train.rows.labels[row]!)
  const features = transformTfIdf(tfidf, texts)
  const model = await fitLogisticRegression(features, labels, known.labels.length, {
    C: INVERSE_STRENGTH,
    breathe: pause,
  })
  const heldTexts = held.split.texts.map((_, row) => wholeText(held.split, row))
  return predictClasses(model, transformTfIdf(tfidf, heldTexts))
}

function wholeText({ texts, pairs }: SplitRows, row: number): string {
  return pairs ? `${texts[row]!} ${pairs[row]!}` : texts[row]!
}

function comparison(metrics: ReturnType<typeof paired>): string {
  const { only_model_right: model, only_baseline_right: words, mcnemar_p: p } = metrics
  const chance = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
  return (
    `Only the model is right on ${rows(model)}, only the ${BAG_OF_WORDS} on ${rows(words)} ` +
    `(McNemar’s exact test, ${chance}${p < 0.05 ? '' : ': chance explains the difference'}).`
  )
}

function rows(count: number): string {
  return `${count} validation ${count === 1 ? 'row' : 'rows'}`
}
