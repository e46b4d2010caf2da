/** The history as a table: columns, filter and order. Pure. */
import { evaluationOf, sharedProblem } from '../../../../shared/domain/comparison'
import { HEADLINES, metricLabel } from '../../../../shared/domain/metricNames'
import type { RunSummary } from '../../../../shared/domain/run'
import type { Column, Sort } from '../../components/table/column'
import { headline, headlines, type Headline } from '../../format/metric'

const COLUMNS: readonly Column[] = [
  { id: 'select', label: 'Select', width: '40px' },
  { id: 'state', label: 'State', width: '52px', isSortable: true },
  { id: 'name', label: 'Run', isSortable: true },
  { id: 'dataset', label: 'Data', width: '132px', isSortable: true, isOptional: true },
  { id: 'model', label: 'Model', width: '168px', isSortable: true, isOptional: true },
  { id: 'score', label: 'Judged by', width: '184px', isNumber: true, isSortable: true },
  { id: 'second', label: '', width: '76px', isNumber: true, isSortable: true, isOptional: true },
  { id: 'evalLoss', label: 'eval_loss', width: '76px', isNumber: true, isSortable: true },
  { id: 'loss', label: 'loss', width: '66px', isNumber: true, isSortable: true, isOptional: true },
  { id: 'steps', label: 'Steps', width: '72px', isNumber: true, isSortable: true },
  { id: 'rate', label: 'Rows/s', width: '64px', isNumber: true, isSortable: true, isOptional: true },
  { id: 'time', label: 'Time', width: '92px', isNumber: true, isSortable: true },
  { id: 'started', label: 'Started', width: '88px', isNumber: true, isSortable: true },
]

/** Runs of one problem have a column for each of its two figures; of several, one that says which figure it is. */
export function runColumns(runs: readonly RunSummary[]): Column[] {
  const problem = sharedProblem(runs)
  if (problem === null) return COLUMNS.filter(({ id }) => id !== 'second')
  const [judged, second] = HEADLINES[problem]
  return COLUMNS.map((column) => {
    if (column.id === 'score') return { ...column, label: metricLabel(judged, problem), width: '104px' }
    return column.id === 'second'
      ? { ...column, label: metricLabel(second, problem), width: '104px' }
      : column
  })
}

export function durationMs(run: RunSummary, nowMs: number): number | null {
  if (run.startedAtMs === null) return null
  return (run.endedAtMs ?? nowMs) - run.startedAtMs
}

/** The figure a run is judged by. */
export function judgedOf(run: RunSummary): Headline | null {
  return headline(evaluationOf(run), run.problem)
}

export function secondOf(run: RunSummary): Headline | null {
  return headlines(evaluationOf(run), run.problem)[1] ?? null
}

export function evalLossOf(run: RunSummary): number | null {
  return evaluationOf(run)?.loss ?? null
}

type Key = string | number | null

const KEYS: Record<string, (run: RunSummary) => Key> = {
  state: (run) => run.state,
  name: (run) => run.name.toLowerCase(),
  dataset: (run) => run.datasetName.toLowerCase(),
  model: (run) => run.modelName.toLowerCase(),
  score: (run) => judgedOf(run)?.value ?? null,
  second: (run) => secondOf(run)?.value ?? null,
  evalLoss: evalLossOf,
  loss: (run) => run.lastLoss,
  steps: (run) => run.step,
  rate: (run) => run.samplesPerSecond,
  time: (run) => durationMs(run, Date.now()),
  started: (run) => run.startedAtMs ?? run.createdAtMs,
}

/** Every word must occur in what the row says. */
export function filterRuns(runs: readonly RunSummary[], query: string): RunSummary[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...runs]
  return runs.filter((run) => {
    const text = [
      run.name,
      run.number,
      run.datasetName,
      run.modelName,
      run.state,
      run.problem,
      `seed ${run.seed}`,
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Missing values come last in either direction. */
export function sortRuns(runs: readonly RunSummary[], { column, descending }: Sort): RunSummary[] {
  const key = KEYS[column] ?? KEYS.started!
  const keyed = runs.map((run) => ({ run, key: key(run) }))
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
    const order = a.key < b.key ? -1 : a.key > b.key ? 1 : 0
    return descending ? -order : order
  })
  return keyed.map(({ run }) => run)
}
