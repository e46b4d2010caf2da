/** A typed span of tokens. */
export interface Entity {
  type: string
  start: number
  /** Exclusive. */
  end: number
}

/** Whether a tag marks a part of an entity: without any such, tags are parts of speech. */
export function isEntityTag(tag: string): boolean {
  return /^[BIESLU]-/.test(tag)
}
