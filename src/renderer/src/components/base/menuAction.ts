/** One line of an action menu. */
export interface MenuAction {
  id: string
  label: string
  detail?: string
  /** What the pointer is told. */
  title?: string
  /** Neighbours of one group stand under its name. */
  group?: string
  disabled?: boolean
}
