/** Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5), backtracking line search. */

export interface MinimizeOptions {
  /** Largest entry of the gradient to stop at. */
  tolerance: number
  maxIterations: number
  /** Called between iterations; may throw to stop. */
  breathe: () => Promise<void>
}

interface Correction {
  s: Float64Array
  y: Float64Array
  rho: number
}

const MEMORY = 8
const SUFFICIENT_DECREASE = 1e-4
const MAX_HALVINGS = 20

/**
 * @param objective value at x; writes the gradient into its second argument
 * @param x the start, and the minimum when it returns
 */
export async function minimize(
  objective: (x: Float64Array, gradient: Float64Array) => number,
  x: Float64Array,
  options: MinimizeOptions,
): Promise<void> {
  const size = x.length
  let gradient = new Float64Array(size)
  let nextGradient = new Float64Array(size)
  const direction = new Float64Array(size)
  const next = new Float64Array(size)
  const corrections: Correction[] = []
  let value = objective(x, gradient)
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    await options.breathe()
    if (largest(gradient) < options.tolerance) return
    descend(gradient, corrections, direction)
    const slope = dot(gradient, direction)
    if (slope >= 0) return
    let rate = corrections.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1
    let nextValue = Infinity
    for (let halvings = 0; halvings < MAX_HALVINGS; halvings++, rate /= 2) {
      for (let i = 0; i < size; i++) next[i] = x[i]! + rate * direction[i]!
      nextValue = objective(next, nextGradient)
      if (nextValue <= value + SUFFICIENT_DECREASE * rate * slope) break
    }
    if (!(nextValue < value)) return
    remember(corrections, x, next, gradient, nextGradient)
    x.set(next)
    value = nextValue
    ;[gradient, nextGradient] = [nextGradient, gradient]
  }
}

/** direction = -H gradient, H from the corrections by the two-loop recursion. */
function descend(gradient: Float64Array, corrections: readonly Correction[], direction: Float64Array): void {
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i]!
  const alphas = new Float64Array(corrections.length)
  for (let k = corrections.length - 1; k >= 0; k--) {
    const { s, y, rho } = corrections[k]!
    alphas[k] = rho * dot(s, direction)
    add(direction, y, -alphas[k]!)
  }
  const last = corrections.at(-1)
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y))
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale
  }
  corrections.forEach(({ s, y, rho }, k) => {
    add(direction, s, alphas[k]! - rho * dot(y, direction))
  })
}

function remember(
  corrections: Correction[],
  x: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const reused = corrections.length === MEMORY ? corrections.shift() : undefined
  const s = reused?.s ?? new Float64Array(x.length)
  const y = reused?.y ?? new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    s[i] = next[i]! - x[i]!
    y[i] = nextGradient[i]! - gradient[i]!
  }
  const curvature = dot(s, y)
  if (curvature > 1e-14) corrections.push({ s, y, rho: 1 / curvature })
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function add(to: Float64Array, from: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * from[i]!
}

function largest(values: Float64Array): number {
  let max = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > max) max = size
  }
  return max
}
