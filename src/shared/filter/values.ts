/** What a word stands for where a value is wanted: a number, a size, a time, a day or a moment. */
import type { Span } from './tree'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const AMOUNT = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]+)$/i
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/

const SECOND_MS = 1000
const TIMES: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  min: 60 * SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3600 * SECOND_MS,
  d: 24 * 3600 * SECOND_MS,
  w: 7 * 24 * 3600 * SECOND_MS,
}
const SIZES: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }

export function readNumber(word: string): number | undefined {
  if (!NUMBER.test(word)) return undefined
  const value = Number(word)
  return Number.isFinite(value) ? value : undefined
}

/** Milliseconds: `90` (seconds), `1.5h`, `10min`. */
export function readDuration(word: string): number | undefined {
  const seconds = readNumber(word)
  return seconds === undefined ? readAmount(word, TIMES) : seconds * SECOND_MS
}

/** Bytes: `2e9`, `2GB`. */
export function readBytes(word: string): number | undefined {
  return readNumber(word) ?? readAmount(word, SIZES)
}

function readAmount(word: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount, unit] = AMOUNT.exec(word) ?? []
  const size = unit === undefined ? undefined : units[unit.toLowerCase()]
  return amount === undefined || size === undefined ? undefined : Number(amount) * size
}

/**
 * A day (`2026-11-21`, `today`, `yesterday`), a minute (`2026-11-21T14:30`), `now`, or a time before now (`-7d`, `-12h`).
 * Days are those of this machine's clock.
 */
export function readDate(word: string, nowMs: number): Span | undefined {
  const now = new Date(nowMs)
  const day = (shift: number): Span => ({
    fromMs: new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift).getTime(),
    toMs: new Date(now.getFullYear(), now.getMonth(), now.getDate() + shift + 1).getTime(),
  })
  const lower = word.toLowerCase()
  if (lower === 'today') return day(0)
  if (lower === 'yesterday') return day(-1)
  if (lower === 'now') return moment(nowMs)
  if (lower.startsWith('-')) {
    const back = readAmount(lower.slice(1), TIMES)
    return back === undefined ? undefined : moment(nowMs - back)
  }
  return readCalendar(word)
}

function readCalendar(word: string): Span | undefined {
  const match = DATE.exec(word)
  if (!match) return undefined
  const [year, month, date, hour, minute, second] = match.slice(1).map(Number)
  const from = new Date(year!, month! - 1, date, hour || 0, minute || 0, second || 0)
  // 31 February is no day.
  if (from.getMonth() !== month! - 1 || from.getDate() !== date) return undefined
  const to = new Date(from)
  if (match[4] === undefined) to.setDate(to.getDate() + 1)
  else if (match[6] === undefined) to.setMinutes(to.getMinutes() + 1)
  else to.setSeconds(to.getSeconds() + 1)
  return { fromMs: from.getTime(), toMs: to.getTime() }
}

function moment(atMs: number): Span {
  return { fromMs: atMs, toMs: atMs + 1 }
}
