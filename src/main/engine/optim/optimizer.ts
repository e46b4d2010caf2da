/** What an optimizer is: it updates contiguous blocks of parameters in place, gradients and state beside them. */
import type { Arena, Pointer } from '../kernels/memory'

/** One parameter of a block. */
export interface BlockMember {
  shape: readonly number[]
  parameters: Pointer
  gradients: Pointer
  /** `null` for a slot that this parameter has no use for. */
  slots: readonly (Pointer | null)[]
}

/** Neighbouring parameters of one arena that are treated alike. */
export interface ParameterBlock {
  arena: Arena
  /** float32 elements. */
  length: number
  parameters: Pointer
  gradients: Pointer
  /** One pointer for each of the optimizer's slots, which are as long as the block where they have its shapes. */
  slots: readonly Pointer[]
  members: readonly BlockMember[]
  /** Whether weight decay applies. */
  decays: boolean
  /** Its part of the learning rate. */
  rateFactor: number
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
  /** As Transformers: `momentum=0.9,nesterov=true`. */
  optim_args: string | null
}

/** A state tensor for each parameter; it starts at zero. */
export interface Slot {
  /** As in the state_dict of the reference. */
  name: string
  /** Its shape for a parameter's; `null` where that parameter has none. */
  shapeFor(parameter: readonly number[]): readonly number[] | null
}

export interface OptimizerDefinition {
  /** Value of `optim`. */
  id: string
  label: string
  help: string
  /** @throws UserError `bad-config` for settings it does not know. */
  slots(settings: OptimizerSettings): readonly Slot[]
  create(settings: OptimizerSettings): Optimizer
}

/** A slot of the parameter's own shape. */
export function like(name: string): Slot {
  return { name, shapeFor: (parameter) => parameter }
}
