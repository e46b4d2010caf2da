/** AdamW (Loshchilov & Hutter 2019, "Decoupled weight decay regularization") with torch.optim.AdamW's arithmetic. */
import type { OptimizerDefinition } from './optimizer'

export const adamW: OptimizerDefinition = {
  id: 'adamw_torch',
  label: 'AdamW',
  help: 'Adam with decoupled weight decay.',
  slots: ['exp_avg', 'exp_avg_sq'],
  create: ({ adam_beta1: beta1, adam_beta2: beta2, adam_epsilon: eps, weight_decay: weightDecay }) => ({
    step(blocks, { learningRate, step, gradientScale }) {
      const c1 = 1 - beta1 ** step
      const c2 = 1 - beta2 ** step
      for (const { arena, length, parameters, gradients, slots, decays } of blocks)
        arena.kernels.adamw(
          parameters,
          gradients,
          slots[0]!,
          slots[1]!,
          length,
          learningRate,
          beta1,
          beta2,
          eps,
          c1,
          c2,
          decays ? weightDecay : 0,
          gradientScale,
        )
    },
  }),
}
