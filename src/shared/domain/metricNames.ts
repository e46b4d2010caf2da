/** The figures an evaluation tells: how they are called, which way is better, and by which a run is judged. */
import type { Problem } from './tasks'

/** A score lies in −1..1 and more is better; an error or a perplexity has no upper end and less is better. */
export type MetricKind = 'score' | 'error'

const ERRORS: readonly string[] = ['mse', 'rmse', 'mae']

const LABELS: Readonly<Record<string, string>> = {
  mse: 'MSE',
  mae: 'MAE',
  r2: 'R²',
  spearman: 'Spearman’s ρ',
  pseudo_perplexity: 'pseudo-perplexity',
  subset_accuracy: 'subset accuracy',
}

/** Names that mean other things for some problems. */
const OWN_LABELS: Readonly<Partial<Record<Problem, Readonly<Record<string, string>>>>> = {
  'single-label': { f1: 'f1, macro' },
  'token-classification': {
    f1: 'entity F1',
    precision: 'entity precision',
    recall: 'entity recall',
    accuracy: 'token accuracy',
  },
  'masked-lm': { accuracy: 'masked accuracy' },
}

export function metricKind(name: string): MetricKind {
  return ERRORS.includes(name) || /(loss|perplexity)$/.test(name) ? 'error' : 'score'
}

/** Direction of a metric; Transformers knows only that of losses. */
export function isGreaterBetter(name: string): boolean {
  return metricKind(name) === 'score'
}

/** As people call it: f1_macro is "f1, macro", the f1 of tags "entity F1". */
export function metricLabel(name: string, problem: Problem | null = null): string {
  const known = (problem && OWN_LABELS[problem]?.[name]) ?? LABELS[name]
  if (known !== undefined) return known
  const match = /^(.+)_(macro|micro|weighted)$/.exec(name)
  return match ? `${match[1]!}, ${match[2]!}` : name
}

/** The figure a run of each task is judged by, and the second that is shown beside it. */
export const HEADLINES: Readonly<Record<Problem, readonly [string, string]>> = {
  'single-label': ['accuracy', 'f1'],
  'multi-label': ['f1_micro', 'f1_macro'],
  regression: ['mse', 'r2'],
  'token-classification': ['f1', 'accuracy'],
  'masked-lm': ['pseudo_perplexity', 'accuracy'],
}
