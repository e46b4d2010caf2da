/** Lion (Chen et al. 2023, "Symbolic discovery of optimization algorithms"), as Transformers' lion_32bit. */
import { like, type OptimizerDefinition } from './optimizer'

export const lion: OptimizerDefinition = {
  id: 'lion_32bit',
  label: 'Lion',
  help: 'Steps of one size by the sign of a momentum (Chen et al. 2023): take a learning rate 3 to 10 times smaller.',
  slots: () => [like('exp_avg')],
  create: ({ adam_beta1: beta1, adam_beta2: beta2, weight_decay: weightDecay }) => ({
    step(blocks, { learningRate, gradientScale }) {
      for (const { arena, parameters, gradients, slots, length, decays } of blocks)
        arena.kernels.lion(
          parameters,
          gradients,
          slots[0]!,
          length,
          learningRate,
          beta1,
          beta2,
          decays ? weightDecay : 0,
          gradientScale,
        )
    },
  }),
}
