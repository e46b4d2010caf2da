/** Adam and AdamW with the arithmetic of torch.optim: they differ in where weight decay acts. */
import { like, type OptimizerDefinition, type OptimizerSettings, type ParameterBlock } from './optimizer'

const slots = () => [like('exp_avg'), like('exp_avg_sq')]

/** Bias-corrected moments; `decay` is decoupled. */
function update(
  block: ParameterBlock,
  settings: OptimizerSettings,
  at: { learningRate: number; step: number; gradientScale: number; decay: number },
): void {
  const { adam_beta1: beta1, adam_beta2: beta2, adam_epsilon: eps } = settings
  block.arena.kernels.adamw(
    block.parameters,
    block.gradients,
    block.slots[0]!,
    block.slots[1]!,
    block.length,
    at.learningRate,
    beta1,
    beta2,
    eps,
    1 - beta1 ** at.step,
    1 - beta2 ** at.step,
    at.decay,
    at.gradientScale,
  )
}

/** Loshchilov & Hutter 2019, "Decoupled weight decay regularization". */
export const adamW: OptimizerDefinition = {
  id: 'adamw_torch',
  label: 'AdamW',
  help: 'Adam with decoupled weight decay (Loshchilov & Hutter 2019).',
  slots,
  create: (settings) => ({
    step(blocks, at) {
      for (const block of blocks)
        update(block, settings, { ...at, decay: block.decays ? settings.weight_decay : 0 })
    },
  }),
}

/** PyTorch's fused AdamW computes the same; ours is fused anyway. */
export const adamWFused: OptimizerDefinition = {
  ...adamW,
  id: 'adamw_torch_fused',
  label: 'AdamW (fused)',
  help: 'The same as adamw_torch, which is one fused loop here.',
}

/** Kingma & Ba 2015, weight decay added to the gradient as torch.optim.Adam does. */
export const adam: OptimizerDefinition = {
  id: 'adam_torch',
  label: 'Adam, coupled L2',
  help: 'Adam (Kingma & Ba 2015) with weight decay inside the gradient, as torch.optim.Adam. No name in Transformers.',
  slots,
  create: (settings) => ({
    step(blocks, at) {
      for (const block of blocks) {
        const { arena, gradients, parameters, length, decays } = block
        const decay = decays ? settings.weight_decay : 0
        arena.kernels.coupleDecay(gradients, parameters, length, at.gradientScale, decay)
        update(block, settings, { ...at, gradientScale: 1, decay: 0 })
      }
    },
  }),
}
