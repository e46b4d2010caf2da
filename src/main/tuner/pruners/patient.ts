/** Asks another pruner (or prunes at once) only where the newest reports bring no improvement. */
import type { Pruner } from './pruner'
import { GO_ON } from './pruner'

export interface PatientOptions {
  /** Reports without improvement that are waited out. */
  patience: number
  min_delta: number
}

export function patientPruner(wrapped: Pruner | null, { patience, min_delta }: PatientOptions): Pruner {
  return {
    decide(history, trial) {
      const steps = [...trial.intermediate.keys()].sort((a, b) => a - b)
      if (steps.length <= patience + 1) return GO_ON
      const best = (part: readonly number[]) => {
        const values = part.map((step) => trial.intermediate.get(step)!).filter((v) => !Number.isNaN(v))
        if (values.length === 0) return NaN
        return history.direction === 'minimize' ? Math.min(...values) : Math.max(...values)
      }
      const before = best(steps.slice(0, -patience - 1))
      const after = best(steps.slice(-patience - 1))
      const isStuck =
        history.direction === 'minimize' ? before + min_delta < after : before - min_delta > after
      if (!isStuck) return GO_ON
      return wrapped ? wrapped.decide(history, trial) : { prune: true }
    },
    ...(wrapped?.peers && { peers: (history, number) => wrapped.peers!(history, number) }),
  }
}
