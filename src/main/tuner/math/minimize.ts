/** Unconstrained minimization by L-BFGS with backtracking (Nocedal and Wright, algorithm 7.4, Armijo's condition). */
import { dot } from './linalg'

const MEMORY = 8
const ARMIJO = 1e-4

export interface Valued {
  value: number
  gradient: Float64Array
}

/** @param objective may be infinite or NaN where it is not defined; the start must be fine */
export function minimize(
  objective: (x: Float64Array) => Valued,
  start: Float64Array,
  { iterations, tolerance }: { iterations: number; tolerance: number },
): Float64Array {
  let x = start
  let here = objective(x)
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = []
  for (let i = 0; i < iterations; i++) {
    if (Math.max(...here.gradient.map(Math.abs)) < tolerance) break
    const direction = descent(here.gradient, pairs)
    const slope = dot(direction, here.gradient)
    let length = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1
    let next: Float64Array
    let there: Valued
    for (;;) {
      next = x.map((value, d) => value + length * direction[d]!)
      there = objective(next)
      if (there.value <= here.value + ARMIJO * length * slope) break
      length /= 2
      if (length < 1e-10) return x
    }
    const s = next.map((value, d) => value - x[d]!)
    const y = there.gradient.map((value, d) => value - here.gradient[d]!)
    const curvature = dot(s, y)
    if (curvature > 1e-12) pairs.push({ s, y, rho: 1 / curvature })
    if (pairs.length > MEMORY) pairs.shift()
    ;[x, here] = [next, there]
  }
  return x
}

function descent(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.slice()
  const alphas = new Float64Array(pairs.length)
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { s, y, rho } = pairs[i]!
    alphas[i] = rho * dot(s, q)
    q.forEach((value, d) => (q[d] = value - alphas[i]! * y[d]!))
  }
  const last = pairs.at(-1)
  if (last) q.forEach((value, d) => (q[d] = value / (last.rho * dot(last.y, last.y))))
  pairs.forEach(({ s, y, rho }, i) => {
    const beta = rho * dot(y, q)
    q.forEach((value, d) => (q[d] = value + (alphas[i]! - beta) * s[d]!))
  })
  return q.map((value) => -value)
}
