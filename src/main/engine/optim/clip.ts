/** Clipping by global norm and by value, as torch.nn.utils.clip_grad_norm_ and clip_grad_value_ do it. */
import type { ParameterBlock } from './optimizer'

/** ‖g‖₂ over all blocks, summed in float64: not finite exactly where some gradient is not. */
export function globalNorm(blocks: readonly ParameterBlock[]): number {
  let total = 0
  for (const { arena, gradients, length } of blocks) total += arena.kernels.sumOfSquares(gradients, length)
  return Math.sqrt(total)
}

/** The factor that brings a norm down to `maxNorm`; 1 where it is below, or where maxNorm is 0 (clipping off). */
export function clipFactor(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1
}

/** Every gradient element into ±limit. */
export function clipByValue(blocks: readonly ParameterBlock[], limit: number): void {
  for (const { arena, gradients, length } of blocks) arena.kernels.clamp(gradients, length, limit)
}
