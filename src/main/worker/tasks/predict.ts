/** The `predict` and `evaluate` tasks: a model folder's answers to rows, and how good they are. */
import type { AskedRow, EvalMetrics, Reference } from '../../../shared/domain/run'
import { UserError } from '../../../shared/errors'
import { DEFAULT_ARGUMENTS } from '../../../shared/domain/runConfig'
import { EvaluationLoss } from '../../engine/train/evaluate'
import type { Known, Problem } from '../problems/problem'
import type { EvaluateTask, PredictTask, RowToAsk, TaskResults } from '../protocol'
import type { SplitRows } from '../run/dataset'
import type { TaskContext } from '../serve'
import { encodeFor, loadedModel, logitsOf, type LoadedModel } from './loadedModel'

export async function predictTask(task: PredictTask, context: TaskContext): Promise<TaskResults['predict']> {
  requireRows(task)
  const model = await loadedModel(task)
  const { problem } = model
  const known = knownOf(model, DEFAULT_ARGUMENTS)
  const rows = rowsFor(problem, task.rows)
  const encoded = await encodeFor(model, rows, problem.needsWords(DEFAULT_ARGUMENTS), context.signal)
  const asked = problem.ask(encoded, known)
  const logits = await logitsOf(model, asked, context)
  return { predictions: problem.describe(rows.map(askedRow), encoded, asked, logits, known) }
}

/** @throws UserError `bad-input` naming the row whose label is missing or unknown to the model */
export async function evaluateTask(
  task: EvaluateTask,
  context: TaskContext,
): Promise<TaskResults['evaluate']> {
  requireRows(task)
  const { settings } = task
  const model = await loadedModel(task)
  const { problem, opened, predictor } = model
  const known = knownOf(model, settings)
  const asked = rowsFor(problem, task.rows)
  const encoded = await encodeFor(model, asked, problem.needsWords(settings), context.signal)
  const { rows } = problem.label(
    encoded,
    splitOf(asked, task, model),
    { label: 'label', tags: 'tags' },
    known,
  )
  const loss = new EvaluationLoss(opened.objective, rows, { batchSize: task.batchSize, labelSmoothing: 0 })
  const scorer = problem.newScorer(rows, known)
  await predictor.run(
    rows,
    (answer, logits) => {
      loss.add(answer, logits)
      scorer.add(answer, logits)
    },
    (done) => {
      context.signal.throwIfAborted()
      context.progress(done, task.rows.length, 'rows')
    },
  )
  const metrics: EvalMetrics = { loss: loss.value(), ...scorer.metrics(loss.value()) }
  return { metrics }
}

/** Rows with their tokens, where tokens are tagged. @throws UserError `bad-input` naming a row that has none */
function rowsFor(problem: Problem, rows: readonly RowToAsk[]): RowToAsk[] {
  if (problem.referenceRole !== 'tags') return [...rows]
  return rows.map((row, i) => {
    const tokens = row.tokens ?? row.text.split(/\s+/).filter((token) => token !== '')
    if (tokens.length > 0) return { ...row, tokens }
    throw new UserError('bad-input', 'The row has no token.', { where: { row: i + 1 } })
  })
}

/** The rows as a split, their true answers read. */
function splitOf(rows: readonly RowToAsk[], { settings }: EvaluateTask, { problem }: LoadedModel): SplitRows {
  const { referenceRole } = problem
  const references = rows.map((row, i): Reference => {
    if (referenceRole === null) return ''
    const place = { file: '', row: i + 1, field: referenceRole }
    const reference = problem.readReference(row.label ?? null, place, settings)
    if (reference !== null) return reference
    throw new UserError('bad-input', `The row has no ${referenceRole}.`, { where: { row: i + 1 } })
  })
  return {
    split: 'test',
    file: '',
    texts: rows.map((row) => row.text),
    pairs: null,
    tokens: rows.some((row) => row.tokens) ? rows.map((row) => row.tokens ?? []) : null,
    references,
    sourceRows: rows.map((_, i) => i + 1),
    ordinals: rows.map((_, i) => i),
  }
}

function knownOf({ opened, tokenizer }: LoadedModel, settings: Known['settings']): Known {
  return { labels: opened.labels, tokenizer, settings }
}

function askedRow({ text, text_pair, tokens }: RowToAsk): AskedRow {
  return { text, ...(text_pair !== undefined && { text_pair }), ...(tokens && { tokens }) }
}

function requireRows({ rows }: Pick<PredictTask, 'rows'>): void {
  if (rows.length === 0) throw new UserError('bad-input', 'There are no rows to predict.')
}
