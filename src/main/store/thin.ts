/** Thins a curve for drawing without losing its peaks: each bucket of steps keeps its lowest and highest value. */

export interface Curve {
  steps: number[]
  values: number[]
}

/** At most `points` (≥ 4) points, in order, with the first and the last among them. */
export function thin(steps: number[], values: number[], points: number): Curve {
  const n = steps.length
  if (n <= points) return { steps, values }
  const kept = new Set([0, n - 1])
  const buckets = Math.floor((points - 2) / 2)
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (n - 2)) / buckets)
    const to = 1 + Math.floor(((bucket + 1) * (n - 2)) / buckets)
    let [low, high] = [from, from]
    for (let i = from; i < to; i++) {
      if (values[i]! < values[low]!) low = i
      if (values[i]! > values[high]!) high = i
    }
    kept.add(low).add(high)
  }
  const order = [...kept].sort((a, b) => a - b)
  return { steps: order.map((i) => steps[i]!), values: order.map((i) => values[i]!) }
}
