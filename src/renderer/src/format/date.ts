/** Moments: the time today, the day this year, the date before that. */
import { MISSING } from './number'

const two = (n: number): string => String(n).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 15:04:11, local time. */
export function formatClock(atMs: number | null | undefined): string {
  if (atMs === null || atMs === undefined) return MISSING
  const date = new Date(atMs)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** 15:04 today, 21 Nov this year, 21 Nov 2025 before. */
export function formatWhen(atMs: number | null | undefined, nowMs: number = Date.now()): string {
  if (atMs === null || atMs === undefined) return MISSING
  const date = new Date(atMs)
  const now = new Date(nowMs)
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]!}`
  if (date.getFullYear() !== now.getFullYear()) return `${day} ${date.getFullYear()}`
  if (date.toDateString() !== now.toDateString()) return day
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** Date and time in full, for a tooltip. */
export function formatMoment(atMs: number): string {
  const date = new Date(atMs)
  return `${date.getDate()} ${MONTHS[date.getMonth()]!} ${date.getFullYear()}, ${formatClock(atMs)}`
}
