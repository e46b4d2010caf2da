/** From measured differences to verdicts: corrected for their number, sized, and said in a sentence. */
import { isGreaterBetter, metricKind, metricLabel } from '../../../shared/domain/metricNames'
import { TEST_LABELS, type Measured, type Verdict } from '../../../shared/domain/significance'
import type { Problem } from '../../../shared/domain/tasks'
import { holm } from './holm'

const LEVEL = 0.05
/** Where small, medium and large begin (Cohen 1988; g for McNemar's table, the rest in standard deviations or angles). */
const SIZES: Readonly<Record<string, readonly [number, number, number]>> = { 'Cohen’s g': [0.05, 0.15, 0.25] }
const USUAL_SIZES = [0.2, 0.5, 0.8] as const

export interface Compared {
  measured: Measured
  /** How the two runs are called. */
  names: readonly [first: string, second: string]
  problem: Problem | null
}

/** All that were made at once, so that their number can be accounted for. */
export function conclude(compared: readonly Compared[]): Verdict[] {
  const adjusted = holm(compared.map(({ measured }) => measured.pValue))
  return compared.map((one, i) => verdictOn(one, adjusted[i]!, compared.length))
}

function verdictOn(compared: Compared, adjustedPValue: number, comparisons: number): Verdict {
  const { measured } = compared
  const isReal = adjustedPValue < LEVEL && measured.difference !== 0
  const gains = measured.difference > 0 === isGreaterBetter(measured.metric)
  const verdict = {
    ...measured,
    better: isReal ? (gains ? ('second' as const) : ('first' as const)) : null,
    adjustedPValue,
    comparisons,
    effectSize: sizeOf(measured.effect),
    warnings: [...measured.warnings, ...warningsOf(measured, isReal, comparisons)],
  }
  return { ...verdict, sentence: sentenceOf(verdict, compared) }
}

function sizeOf({ name, value }: Measured['effect']): Verdict['effectSize'] {
  const [small, medium, large] = SIZES[name] ?? USUAL_SIZES
  const size = Math.abs(value)
  if (size < small) return 'negligible'
  if (size < medium) return 'small'
  return size < large ? 'medium' : 'large'
}

function warningsOf(measured: Measured, isReal: boolean, comparisons: number): string[] {
  const warnings: string[] = []
  if (!isReal && measured.difference !== 0) {
    const needed = measured.rowsToSee
    const rows = 'rows' in measured.n ? measured.n.rows : 0
    const more =
      needed !== null && Number.isFinite(needed) && needed > rows
        ? ` About ${count(needed)} rows would show a gap of this size four times in five.`
        : ''
    warnings.push(`The gap is inside the noise.${more}`)
  }
  if (comparisons > 1) {
    const lost = measured.pValue < LEVEL && !isReal
    warnings.push(
      `${comparisons} comparisons were made; p is corrected for that (Holm).` +
        (lost ? ` Alone this one would have counted, with p ${probability(measured.pValue)}.` : ''),
    )
  }
  return warnings
}

function sentenceOf(verdict: Omit<Verdict, 'sentence'>, { names, problem }: Compared): string {
  const { metric, better, difference, low, high } = verdict
  const label = metricLabel(metric, problem)
  const isScore = metricKind(metric) === 'score'
  const write = (value: number) => (isScore ? signed(100 * value, 1) : signed(value, 3))
  const gap = `${label} ${write(difference)} [${write(low)}, ${write(high)}]${isScore ? ' points' : ''}`
  const figures = `${verdict.second.toFixed(3)} against ${verdict.first.toFixed(3)}`
  const claim =
    better === null
      ? `No difference beyond noise between ${names[1]} and ${names[0]}`
      : `${names[better === 'second' ? 1 : 0]} is better than ${names[better === 'second' ? 0 : 1]}`
  const how = `${TEST_LABELS[verdict.test]}, p ${probability(verdict.adjustedPValue)}${verdict.comparisons > 1 ? ' after Holm' : ''}`
  const effect = `${verdict.effect.name} ${signed(verdict.effect.value, 2)}, ${verdict.effectSize}`
  return `${claim}: ${gap}, ${figures} on ${sampleOf(verdict)} (${how}; ${effect}).`
}

function sampleOf({ n }: Measured): string {
  return 'rows' in n ? `${count(n.rows)} rows` : `${n.secondSeeds} and ${n.firstSeeds} seeds`
}

export function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`
}

function signed(value: number, places: number): string {
  const text = Math.abs(value).toFixed(places)
  if (Number(text) === 0) return text
  return `${value < 0 ? '−' : '+'}${text}`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
