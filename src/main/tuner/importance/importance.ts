/** How much each parameter matters to the objective: shares that sum to 1, the largest first. */
import type { History } from '../history'

export interface Importance {
  parameter: string
  share: number
}

export type ImportanceEvaluator = (history: History) => Importance[]

/** All equal where nothing matters. */
export function normalized(raw: ReadonlyMap<string, number>): Importance[] {
  const sum = [...raw.values()].reduce((a, b) => a + b, 0)
  return Array.from(raw, ([parameter, value]) => ({
    parameter,
    share: sum > 0 ? value / sum : 1 / raw.size,
  })).sort((a, b) => b.share - a.share)
}
