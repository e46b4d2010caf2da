/** Labels changed by hand and not yet written: they become a new version of the dataset, all at once. */
import { computed, shallowReactive, type ComputedRef } from 'vue'
import type { CellValue, RowsPage } from '../../../../shared/domain/dataset'
import type { CellEdit } from '../../../../shared/domain/derivation'

type Row = RowsPage['rows'][number]

export interface Edits {
  list: ComputedRef<CellEdit[]>
  /** The value a cell will have. */
  valueOf(row: Row, column: string): CellValue
  isEdited(row: Row, column: string): boolean
  set(row: Row, column: string, text: string): void
  clear(): void
}

export function useEdits(): Edits {
  const edits = shallowReactive(new Map<string, CellEdit>())
  const key = ({ ordinal }: Row, column: string): string => `${ordinal} ${column}`
  return {
    list: computed(() => [...edits.values()]),
    valueOf: (row, column) => edits.get(key(row, column))?.value ?? row.cells[column] ?? null,
    isEdited: (row, column) => edits.has(key(row, column)),
    set(row, column, text) {
      const before = row.cells[column] ?? null
      const value = typed(text.trim(), before)
      if (value === null || value === before) edits.delete(key(row, column))
      else edits.set(key(row, column), { ordinal: row.ordinal, column, value })
    },
    clear: () => edits.clear(),
  }
}

/** A label that was a number or a truth value stays one where the text allows; null for an empty text. */
function typed(text: string, before: CellValue): string | number | boolean | null {
  if (text === '') return null
  if (typeof before === 'number' && Number.isFinite(Number(text))) return Number(text)
  if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
