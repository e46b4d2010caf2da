/**
 * Adafactor (Shazeer & Stern 2018) as the Trainer builds it: scale_parameter and relative_step off, no first moment.
 * The second moments of a matrix are kept as one row and one column: state next to nothing.
 */
import type { Arena } from '../kernels/memory'
import type { BlockMember, OptimizerDefinition } from './optimizer'

const EPS = 1e-30
const CLIP_THRESHOLD = 1
const DECAY_RATE = -0.8

export const adafactor: OptimizerDefinition = {
  id: 'adafactor',
  label: 'Adafactor',
  help: 'Second moments as rows and columns (Shazeer & Stern 2018): a third of the memory of AdamW.',
  slots: () => [
    { name: 'exp_avg_sq_row', shapeFor: (shape) => (isFactored(shape) ? shape.slice(0, -1) : null) },
    {
      name: 'exp_avg_sq_col',
      shapeFor: (shape) => (isFactored(shape) ? [...shape.slice(0, -2), shape.at(-1)!] : null),
    },
    { name: 'exp_avg_sq', shapeFor: (shape) => (isFactored(shape) ? null : shape) },
  ],
  create: ({ weight_decay: weightDecay }) => ({
    step(blocks, { learningRate, step, gradientScale }) {
      const beta2 = 1 - step ** DECAY_RATE
      for (const { arena, members, decays } of blocks)
        for (const member of members) {
          const length = sizeOf(member.shape)
          const squares = updateInGradient(arena, member, beta2, gradientScale)
          const rms = Math.sqrt(squares / length)
          if (decays && weightDecay !== 0)
            arena.kernels.scale(member.parameters, length, 1 - weightDecay * learningRate)
          const factor = learningRate / Math.max(1, rms / CLIP_THRESHOLD)
          arena.kernels.addScaled(member.parameters, member.gradients, length, -factor)
        }
    },
  }),
}

/** Leaves the unclipped update where the gradient was; returns the sum of its squares. */
function updateInGradient(
  { kernels }: Arena,
  { shape, gradients, slots: [row, column, full] }: BlockMember,
  beta2: number,
  gradientScale: number,
): number {
  if (!isFactored(shape))
    return kernels.adafactorVector(gradients, full!, sizeOf(shape), beta2, EPS, gradientScale)
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!]
  let squares = 0
  for (let matrix = 0; matrix < sizeOf(shape.slice(0, -2)); matrix++)
    squares += kernels.adafactorMatrix(
      gradients + matrix * rows * columns * 4,
      row! + matrix * rows * 4,
      column! + matrix * columns * 4,
      rows,
      columns,
      beta2,
      EPS,
      gradientScale,
    )
  return squares
}

function isFactored(shape: readonly number[]): boolean {
  return shape.length >= 2
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((n, dim) => n * dim, 1)
}
