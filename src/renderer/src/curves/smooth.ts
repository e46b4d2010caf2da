/** Smoothing of noisy curves: an exponential moving average, corrected for its start (as Adam's moments are). */

export function smooth(values: readonly number[], weight = 0.9): number[] {
  let average = 0
  let mass = 0
  return values.map((value) => {
    if (!Number.isFinite(value)) return value
    average = weight * average + (1 - weight) * value
    mass = weight * mass + (1 - weight)
    return average / mass
  })
}

/** A weight that suits the number of points: about a fortieth of the curve. */
export function smoothingFor(points: number): number {
  const span = Math.max(1, points / 40)
  return 1 - 1 / span
}
