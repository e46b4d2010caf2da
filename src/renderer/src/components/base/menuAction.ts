/** One line of an action menu. */
export interface MenuAction {
  id: string
  label: string
  detail?: string
  disabled?: boolean
}
