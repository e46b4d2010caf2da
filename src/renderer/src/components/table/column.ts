/** A column of a virtual table. Exactly one column leaves `width` out and takes the room that is left. */
export interface Column {
  id: string
  label: string
  /** CSS width, as `72px`. */
  width?: string
  /** The whole name. */
  title?: string
  isNumber?: boolean
  isMono?: boolean
  isSortable?: boolean
  /** May be dragged before another one, and made wider. */
  isMovable?: boolean
  /** Stays in sight at this many pixels from the left. */
  pinnedAt?: number
  /** Cut first in a narrow pane. */
  isOptional?: boolean
}

/** What a parent may ask of a table. */
export interface TableHandle {
  focusRow(index: number): unknown
}

export interface Sort {
  column: string
  descending: boolean
}
