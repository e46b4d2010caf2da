/** Times: 52 ms, 1.32 s, 49 s, 1 min 16 s, 28 min, 2 h 5 min, 3 d 4 h. */
import { MISSING, significant } from './number'

export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return MISSING
  if (ms < 1) return ms <= 0 ? '0 s' : `${significant(ms)} ms`
  if (ms < 950) return `${ms < 10 ? significant(ms) : Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 9.95) return `${seconds.toFixed(2)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** Whole seconds only, for figures that move: 8 s, 1 min 16 s. */
export function formatTimeLeft(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING
  if (seconds < 1) return 'under 1 s'
  return seconds < 59.5 ? `${Math.round(seconds)} s` : formatDuration(Math.round(seconds) * 1000)
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
}
