/**
 * Gaussian process regression with a Matérn 5/2 kernel and one length scale a parameter; categorical ones are equal or
 * not (Hamming). Hyperparameters by maximum a posteriori with the priors of Optuna 5's GPSampler.
 */
import { invariant } from '../../shared/errors'
import { cholesky, dot, inverseOf, solveLower, solveUpper } from './math/linalg'
import { minimize, type Valued } from './math/minimize'

const LEAST_NOISE = 1e-6
const ITERATIONS = 40
const TOLERANCE = 1e-2

export interface Kernel {
  /** 1 / length scale², a parameter. */
  readonly inverseSquares: Float64Array
  readonly scale: number
  /** Variance of the noise. */
  readonly noise: number
}

export interface Points {
  /** [count, dimensions], numeric ones in [0, 1], categorical ones by their index. */
  readonly x: readonly Float64Array[]
  readonly isCategorical: readonly boolean[]
}

export class GaussianProcess {
  private readonly factor: Float64Array
  private readonly alpha: Float64Array

  constructor(
    private readonly points: Points,
    readonly kernel: Kernel,
    y: Float64Array,
  ) {
    const n = points.x.length
    this.factor = covariance(squaredDifferences(points), n, kernel)
    invariant(cholesky(this.factor, n), 'a kernel matrix with noise is positive definite')
    this.alpha = solveUpper(this.factor, n, solveLower(this.factor, n, y.slice()))
  }

  /** Mean and variance of the function at a point. */
  predict(x: Float64Array): { mean: number; variance: number } {
    const { points, kernel } = this
    const n = points.x.length
    const k = Float64Array.from(points.x, (known) => {
      let distance = 0
      for (let d = 0; d < x.length; d++)
        distance += kernel.inverseSquares[d]! * squaredDifference(x[d]!, known[d]!, points.isCategorical[d]!)
      return kernel.scale * matern52(distance)
    })
    const mean = dot(k, this.alpha)
    const v = solveLower(this.factor, n, k)
    return { mean, variance: Math.max(0, kernel.scale - dot(v, v)) }
  }
}

/** The most probable hyperparameters for observations of mean 0 and deviation 1. */
export function fitKernel(points: Points, y: Float64Array): Kernel {
  const dimensions = points.isCategorical.length
  const differences = squaredDifferences(points)
  const start = new Float64Array(dimensions + 2)
  start[dimensions + 1] = Math.log(0.01)
  const raw = minimize((x) => negativeLogPosterior(x, differences, y), start, {
    iterations: ITERATIONS,
    tolerance: TOLERANCE,
  })
  return kernelOf(raw)
}

function kernelOf(raw: Float64Array): Kernel {
  const dimensions = raw.length - 2
  return {
    inverseSquares: raw.slice(0, dimensions).map(Math.exp),
    scale: Math.exp(raw[dimensions]!),
    noise: Math.exp(raw[dimensions + 1]!) + LEAST_NOISE,
  }
}

/** And its gradient in the logarithms of the hyperparameters. */
export function negativeLogPosterior(
  raw: Float64Array,
  differences: readonly Float64Array[],
  y: Float64Array,
): Valued {
  const kernel = kernelOf(raw)
  const { inverseSquares, scale, noise } = kernel
  const [n, dimensions] = [y.length, inverseSquares.length]
  const gradient = new Float64Array(dimensions + 2)
  const factor = covariance(differences, n, kernel)
  if (!cholesky(factor, n)) return { value: Infinity, gradient }
  const alpha = solveUpper(factor, n, solveLower(factor, n, y.slice()))
  let value = 0.5 * dot(y, alpha)
  for (let i = 0; i < n; i++) value += Math.log(factor[i * n + i]!)
  // d/dθ = ½ Σ (K⁻¹ - α αᵀ) ∘ dK/dθ
  const inverse = inverseOf(factor, n)
  let noiseSlope = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const outer = inverse[i * n + j]! - alpha[i]! * alpha[j]!
      const at = i * n + j
      let distance = 0
      for (let d = 0; d < dimensions; d++) distance += inverseSquares[d]! * differences[d]![at]!
      const root = Math.sqrt(5 * distance)
      const decay = Math.exp(-root)
      const slope = outer * scale * (-5 / 6) * (root + 1) * decay
      for (let d = 0; d < dimensions; d++) gradient[d]! += slope * inverseSquares[d]! * differences[d]![at]!
      gradient[dimensions]! += outer * scale * decay * ((5 / 3) * distance + root + 1)
    }
    const own = inverse[i * n + i]! - alpha[i]! ** 2
    gradient[dimensions]! += 0.5 * own * scale
    noiseSlope += 0.5 * own
  }
  inverseSquares.forEach((w, d) => {
    value += 0.1 / w + 0.1 * w
    gradient[d]! += -0.1 / w + 0.1 * w
  })
  value += scale - Math.log(scale) + 30 * noise - 0.1 * Math.log(noise)
  gradient[dimensions]! += scale - 1
  gradient[dimensions + 1] = (noiseSlope + 30 - 0.1 / noise) * (noise - LEAST_NOISE)
  return { value, gradient }
}

/** For each dimension the squared differences of all pairs, [n,n]. */
export function squaredDifferences({ x, isCategorical }: Points): Float64Array[] {
  const n = x.length
  return isCategorical.map((categorical, d) => {
    const own = new Float64Array(n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const difference = squaredDifference(x[i]![d]!, x[j]![d]!, categorical)
        own[i * n + j] = difference
        own[j * n + i] = difference
      }
    return own
  })
}

function squaredDifference(a: number, b: number, isCategorical: boolean): number {
  return isCategorical ? (a === b ? 0 : 1) : (a - b) ** 2
}

function matern52(squaredDistance: number): number {
  const root = Math.sqrt(5 * squaredDistance)
  return Math.exp(-root) * ((5 / 3) * squaredDistance + root + 1)
}

function covariance(differences: readonly Float64Array[], n: number, kernel: Kernel): Float64Array {
  const k = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let distance = 0
      for (let d = 0; d < differences.length; d++)
        distance += kernel.inverseSquares[d]! * differences[d]![i * n + j]!
      const value = kernel.scale * matern52(distance) + (i === j ? kernel.noise : 0)
      k[i * n + j] = value
      k[j * n + i] = value
    }
  return k
}
