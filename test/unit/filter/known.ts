/** Names that the runs of these tests have. */
import type { KnownNames } from '../../../src/shared/filter/fields'

export const known: KnownNames = {
  params: {
    learning_rate: ['0.001', '0.0001'],
    optim: ['adamw_torch', 'lion'],
    load_best_model_at_end: ['true'],
    'class_weights.good news': ['2'],
  },
  metrics: ['loss', 'eval_loss', 'eval_accuracy'],
  tags: ['baseline', 'keep it'],
  datasets: ['letters', 'semantic fields'],
  models: ['bert'],
}

/** Noon, local time. */
export const nowMs = new Date(2026, 10, 21, 12).getTime()
export const context = { known, nowMs }
