/** A study over the stub worker: a trial takes a tenth of a second and is as good as its learning rate is near 1e-3. */
import { runNamed } from './configs'

export function tinyStudy(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    run: runNamed('trial'),
    space: { learning_rate: { type: 'float', low: 1e-5, high: 1e-1, log: true } },
    sampler: { type: 'random' },
    pruner: { type: 'nop' },
    n_trials: 6,
    ...more,
  }
}
