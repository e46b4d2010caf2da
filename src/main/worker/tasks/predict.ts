/** The `predict` and `evaluate` tasks: a model folder's answers to rows, and how good they are. */
import type { EvalMetrics } from '../../../shared/domain/run'
import { UserError } from '../../../shared/errors'
import { evaluationLoss } from '../../engine/train/evaluate'
import type { EvaluateTask, PredictTask, TaskResults } from '../protocol'
import { labelIds } from '../run/labels'
import { classificationMetrics, toPredictions } from '../run/metrics'
import type { TaskContext } from '../serve'
import { classifierOf, logitsOf } from './classifier'

export async function predictTask(task: PredictTask, context: TaskContext): Promise<TaskResults['predict']> {
  requireRows(task)
  const classifier = await classifierOf(task)
  const logits = await logitsOf(classifier, task.rows, context)
  return { predictions: toPredictions(inputs(task), logits, classifier.opened.labels) }
}

/** @throws UserError `bad-input` naming the row whose label is missing or unknown to the model */
export async function evaluateTask(
  task: EvaluateTask,
  context: TaskContext,
): Promise<TaskResults['evaluate']> {
  requireRows(task)
  const classifier = await classifierOf(task)
  const { labels } = classifier.opened
  const references = labelIds(
    {
      split: 'test',
      file: '',
      labels: task.rows.map((row) => row.label ?? ''),
      sourceRows: task.rows.map((_, i) => i + 1),
    },
    labels,
    'label',
  )
  const logits = await logitsOf(classifier, task.rows, context)
  const metrics: EvalMetrics = {
    loss: evaluationLoss(logits, references, { batchSize: task.batchSize, labelSmoothing: 0 }),
    ...classificationMetrics(logits, references, labels.length),
  }
  return { predictions: toPredictions(inputs(task), logits, labels), metrics }
}

function inputs({ rows }: Pick<PredictTask, 'rows'>) {
  return rows.map(({ label, ...row }) => ({ ...row, ...(label !== undefined && { reference: label }) }))
}

function requireRows({ rows }: Pick<PredictTask, 'rows'>): void {
  if (rows.length === 0) throw new UserError('bad-input', 'There are no rows to predict.')
}
