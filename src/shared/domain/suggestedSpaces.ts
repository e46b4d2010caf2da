/**
 * Ranges worth searching for a task and a starting point. Pretrained encoders: Devlin et al. 2019, appendix A.3, widened;
 * random weights: what the sample's own trainings showed (test/fixtures/tuner).
 */
import type { z } from 'zod'
import type { SPACE } from './study'

export type RawSpace = z.input<typeof SPACE>

/** Learning rates around what is recommended: a small encoder takes larger steps than a large one, pretrained too. */
const PRETRAINED_RATES = {
  starter: { type: 'float', low: 1e-4, high: 2e-3, log: true },
  pretrained: { type: 'float', low: 5e-6, high: 2e-4, log: true },
} as const

export function suggestedSpace(weights: 'random' | keyof typeof PRETRAINED_RATES): RawSpace {
  return weights !== 'random'
    ? {
        learning_rate: PRETRAINED_RATES[weights],
        per_device_train_batch_size: { type: 'categorical', choices: [8, 16, 32] },
        warmup_steps: { type: 'float', low: 0, high: 0.2, step: 0.02 },
        weight_decay: { type: 'float', low: 0, high: 0.1 },
      }
    : {
        learning_rate: { type: 'float', low: 3e-4, high: 3e-2, log: true },
        per_device_train_batch_size: { type: 'categorical', choices: [8, 16, 32, 64] },
        'config_overrides.hidden_dropout_prob': { type: 'float', low: 0, high: 0.4 },
        warmup_steps: { type: 'float', low: 0, high: 0.3, step: 0.05 },
        label_smoothing_factor: { type: 'float', low: 0, high: 0.2 },
      }
}
