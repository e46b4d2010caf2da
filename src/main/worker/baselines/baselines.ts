/**
 * What a run is measured against: always the commonest class, and a bag of words. Computed after the last step, so that
 * they take nothing from the training; compared with the model row by row.
 */
import type { EvalMetrics, RunEvent } from '../../../shared/domain/run'
import { breathe } from '../../../shared/breathe'
import { cancelled } from '../../../shared/errors'
import { fitLogisticRegression, predictClasses } from '../../data/baseline/logisticRegression'
import { fitTfIdf, transformTfIdf } from '../../data/baseline/tfidf'
import type { SplitRows } from '../run/dataset'
import { labelMetrics } from '../run/metrics'
import { mcNemar } from './pairedTest'

export interface BaselineInput {
  train: SplitRows
  trainLabels: Int32Array
  validation: SplitRows
  validationLabels: Int32Array
  classes: number
  /** What the finished model says of the validation rows. */
  predicted: Int32Array
}

const BAG_OF_WORDS = 'bag of words'
/** C of the logistic regression: short texts want less penalty than scikit-learn's default of 1. */
const INVERSE_STRENGTH = 10
/** More rows do not make a word count much better, and cost time. */
const MOST_ROWS = 50_000
/** Processor time, so that a busy machine loses no baseline. */
const MOST_CPU_MS = 20_000

/** `baseline` events, and a `note` that says how the model compares with the bag of words. */
export async function emitBaselines(
  input: BaselineInput,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { validationLabels, classes } = input
  const majority = commonest(input.trainLabels, classes)
  const same = new Int32Array(validationLabels.length).fill(majority)
  emit({ event: 'baseline', name: 'majority', metrics: compared(input, same) })

  const budget = new CpuBudget(MOST_CPU_MS)
  try {
    const words = await bagOfWords(input, async () => {
      budget.check()
      await breathe(signal)
    })
    const metrics = compared(input, words)
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

/** Metrics of a baseline's answers, and of how they differ from the model's. */
function compared(input: BaselineInput, baseline: Int32Array): EvalMetrics {
  const { validationLabels: labels, classes, predicted } = input
  const right = (answers: Int32Array) => Array.from(labels, (label, row) => answers[row] === label)
  const { onlyFirst, onlySecond, pValue } = mcNemar(right(predicted), right(baseline))
  return {
    ...labelMetrics(baseline, labels, classes),
    only_model_right: onlyFirst,
    only_baseline_right: onlySecond,
    mcnemar_p: pValue,
  }
}

async function bagOfWords(input: BaselineInput, pause: () => Promise<void>): Promise<Int32Array> {
  const { train, trainLabels, validation, classes } = input
  const every = Math.max(1, Math.ceil(train.texts.length / MOST_ROWS))
  const kept = Array.from({ length: Math.ceil(train.texts.length / every) }, (_, i) => i * every)
  const texts = kept.map((row) => wholeText(train, row))
  const tfidf = fitTfIdf(texts)
  const labels = kept.map((row) => trainLabels[row]!)
  const features = transformTfIdf(tfidf, texts)
  const model = await fitLogisticRegression(features, labels, classes, {
    C: INVERSE_STRENGTH,
    breathe: pause,
  })
  const held = validation.texts.map((_, row) => wholeText(validation, row))
  return predictClasses(model, transformTfIdf(tfidf, held))
}

function wholeText({ texts, pairs }: SplitRows, row: number): string {
  return pairs ? `${texts[row]!} ${pairs[row]!}` : texts[row]!
}

function commonest(labels: Int32Array, classes: number): number {
  const counts = new Int32Array(classes)
  for (const label of labels) counts[label]!++
  return counts.indexOf(Math.max(...counts))
}

function comparison(metrics: EvalMetrics): string {
  const model = metrics['only_model_right']!
  const words = metrics['only_baseline_right']!
  const p = metrics['mcnemar_p']!
  const chance = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
  return (
    `Only the model is right on ${rows(model)}, only the ${BAG_OF_WORDS} on ${rows(words)} ` +
    `(McNemar’s exact test, ${chance}${p < 0.05 ? '' : ': chance explains the difference'}).`
  )
}

function rows(count: number): string {
  return `${count} validation ${count === 1 ? 'row' : 'rows'}`
}
