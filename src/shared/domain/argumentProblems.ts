/** Training arguments that mean something for some problems only. */
import type { Problem } from './tasks'

const PROBLEMS_OF: Readonly<Record<string, readonly Problem[]>> = {
  label_delimiter: ['multi-label'],
  mlm_probability: ['masked-lm'],
  whole_word: ['masked-lm'],
  mixup_alpha: ['single-label', 'multi-label', 'regression'],
  label_smoothing_factor: ['single-label', 'token-classification', 'masked-lm'],
  class_weights: ['single-label', 'token-classification'],
}

/** The problems an argument is for; `null`: all. */
export function problemsOf(argument: string): readonly Problem[] | null {
  return PROBLEMS_OF[argument] ?? null
}

export function isFor(argument: string, problem: Problem): boolean {
  return problemsOf(argument)?.includes(problem) ?? true
}
