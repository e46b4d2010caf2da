/** Answers of two runs to the same rows, tested: the figures a run of the problem is judged by, and its loss. */
import type { Measured } from '../../../shared/domain/significance'
import type { Problem } from '../../../shared/domain/tasks'
import type { AnsweredRow } from '../../data/examples/openExamples'
import { measureCounted, measureMacroF1, measureMean, measureShare } from '../../metrics/significance/measure'
import { isEntityTag } from '../../metrics/tagging/entity'
import { seqevalStatistics } from '../../metrics/tagging/seqeval'
import { segmentStatistics, type SegmentStatistics } from '../../metrics/text/segments'

/** A row as both answered it. */
export type Pair = readonly [first: AnsweredRow, second: AnsweredRow]

/** Rows that ask the same, paired; of several equal ones the first with the first. */
export function pairRows(
  problem: Problem,
  first: Iterable<AnsweredRow>,
  second: Iterable<AnsweredRow>,
): Pair[] {
  const waiting = new Map<string, AnsweredRow[]>()
  for (const row of second) {
    const equal = waiting.get(row.content)
    if (equal) equal.push(row)
    else waiting.set(row.content, [row])
  }
  return [...first].flatMap((row): Pair[] => {
    const other = waiting.get(row.content)?.shift()
    if (!other) return []
    // Where max_length cuts tokens off, the two were not asked the same.
    const wasCut = problem === 'token-classification' && other.answers.length !== row.answers.length
    return wasCut ? [] : [[row, other]]
  })
}

const MEASURES: Readonly<Record<Problem, (pairs: readonly Pair[], labels: readonly string[]) => Measured[]>> =
  {
    'single-label': (pairs, labels) => [
      measureShare('accuracy', ...sides(pairs, ({ shareRight }) => shareRight === 1)),
      measureMacroF1('f1', classAnswers(pairs, labels)),
      loss('loss', pairs),
    ],
    'multi-label': (pairs, labels) => [
      counted('f1_micro', pairs, labelCounts, (sums) => f1(sums)),
      counted('f1_macro', pairs, countsByLabel(labels), (sums) => meanF1(sums, labels.length)),
      loss('loss', pairs),
    ],
    regression: (pairs) => [loss('mse', pairs)],
    'token-classification': (pairs, labels) => [
      ...(labels.some(isEntityTag) ? [entityF1(pairs)] : []),
      counted('accuracy', pairs, rightCounts, ([right, all]) => right! / all!),
      loss('loss', pairs),
    ],
    'masked-lm': (pairs) => [
      counted('accuracy', pairs, rightCounts, ([right, all]) => right! / all!),
      loss('loss', pairs),
    ],
  }

/** @param labels of both runs */
export function measurePairs(
  problem: Problem,
  pairs: readonly Pair[],
  labels: readonly string[],
): Measured[] {
  return pairs.length === 0 ? [] : MEASURES[problem](pairs, labels)
}

function sides<T>(pairs: readonly Pair[], of: (row: AnsweredRow) => T): [T[], T[]] {
  return [pairs.map(([row]) => of(row)), pairs.map(([, row]) => of(row))]
}

/** Rows whose loss is finite for both. */
function loss(metric: string, pairs: readonly Pair[]): Measured {
  const finite = pairs.filter(([first, second]) => first.loss !== null && second.loss !== null)
  return measureMean(metric, ...sides(finite, (row) => row.loss!))
}

function classAnswers(pairs: readonly Pair[], labels: readonly string[]) {
  const idOf = new Map(labels.map((label, id) => [label, id]))
  const id = (name: AnsweredRow['answers'][number]['label'] | undefined) => idOf.get(String(name))!
  const [first, second] = sides(pairs, (row) => id(row.answers[0]?.predicted))
  return { classes: labels.length, truth: pairs.map(([row]) => id(row.answers[0]?.label)), first, second }
}

function counted(
  metric: string,
  pairs: readonly Pair[],
  count: (row: AnsweredRow) => number[],
  score: (sums: Float64Array) => number,
): Measured {
  const [first, second] = sides(pairs, count)
  return measureCounted(metric, segmentStatistics(first), segmentStatistics(second), score)
}

function rightCounts({ answers }: AnsweredRow): number[] {
  return [answers.filter(({ label, predicted }) => label === predicted).length, answers.length]
}

/** Given, given rightly, wanted. */
function labelCounts({ answers }: AnsweredRow): number[] {
  return [
    answers.filter(({ predicted }) => predicted !== null).length,
    answers.filter(({ label, predicted }) => label === predicted).length,
    answers.filter(({ label }) => label !== null).length,
  ]
}

function countsByLabel(labels: readonly string[]) {
  return ({ answers }: AnsweredRow): number[] =>
    labels.flatMap((name) => {
      const given = answers.some(({ predicted }) => predicted === name) ? 1 : 0
      const wanted = answers.some(({ label }) => label === name) ? 1 : 0
      return [given, given * wanted, wanted]
    })
}

function f1(sums: ArrayLike<number>, at = 0): number {
  const both = sums[at]! + sums[at + 2]!
  return both === 0 ? 0 : (2 * sums[at + 1]!) / both
}

function meanF1(sums: Float64Array, labels: number): number {
  let sum = 0
  for (let label = 0; label < labels; label++) sum += f1(sums, 3 * label)
  return sum / labels
}

/** By sentences, of the entities of all types. */
function entityF1(pairs: readonly Pair[]): Measured {
  const statistics = (sentences: readonly AnsweredRow[]): SegmentStatistics => {
    const tags = (side: 'label' | 'predicted') =>
      sentences.map(({ answers }) => answers.map((answer) => String(answer[side])))
    const { rows, columns, values } = seqevalStatistics(tags('label'), tags('predicted')).statistics
    const sums = Array.from({ length: rows }, (_, row) => {
      const all = [0, 0, 0]
      for (let column = 2; column < columns; column++)
        all[(column - 2) % 3]! += values[row * columns + column]!
      return all
    })
    return segmentStatistics(sums)
  }
  const [first, second] = sides(pairs, (row) => row)
  return measureCounted('f1', statistics(first), statistics(second), (sums) => f1(sums))
}
