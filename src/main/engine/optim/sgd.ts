/** Stochastic gradient descent with torch.optim.SGD's arithmetic: momentum, Nesterov, coupled weight decay. */
import { sgdArgs } from '../../../shared/optimArgs'
import { like, type OptimizerDefinition } from './optimizer'

export const sgd: OptimizerDefinition = {
  id: 'sgd',
  label: 'SGD',
  help: 'Gradient descent, with momentum where optim_args say momentum=0.9 (and nesterov=true; Sutskever et al. 2013).',
  slots: (settings) => (sgdArgs(settings).momentum > 0 ? [like('momentum_buffer')] : []),
  create(settings) {
    const { momentum, dampening, nesterov } = sgdArgs(settings)
    return {
      step(blocks, { learningRate, step, gradientScale }) {
        // The first gradient fills the buffer whole, whatever the dampening.
        const take = step === 1 ? 1 : 1 - dampening
        for (const { arena, parameters, gradients, slots, length, decays } of blocks) {
          const { kernels } = arena
          const [buffer] = slots
          kernels.coupleDecay(
            gradients,
            parameters,
            length,
            gradientScale,
            decays ? settings.weight_decay : 0,
          )
          if (buffer === undefined) kernels.addScaled(parameters, gradients, length, -learningRate)
          else kernels.momentum(parameters, gradients, buffer, length, learningRate, momentum, take, nesterov)
        }
      },
    }
  },
}
