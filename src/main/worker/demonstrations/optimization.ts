/** Figures about optimization: each calls what training calls, on a handful of numbers. */
import type { DemonstrationResults } from '../../../shared/domain/demonstration'
import { DEFAULT_ARGUMENTS, type RunConfig } from '../../../shared/domain/runConfig'
import { Arena } from '../../engine/kernels/memory'
import { adam, adamW } from '../../engine/optim/adam'
import { clipFactor, globalNorm } from '../../engine/optim/clip'
import type { OptimizerDefinition, ParameterBlock } from '../../engine/optim/optimizer'
import { PURPOSE, RandomStream, randomKey } from '../../engine/random/stream'
import { Selection } from '../../engine/train/flow'

const ARENA_BYTES = 65_536
const FLOAT_BYTES = 4

/** A block of weights in memory of its own, all zero. */
async function newBlock(length: number): Promise<ParameterBlock> {
  const arena = await Arena.reserve(ARENA_BYTES)
  const vector = () => arena.allocate(length * FLOAT_BYTES)
  const [parameters, gradients, slots] = [vector(), vector(), [vector(), vector()]]
  const members = [{ shape: [length], parameters, gradients, slots }]
  return { arena, length, parameters, gradients, slots, members, decays: true, rateFactor: 1 }
}

export async function clipping(
  gradients: readonly number[],
  maxNorm: number,
): Promise<DemonstrationResults['clipping']> {
  const block = await newBlock(gradients.length)
  const view = block.arena.float32(block.gradients, gradients.length)
  view.set(gradients)
  const norm = globalNorm([block])
  const factor = clipFactor(norm, maxNorm)
  block.arena.kernels.scale(block.gradients, gradients.length, factor)
  return { norm, factor, clipped: [...view] }
}

const DROPOUT_CELLS = 96
const SEED = 42

/** The mask of one row at that step of a run, as training draws it. */
export async function dropout(probability: number, step: number): Promise<DemonstrationResults['dropout']> {
  const arena = await Arena.reserve(ARENA_BYTES)
  const [mask, ordinals] = [arena.allocate(DROPOUT_CELLS + 16), arena.allocate(FLOAT_BYTES)]
  const stepKey = randomKey(SEED, PURPOSE.dropout, step)
  const threshold = Math.round(probability * 65_536)
  arena.kernels.dropoutMask(mask, ordinals, 1, 1, 1, DROPOUT_CELLS, stepKey, 0, threshold)
  return {
    kept: Array.from(arena.bytes(mask, DROPOUT_CELLS), (byte) => byte === 1),
    scale: 1 / (1 - probability),
  }
}

const DECAY_RATE = 0.01
const NOISE = { noisy: 1, quiet: 1e-3 }

/**
 * Two weights whose gradients are pure noise of different size, so that the decay alone moves them on average:
 * decoupled (AdamW), and inside the gradient (Adam with L2), where it passes through Adam's division.
 */
export async function weightDecay(
  decay: number,
  steps: number,
): Promise<DemonstrationResults['weight-decay']> {
  const path = async (definition: OptimizerDefinition) => {
    const block = await newBlock(2)
    const weights = block.arena.float32(block.parameters, 2).fill(1)
    const gradients = block.arena.float32(block.gradients, 2)
    const optimizer = definition.create({ ...DEFAULT_ARGUMENTS, weight_decay: decay })
    const random = new RandomStream(SEED)
    const figures = { noisy: [1], quiet: [1] }
    for (let step = 1; step <= steps; step++) {
      const [noise] = random.normalPair()
      gradients.set([NOISE.noisy * noise, NOISE.quiet * noise])
      optimizer.step([block], { learningRate: DECAY_RATE, step, gradientScale: 1 })
      figures.noisy.push(weights[0]!)
      figures.quiet.push(weights[1]!)
    }
    return figures
  }
  return { decoupled: await path(adamW), coupled: await path(adam) }
}

/** Which evaluation is the best and which one ends the run, counted as a run counts them. */
export function earlyStopping(
  losses: readonly number[],
  patience: number,
  threshold: number,
): DemonstrationResults['early-stopping'] {
  const selection = new Selection({
    ...DEFAULT_ARGUMENTS,
    early_stopping_patience: patience,
    early_stopping_threshold: threshold,
  } as RunConfig)
  for (const [i, loss] of losses.entries()) {
    const { shouldStop } = selection.observe({ loss, eval_loss: loss }, i)
    if (shouldStop) return { best: selection.state.best!.step, stopped: i }
  }
  return { best: selection.state.best!.step, stopped: null }
}
