/**
 * Calibration: whether a model that says 0.8 is right in 8 of 10 rows. Expected calibration error of the top label
 * (Guo et al. 2017, "On calibration of modern neural networks"), in the bins of scikit-learn's calibration_curve.
 */
import { z } from 'zod'
import { defineMetric } from './metric'
import { scoredInput } from './scored'

/** One bin (from, to] of the reliability plot; empty ones are left out. */
export interface ReliabilityBin {
  from: number
  to: number
  rows: number
  /** Mean probability of the predicted label. */
  confidence: number
  /** Share of rows whose predicted label is right. */
  accuracy: number
}

/** @param scores [rows][classes] probabilities */
export function reliabilityBins(
  references: ArrayLike<number>,
  scores: readonly ArrayLike<number>[],
  binCount: number,
): ReliabilityBin[] {
  const answers = scores.map((row, i): SureAnswer => {
    let best = 0
    for (let c = 1; c < row.length; c++) if (row[c]! > row[best]!) best = c
    return { confidence: row[best]!, isRight: references[i] === best }
  })
  return binsOfAnswers(answers, binCount)
}

/** A predicted label: its probability, and whether it is right. */
export interface SureAnswer {
  confidence: number
  isRight: boolean
}

export function binsOfAnswers(answers: readonly SureAnswer[], binCount: number): ReliabilityBin[] {
  const sums = Array.from({ length: binCount }, () => ({ rows: 0, confidence: 0, right: 0 }))
  for (const { confidence, isRight } of answers) {
    const sum = sums[binOf(confidence, binCount)]!
    sum.rows++
    sum.confidence += confidence
    if (isRight) sum.right++
  }
  return sums.flatMap(({ rows, confidence, right }, k) =>
    rows === 0
      ? []
      : [
          {
            from: k / binCount,
            to: (k + 1) / binCount,
            rows,
            confidence: confidence / rows,
            accuracy: right / rows,
          },
        ],
  )
}

/** Edges belong to the bin below. */
function binOf(confidence: number, binCount: number): number {
  let bin = 0
  while (bin < binCount - 1 && confidence > (bin + 1) / binCount) bin++
  return bin
}

/** Mean distance of accuracy and confidence, by the rows of the bins. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((n, { rows }) => n + rows, 0)
  return bins.reduce(
    (sum, { rows, accuracy, confidence }) => sum + (rows / total) * Math.abs(accuracy - confidence),
    0,
  )
}

export const calibrationError = defineMetric({
  id: 'ece',
  label: 'Calibration error',
  help: 'How far the probabilities are from how often they come true: 0 where 0.8 is right 8 times in 10.',
  direction: 'minimize',
  input: 'scores',
  params: z.strictObject({ bins: z.int().min(1).max(1000).default(15) }),
  compute(input, { bins: binCount }) {
    const { references, scores } = scoredInput(input)
    const bins = reliabilityBins(references, scores, binCount)
    const value = expectedCalibrationError(bins)
    const values = bins.flatMap(({ from, to, rows, confidence, accuracy }) => {
      const name = `(${from.toFixed(3)},${to.toFixed(3)}]`
      return [
        [`rows${name}`, rows],
        [`confidence${name}`, confidence],
        [`accuracy${name}`, accuracy],
      ] as const
    })
    return {
      value,
      values: { ece: value, ...Object.fromEntries(values) },
      signature: `ece|bins:${binCount}|label:top|norm:l1`,
      n: scores.length,
    }
  },
})
