/** A named bar and the text of its value. */
export interface BarRow {
  label: string
  value: number
  text: string
}
