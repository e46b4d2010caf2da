/** The tasks a run can learn, and the columns each reads. */
import type { ColumnProfile, ColumnRole } from './dataset'

export const TASKS = ['sequence-classification', 'token-classification', 'masked-lm'] as const
export type Task = (typeof TASKS)[number]

/** What the labels of a sequence classification are, under Transformers' names. */
export const PROBLEM_TYPES = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
] as const
export type ProblemType = (typeof PROBLEM_TYPES)[number]

/** A task and, where it leaves that open, what its labels are: what decides loss, metrics and answers. */
export const PROBLEMS = [
  'single-label',
  'multi-label',
  'regression',
  'token-classification',
  'masked-lm',
] as const
export type Problem = (typeof PROBLEMS)[number]

export interface TaskChoice {
  task: Task
  /** `null`: one label a row, unless the label column holds lists. */
  problem_type: ProblemType | null
}

const OF_TYPE: Record<ProblemType, Problem> = {
  single_label_classification: 'single-label',
  multi_label_classification: 'multi-label',
  regression: 'regression',
}

export function problemOf({ task, problem_type }: TaskChoice): Problem {
  return task === 'sequence-classification' ? OF_TYPE[problem_type ?? 'single_label_classification'] : task
}

const BY_CLASS_NAME: readonly (readonly [RegExp, Problem])[] = [
  [/ForTokenClassification$/, 'token-classification'],
  [/ForMaskedLM$/, 'masked-lm'],
]

/** What a saved model answers, by the class and the problem type that its config.json names. */
export function problemOfModel(config: Readonly<Record<string, unknown>>): Problem {
  const { architectures, problem_type } = config
  const [className] = Array.isArray(architectures) ? (architectures as unknown[]) : []
  const found = BY_CLASS_NAME.find(([suffix]) => suffix.test(String(className)))
  if (found) return found[1]
  return PROBLEM_TYPES.find((type) => type === problem_type)
    ? OF_TYPE[problem_type as ProblemType]
    : 'single-label'
}

/** Columns a task reads; the first are needed, a second text is not. */
export const ROLES_OF: Record<Task, readonly ColumnRole[]> = {
  'sequence-classification': ['text', 'label', 'text_pair'],
  'token-classification': ['tokens', 'tags'],
  'masked-lm': ['text'],
}

export function isNeeded(role: ColumnRole): boolean {
  return role !== 'text_pair'
}

/** What labels of a column are, as far as its values tell. */
export function problemTypeOf(label: Pick<ColumnProfile, 'type'> | undefined): ProblemType {
  if (label?.type === 'list') return 'multi_label_classification'
  return label?.type === 'number' ? 'regression' : 'single_label_classification'
}

/** The task that columns with these suggested roles are made for. */
export function guessTask(columns: readonly ColumnProfile[]): TaskChoice {
  const has = (role: ColumnRole) => columns.find((column) => column.suggestedRole === role)
  if (has('tokens') && has('tags')) return { task: 'token-classification', problem_type: null }
  const label = has('label')
  if (!label && has('text')) return { task: 'masked-lm', problem_type: null }
  return { task: 'sequence-classification', problem_type: problemTypeOf(label) }
}
