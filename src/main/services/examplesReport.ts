/** What all answers of an evaluation say together: figures by class, confusions, calibration. */
import type { ClassFigures, ExamplesReport } from '../../shared/domain/examples'
import type { ExamplesFile } from '../data/examples/openExamples'
import { binsOfAnswers, expectedCalibrationError } from '../metrics/calibration'
import { perClassScores, scores, type ConfusionMatrix } from '../metrics/confusion'
import { isEntityTag } from '../metrics/tagging/entity'
import { seqevalStatistics } from '../metrics/tagging/seqeval'
import { columnSums } from '../metrics/text/segments'

/** As many as the metric `ece` takes. */
const BINS = 15

export function reportOf(file: ExamplesFile): ExamplesReport {
  const { problem, labels } = file.meta
  const hasClasses = problem === 'single-label' || problem === 'token-classification'
  const matrix = hasClasses ? matrixOf(file, labels) : null
  const columns = file.columnNames()
  return {
    totals: file.totals({}),
    classes: classesOf(file, matrix),
    confusion: matrix && { labels, counts: matrix.map((row) => Array.from(row)) },
    calibration: hasClasses || problem === 'masked-lm' ? calibrationOf(file) : null,
    columns: columns && [...columns],
  }
}

function matrixOf(file: ExamplesFile, labels: readonly string[]): ConfusionMatrix {
  const idOf = new Map(labels.map((label, id) => [label, id]))
  const matrix = labels.map(() => new Float64Array(labels.length))
  for (const { label, predicted, count } of file.confusions())
    matrix[idOf.get(label!)!]![idOf.get(predicted!)!] = count
  return matrix
}

function classesOf(file: ExamplesFile, matrix: ConfusionMatrix | null): ClassFigures[] {
  const { problem, labels } = file.meta
  if (problem === 'multi-label') return labelFigures(file)
  if (matrix === null) return []
  if (labels.some(isEntityTag)) return entityFigures(file)
  return perClassScores(matrix).map((figures, c) => ({
    label: labels[c]!,
    ...figures,
    predicted: matrix.reduce((sum, row) => sum + row[c]!, 0),
  }))
}

/** Each label by itself: given or not, wanted or not. */
function labelFigures(file: ExamplesFile): ClassFigures[] {
  const confusions = file.confusions()
  const total = (is: (one: (typeof confusions)[number]) => boolean) =>
    confusions.filter(is).reduce((sum, { count }) => sum + count, 0)
  return file.meta.labels.map((label) => {
    const right = total((one) => one.label === label && one.predicted === label)
    const predicted = total((one) => one.predicted === label)
    const support = total((one) => one.label === label)
    return { label, ...scores(right, predicted, support), support, predicted }
  })
}

/** Of entities, as the evaluation's F1 counts them. */
function entityFigures(file: ExamplesFile): ClassFigures[] {
  const sentences = file.sentences()
  const { types, statistics } = seqevalStatistics(
    sentences.map(({ labels }) => labels),
    sentences.map(({ predicted }) => predicted),
  )
  const [, , ...counts] = columnSums(statistics)
  return types.map((label, i) => {
    const [predicted, matched, support] = counts.slice(3 * i, 3 * i + 3) as [number, number, number]
    return { label, ...scores(matched, predicted, support), support, predicted }
  })
}

function calibrationOf(file: ExamplesFile): ExamplesReport['calibration'] {
  const bins = binsOfAnswers(file.certainties(), BINS)
  return bins.length === 0 ? null : { ece: expectedCalibrationError(bins), bins }
}
