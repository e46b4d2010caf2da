/** A column of a dataset's training split that holds text. */
export interface TextSource {
  key: string
  version: string
  column: string
  label: string
  rows: number
}
