/** What an optimizer is: it updates contiguous blocks of parameters in place, gradients and state beside them. */
import type { Arena, Pointer } from '../kernels/memory'

/** Neighbouring parameters of one arena that are treated alike. */
export interface ParameterBlock {
  arena: Arena
  /** float32 elements. */
  length: number
  parameters: Pointer
  gradients: Pointer
  /** One pointer for each of the optimizer's slots. */
  slots: readonly Pointer[]
  /** Whether weight decay applies. */
  decays: boolean
}

export interface OptimizerStep {
  learningRate: number
  /** Number of this step, from 1: what bias correction divides by. */
  step: number
  /** Factor on the gradients: clipping, folded into the update. */
  gradientScale: number
}

export interface Optimizer {
  step(blocks: readonly ParameterBlock[], at: OptimizerStep): void
}

export interface OptimizerSettings {
  adam_beta1: number
  adam_beta2: number
  adam_epsilon: number
  weight_decay: number
}

export interface OptimizerDefinition {
  id: string
  label: string
  help: string
  /** State tensors per parameter, named as in torch's state_dict; all start at zero. */
  slots: readonly string[]
  create(settings: OptimizerSettings): Optimizer
}
