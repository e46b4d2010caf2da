/**
 * Smoothing of noisy curves: a two-sided exponential kernel, normalised at the ends. Unlike a running average it does
 * not lag behind a falling loss.
 */
export function smooth(values: readonly number[], weight = 0.9): number[] {
  const ahead = oneSided([...values].reverse(), weight).reverse()
  return oneSided(values, weight).map((back, i) => {
    const value = values[i]!
    if (!Number.isFinite(value)) return value
    const front = ahead[i]!
    return (back.sum + front.sum - value) / (back.mass + front.mass - 1)
  })
}

interface Weighted {
  sum: number
  mass: number
}

/** Each value and those before it, each step back counting `weight` times as much. */
function oneSided(values: readonly number[], weight: number): Weighted[] {
  let sum = 0
  let mass = 0
  return values.map((value) => {
    const counts = Number.isFinite(value)
    sum = sum * weight + (counts ? value : 0)
    mass = mass * weight + (counts ? 1 : 0)
    return { sum, mass }
  })
}

/** A weight that suits the number of points: the kernel spans about a fortieth of the curve to either side. */
export function smoothingFor(points: number): number {
  return 1 - 1 / Math.max(1, points / 60)
}
