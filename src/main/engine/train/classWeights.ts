/** Weights of classes in the loss: a map by label, or balanced as scikit-learn's compute_class_weight. */
import type { TrainingArguments } from '../../../shared/domain/trainingArguments'
import { UserError } from '../../../shared/errors'
import { nearestName } from '../../../shared/nearest'

/** Weight of each class id, or `undefined` where all weigh alike. Labels that a map leaves out weigh 1. */
export function classWeights(
  setting: TrainingArguments['class_weights'],
  labels: readonly string[],
  trainLabels: ArrayLike<number>,
): number[] | undefined {
  if (setting === null) return undefined
  if (setting === 'balanced') {
    const counts = labels.map(() => 0)
    for (let i = 0; i < trainLabels.length; i++) counts[trainLabels[i]!]!++
    return counts.map((count) => (count === 0 ? 1 : trainLabels.length / (labels.length * count)))
  }
  for (const label of Object.keys(setting)) {
    if (labels.includes(label)) continue
    const near = nearestName(label, labels)
    throw new UserError('bad-config', `There is no class ${label}.`, {
      where: { field: `class_weights.${label}` },
      hint: near === undefined ? `Classes: ${labels.slice(0, 20).join(', ')}.` : `Did you mean ${near}?`,
    })
  }
  return labels.map((label) => setting[label] ?? 1)
}
