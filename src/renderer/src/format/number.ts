/** Numbers as the studio writes them: tabular, a true minus sign, a thin grammar of units; missing is an en dash. */

export const MISSING = '–'

const MINUS = '−'

type Maybe = number | null | undefined

function isShown(value: Maybe): value is number {
  return typeof value === 'number' && !Number.isNaN(value)
}

function withMinus(text: string): string {
  return text.replace(/^-/, MINUS)
}

/** 2399 → "2,399". */
export function formatCount(value: Maybe): string {
  if (!isShown(value)) return MISSING
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`
  return withMinus(Math.round(value).toLocaleString('en-US'))
}

/** A score between 0 and 1: three places. */
export function formatScore(value: Maybe): string {
  return isShown(value) ? withMinus(value.toFixed(3)) : MISSING
}

/** A loss or norm: three places, exponent where those would hide it. */
export function formatReal(value: Maybe): string {
  if (!isShown(value)) return MISSING
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`
  const size = Math.abs(value)
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return withMinus(shortExponent(value, 1))
  return withMinus(value.toFixed(size >= 100 ? 1 : 3))
}

/** A setting as Hugging Face writes it: 5e-5, 1e-3, 0.06, 32. */
export function formatSetting(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return JSON.stringify(value)
  const size = Math.abs(value)
  return size !== 0 && size < 0.005 ? shortExponent(value) : String(value)
}

/** A figure for an axis: as short as it stays exact. */
export function formatTick(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 0.005) return withMinus(shortExponent(Number(value.toPrecision(6))))
  if (size >= 1000) return formatCount(value)
  return withMinus(String(Number(value.toPrecision(6))))
}

/** A learning rate as it moves: 4.2e-4. */
export function formatLearningRate(value: Maybe): string {
  if (!isShown(value)) return MISSING
  return value === 0 ? '0' : withMinus(shortExponent(value, 1))
}

/** Items a second: 612, 41.3, 0.87. */
export function formatRate(value: Maybe): string {
  if (!isShown(value)) return MISSING
  if (value >= 100) return formatCount(value)
  return value.toFixed(value >= 10 ? 1 : 2)
}

/** 0.217 → "21.7 %". */
export function formatPercent(share: Maybe, places = 1): string {
  return isShown(share) ? `${withMinus((share * 100).toFixed(places))} %` : MISSING
}

/** The difference of two rates, in points: "+1.8 points". */
export function formatPoints(difference: Maybe): string {
  if (!isShown(difference)) return MISSING
  const points = difference * 100
  return `${points > 0 ? '+' : ''}${withMinus(points.toFixed(1))} points`
}

/** Parameters: 1.53 M, 22.7 M, 840 k. */
export function formatParameters(value: Maybe): string {
  if (!isShown(value)) return MISSING
  if (value >= 1e6) return `${significant(value / 1e6)} M`
  if (value >= 1e3) return `${significant(value / 1e3)} k`
  return formatCount(value)
}

/** Three significant figures, trailing zeros kept: 6.13, 18.4, 251. */
export function significant(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return String(Math.round(value))
  return value.toFixed(size >= 9.995 ? 1 : 2)
}

/** 1 row, 2 rows. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

function shortExponent(value: number, places?: number): string {
  return value.toExponential(places).replace('e+', 'e').replace(/\.0+e/, 'e')
}
