/** Every objective, by the problem it solves. */
import type { Problem } from '../../../shared/domain/tasks'
import { maskedLm, singleLabel, tokenClassification } from './crossEntropy'
import { multiLabel } from './multiLabel'
import type { Objective } from './objective'
import { regression } from './regression'

export const OBJECTIVES: Readonly<Record<Problem, Objective>> = {
  'single-label': singleLabel,
  'multi-label': multiLabel,
  regression,
  'token-classification': tokenClassification,
  'masked-lm': maskedLm,
}
