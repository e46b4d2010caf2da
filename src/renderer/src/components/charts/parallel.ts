/** What a drawing of parallel axes is given. Places run from 0, at the bottom of an axis, to 1. */
export interface ParallelAxis {
  name: string
  label: string
  ticks: readonly (readonly [place: number, text: string])[]
}

export interface ParallelLine {
  key: string | number
  title?: string
  /** Where it passes each axis; it leaves out those where it has no value. */
  places: readonly (number | null)[]
  look: 'faint' | 'full'
  /** The colour of a full line. */
  token: `--${string}`
}

/** Of each axis that is brushed, the stretch that is kept. */
export type Brushes = Readonly<Record<string, readonly [low: number, high: number]>>
