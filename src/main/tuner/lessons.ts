/** What a study taught, in three plain sentences; each says what it rests on, or that it cannot be told. */
import { isSingle, type SearchSpace } from '../../shared/domain/searchSpace'
import { completeTrials, lossSign, type History } from './history'
import { pedAnova } from './importance/pedAnova'
import { normalCdf } from './math/normal'

const LEAST_TRIALS = 10

/** How sure the value of a trial is. */
export interface Evidence {
  /** The values of its runs with different seeds. */
  repeats: readonly number[]
  /** Rows a share such as the accuracy was counted on; null where the figure is no share. */
  rows: number | null
}

export function lessons(history: History, evidence: (trial: number) => Evidence): string[] {
  const complete = completeTrials(history)
  if (complete.length < LEAST_TRIALS)
    return [`With ${complete.length} complete trials little can be told; ${LEAST_TRIALS} are a start.`]
  return [mattered(history), nextRange(history), isBestBetter(history, evidence)]
}

function mattered(history: History): string {
  const shares = pedAnova(history).filter(({ parameter }) => !isSingle(history.space[parameter]!))
  const [first, second, ...rest] = shares
  if (!first) return 'Nothing varied, so nothing can have mattered.'
  const named = (one: { parameter: string; share: number }) => `${one.parameter} (${percent(one.share)})`
  if (!second) return `${first.parameter} is the only parameter that varied.`
  const others = rest.reduce((sum, { share }) => sum + share, 0)
  const tail = rest.length > 0 ? `; the other ${rest.length} share ${percent(others)}` : ''
  return `What set the best tenth of the trials apart was ${named(first)}, then ${named(second)}${tail} (PED-ANOVA).`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** Of the most important number: where the best tenth lie, and whether that is at an edge. */
function nextRange(history: History): string {
  const sign = lossSign(history.direction)
  const complete = completeTrials(history).sort((a, b) => sign * (a.value - b.value))
  const best = complete.slice(0, Math.max(3, Math.ceil(complete.length / 10)))
  for (const { parameter } of pedAnova(history)) {
    const distribution = history.space[parameter]!
    const values = best.flatMap(({ params }) => params[parameter] ?? [])
    if (isSingle(distribution) || values.length < 2) continue
    if (distribution.type === 'categorical') {
      const top = mostFrequent(values.map(String))
      if (top.count === values.length)
        return `All of the best ${values.length} trials have ${parameter} ${top.value}: fix it and vary the rest.`
      continue
    }
    return rangeOf(parameter, distribution, values as number[])
  }
  return 'The best trials agree in no parameter: the range is fine as it is, or the noise hides the rest.'
}

function rangeOf(
  name: string,
  { low, high, log }: Extract<SearchSpace[string], { type: 'float' | 'int' }>,
  values: readonly number[],
): string {
  const unit = (v: number) => (log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low))
  const [from, to] = [Math.min(...values), Math.max(...values)]
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  if (unit(middle) > 0.9)
    return `The best ${values.length} trials crowd at the upper end of ${name} (${figure(from)} to ${figure(to)}): widen the range beyond ${figure(high)} next.`
  if (unit(middle) < 0.1)
    return `The best ${values.length} trials crowd at the lower end of ${name} (${figure(from)} to ${figure(to)}): widen the range below ${figure(low)} next.`
  return `The best ${values.length} trials have ${name} from ${figure(from)} to ${figure(to)}: search there next.`
}

function figure(value: number): string {
  return Number(value.toPrecision(3)).toString()
}

function mostFrequent(values: readonly string[]): { value: string; count: number } {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [value, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))
  return { value, count }
}

/** Best against second: over seeds (Welch's t, normal tail), or by the error of a share over its rows. */
function isBestBetter(history: History, evidence: (trial: number) => Evidence): string {
  const sign = lossSign(history.direction)
  const [best, second] = completeTrials(history).sort((a, b) => sign * (a.value - b.value))
  if (!best || !second) return 'There is no second trial to compare the best with.'
  const names = `trial ${best.number} (${best.value.toFixed(3)}) and trial ${second.number} (${second.value.toFixed(3)})`
  const [first, other] = [evidence(best.number), evidence(second.number)]
  const variance = varianceOfMean(first, best.value)
  const otherVariance = varianceOfMean(other, second.value)
  if (variance === null || otherVariance === null)
    return `Whether the best beats the second, ${names}, cannot be told from one seed each: repeat both with several seeds.`
  const gap = Math.abs(best.value - second.value)
  const z = gap / Math.sqrt(variance + otherVariance)
  const p = 2 * (1 - normalCdf(z))
  const basis =
    first.repeats.length > 1
      ? `${first.repeats.length} and ${other.repeats.length} seeds`
      : `${first.rows} validation rows, taken as independent`
  const verdict = p < 0.05 ? 'differ by more than noise' : 'do not differ by more than noise: either will do'
  return `The best and the second, ${names}, ${verdict} (${basis}, p = ${p.toFixed(2)}, uncorrected for ${history.trials.length} trials).`
}

function varianceOfMean({ repeats, rows }: Evidence, value: number): number | null {
  if (repeats.length > 1) {
    const mean = repeats.reduce((a, b) => a + b, 0) / repeats.length
    const squares = repeats.reduce((sum, v) => sum + (v - mean) ** 2, 0)
    return Math.max(squares / (repeats.length - 1) / repeats.length, 1e-12)
  }
  return rows !== null && rows > 0 && value >= 0 && value <= 1
    ? Math.max((value * (1 - value)) / rows, 1e-12)
    : null
}
