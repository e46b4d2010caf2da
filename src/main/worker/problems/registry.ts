/** Every problem the worker can carry out. To add one: a file here, its objective in the engine, a line in both registries. */
import type { Problem as ProblemId } from '../../../shared/domain/tasks'
import { maskedLm } from './maskedLm'
import { multiLabel } from './multiLabel'
import type { Problem } from './problem'
import { regression } from './regression'
import { singleLabel } from './singleLabel'
import { tokenClassification } from './tokenClassification'

export const PROBLEMS: Readonly<Record<ProblemId, Problem>> = {
  'single-label': singleLabel,
  'multi-label': multiLabel,
  regression,
  'token-classification': tokenClassification,
  'masked-lm': maskedLm,
}
