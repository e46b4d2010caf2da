/** Sizes in powers of ten: 6.13 MB, 251 MB, 1.9 GB. */
import { MISSING, significant } from './number'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return MISSING
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? Math.round(value) : significant(value)} ${UNITS[unit]!}`
}
