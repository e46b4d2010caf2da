/** One figure of a strip: what, its value, what it rests on. */
export interface Figure {
  label: string
  value: string
  unit?: string
  detail?: string
  /** Cut first in a narrow pane. */
  optional?: boolean
}
