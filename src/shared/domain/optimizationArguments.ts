/** Arguments of optimization and regularization. */
import { z } from 'zod'
import { arg, type Argument, count, rate, share } from './argument'

/** Values of optim; all but adam_torch are Transformers' names. */
export const OPTIMIZERS = [
  'adamw_torch',
  'adamw_torch_fused',
  'adam_torch',
  'sgd',
  'adafactor',
  'lion_32bit',
] as const

/** Why a name of Transformers' is not among them, and what is. */
function refusal(optim: unknown): string {
  const why = /[48]bit/.test(String(optim))
    ? 'States of 4 or 8 bits are not built'
    : /galore|apollo/.test(String(optim))
      ? 'GaLore and APOLLO are not built'
      : 'There is no such optimizer here'
  return `${why}; choose ${OPTIMIZERS.slice(0, -1).join(', ')} or ${OPTIMIZERS.at(-1)!}`
}

export const OPTIMIZATION_ARGUMENTS = {
  num_train_epochs: arg(z.number().positive(), 3, 'Optimization', 'How often the training rows are seen.'),
  max_steps: arg(
    z.int().min(-1),
    -1,
    'Optimization',
    'Stop after this many optimizer steps; -1 leaves it to the epochs.',
    true,
  ),
  per_device_train_batch_size: arg(count, 8, 'Optimization', 'Rows that share a forward and backward pass.'),
  gradient_accumulation_steps: arg(
    count,
    1,
    'Optimization',
    'Batches whose gradients are summed before one optimizer step.',
  ),
  learning_rate: arg(z.number().positive(), 5e-5, 'Optimization', 'Peak step size of the optimizer.'),
  max_grad_norm: arg(
    rate,
    1,
    'Optimization',
    'Gradients are scaled down to this global norm; 0 turns clipping off.',
  ),
  max_grad_value: arg(
    rate,
    0,
    'Optimization',
    'Each gradient is cut to plus or minus this, before the norm (torch clip_grad_value_); 0 turns it off.',
    true,
  ),
  optim: arg(
    z.enum(OPTIMIZERS, { error: ({ input }) => refusal(input) }),
    'adamw_torch',
    'Optimization',
    'How gradients become steps: AdamW, Adam with coupled L2, SGD, Adafactor or Lion.',
    true,
  ),
  optim_args: arg(
    z.union([z.null(), z.string()]),
    null,
    'Optimization',
    'More for the optimizer, as momentum=0.9,nesterov=true for sgd.',
    true,
  ),
  adam_beta1: arg(share, 0.9, 'Optimization', 'Decay of the first moment.', true),
  adam_beta2: arg(share, 0.999, 'Optimization', 'Decay of the second moment.', true),
  adam_epsilon: arg(z.number().positive(), 1e-8, 'Optimization', "Added to AdamW's denominator.", true),
} satisfies Record<string, Argument>

export const REGULARIZATION_ARGUMENTS = {
  weight_decay: arg(rate, 0, 'Regularization', 'Decoupled decay of weights; biases and norms are left out.'),
  neftune_noise_alpha: arg(
    z.union([z.null(), z.number().positive()]),
    null,
    'Regularization',
    'Uniform noise on word embeddings, this over the root of tokens times width (NEFTune, Jain et al. 2023); 5 to 15.',
  ),
  mixup_alpha: arg(
    z.union([z.null(), z.number().positive()]),
    null,
    'Regularization',
    'Mixes the vectors of two rows before the head, and their losses alike, by a share drawn from Beta(alpha, alpha) (Guo et al. 2019); 0.2 to 1.',
  ),
  label_smoothing_factor: arg(
    z.number().min(0).lt(1),
    0,
    'Regularization',
    'Share of the target probability spread over all classes.',
  ),
  class_weights: arg(
    z.union([z.null(), z.literal('balanced'), z.record(z.string(), z.number().positive())]),
    null,
    'Regularization',
    'Weight of each class in the loss; balanced weighs rare classes up.',
  ),
} satisfies Record<string, Argument>
