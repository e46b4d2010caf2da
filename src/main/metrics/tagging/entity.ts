/** A typed span of tokens. */
export interface Entity {
  type: string
  start: number
  /** Exclusive. */
  end: number
}
