// The pieces of the Gaussian process: gradient, interpolation, and expected improvement far in the tail.
import { expect, it } from 'vitest'
import {
  fitKernel,
  GaussianProcess,
  negativeLogPosterior,
  squaredDifferences,
} from '../../../src/main/tuner/gaussianProcess'
import { cholesky, inverseOf } from '../../../src/main/tuner/math/linalg'
import { erf, logExpectedImprovement, normalCdf, normalQuantile } from '../../../src/main/tuner/math/normal'
import { randomStream } from '../../../src/main/tuner/random'

function points(count: number) {
  const random = randomStream(9)
  const x = Array.from({ length: count }, () =>
    Float64Array.from([random(), random(), Math.floor(random() * 3)]),
  )
  const y = Float64Array.from(x, ([a, b, c]) => Math.sin(5 * a!) + 0.2 * b! + (c === 1 ? 1 : 0))
  return { points: { x, isCategorical: [false, false, true] }, y }
}

it('has the gradient of its posterior', () => {
  const { points: known, y } = points(12)
  const differences = squaredDifferences(known)
  const at = Float64Array.from([0.3, -0.4, 0.1, 0.2, -2])
  const { gradient } = negativeLogPosterior(at, differences, y)
  at.forEach((_, d) => {
    const step = (h: number) =>
      negativeLogPosterior(
        at.map((v, i) => (i === d ? v + h : v)),
        differences,
        y,
      ).value
    expect(gradient[d]).toBeCloseTo((step(1e-5) - step(-1e-5)) / 2e-5, 6)
  })
})

it('passes through what it saw and is unsure elsewhere', () => {
  const { points: known, y } = points(20)
  const process = new GaussianProcess(known, { ...fitKernel(known, y), noise: 1e-6 }, y)
  known.x.forEach((x, i) => expect(process.predict(x).mean).toBeCloseTo(y[i]!, 3))
  const far = process.predict(Float64Array.from([9, 9, 2]))
  expect(far.variance).toBeGreaterThan(100 * process.predict(known.x[0]!).variance)
})

it('inverts by its factor', () => {
  const a = Float64Array.from([4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2])
  const factor = a.slice()
  expect(cholesky(factor, 3)).toBe(true)
  const inverse = inverseOf(factor, 3)
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const product = [0, 1, 2].reduce((sum, k) => sum + a[i * 3 + k]! * inverse[k * 3 + j]!, 0)
      expect(product).toBeCloseTo(i === j ? 1 : 0, 12)
    }
  expect(cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toBe(false)
})

it('knows the normal distribution in its tails (values of SciPy 1.17 and Optuna 5)', () => {
  expect(erf(0.4)).toBeCloseTo(0.42839235504666845, 15)
  expect(normalCdf(-10) / 7.61985302416047e-24).toBeCloseTo(1, 12)
  for (const p of [1e-300, 1e-9, 0.02, 0.3, 0.5, 0.9, 1 - 1e-9])
    expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 9)
  for (const [z, expected] of [
    [5, 1.6094379231264313],
    [0.1, -0.796431339550747],
    [-2, -4.76878352391711],
    [-10, -55.553122036121955],
    [-30, -457.7246537605979],
  ] as const)
    expect(logExpectedImprovement(z) / expected).toBeCloseTo(1, 9)
  expect(logExpectedImprovement(-1e6)).toBeLessThan(logExpectedImprovement(-1e5))
})
