import type { CellValue } from '../../../../../shared/domain/dataset'
import { MISSING } from '../../../format/number'

/** A cell in one line. */
export function cellText(value: CellValue | undefined): string {
  if (value === undefined || value === null) return MISSING
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(' · ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
