/** The tasks as the form offers them: one entry for each kind of answer. */
import type { Problem, TaskChoice } from '../../../shared/domain/tasks'

export interface TaskEntry {
  problem: Problem
  label: string
  help: string
  choice: TaskChoice
}

export const TASK_CHOICES: readonly TaskEntry[] = [
  {
    problem: 'single-label',
    label: 'classify texts, one label each',
    help: 'A class for each text, or pair of texts.',
    choice: { task: 'sequence-classification', problem_type: 'single_label_classification' },
  },
  {
    problem: 'multi-label',
    label: 'classify texts, several labels each',
    help: 'Any number of labels for each text: a column of lists, or of texts with a delimiter.',
    choice: { task: 'sequence-classification', problem_type: 'multi_label_classification' },
  },
  {
    problem: 'regression',
    label: 'predict a number',
    help: 'A number for each text, or pair of texts.',
    choice: { task: 'sequence-classification', problem_type: 'regression' },
  },
  {
    problem: 'token-classification',
    label: 'tag tokens',
    help: 'A tag for each token: names, parts of speech. Two columns of lists, or a CoNLL file.',
    choice: { task: 'token-classification', problem_type: null },
  },
  {
    problem: 'masked-lm',
    label: 'fill in masked words',
    help: 'Masked language modelling: pretrains an encoder on plain text.',
    choice: { task: 'masked-lm', problem_type: null },
  },
]

export function taskChoiceOf(problem: string): TaskEntry {
  return TASK_CHOICES.find((choice) => choice.problem === problem) ?? TASK_CHOICES[0]!
}
