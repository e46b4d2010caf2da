/** Is one run better than another? Every run against the first, by what is known of both. */
import { evaluationOf, settingsKey, type Judgement } from '../../shared/domain/comparison'
import { HEADLINES } from '../../shared/domain/metricNames'
import type { EvalMetrics, RunFacts } from '../../shared/domain/run'
import type { RunConfig } from '../../shared/domain/runConfig'
import type { Measured } from '../../shared/domain/significance'
import { UserError } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { conclude } from '../metrics/significance/conclude'
import { measureSeeds, measureTwoShares } from '../metrics/significance/measure'
import { finishedOnVersion } from '../store/queries/runs'
import { decode, toRunSummary, type RunRow } from '../store/rows'
import type { PairedAnswers } from '../worker/protocol'
import type { ServiceContext } from './context'
import { bestAnswersFile } from './examples'
import { findRunReference } from './modelReference'
import { resultOf } from './supervisor'

/** Figures that are counted shares of the validation rows. */
const SHARES: ReadonlySet<string> = new Set(['accuracy'])

export interface ComparisonService {
  /**
   * Each run but the first against the first; p values are corrected for the number of runs.
   * @param names as sentences call the runs
   */
  judge(runs: readonly RunId[], names: readonly string[]): Promise<Judgement[]>
}

export function comparisonService(ctx: ServiceContext): ComparisonService {
  return {
    async judge(runs, names) {
      const rows = runs.map((run) => findRunReference(ctx, run))
      const sides = rows.map(sideOf)
      const [reference, ...others] = sides
      if (!reference || others.length === 0)
        throw new UserError('bad-input', 'A comparison takes two runs or more.')
      const answers = await pairedAnswers(ctx, rows)
      const pairs = others.map((other, i) => pairOf(ctx, reference, other, answers[i]!))
      // One family a metric and test: its members are alternatives of each other.
      const families = new Map<string, { pair: number; measured: Measured }[]>()
      pairs.forEach(({ measured }, pair) => {
        for (const one of measured) {
          const key = `${one.metric} ${one.test}`
          families.set(key, [...(families.get(key) ?? []), { pair, measured: one }])
        }
      })
      const judgements = others.map((other, i): Judgement => ({
        run: other.id,
        reference: reference.id,
        verdicts: [],
        note: pairs[i]!.note,
      }))
      for (const family of families.values()) {
        const verdicts = conclude(
          family.map(({ pair, measured }) => ({
            measured,
            names: [names[0]!, names[pair + 1]!],
            problem: reference.problem,
          })),
        )
        family.forEach(({ pair }, i) => judgements[pair]!.verdicts.push(verdicts[i]!))
      }
      return judgements
    },
  }
}

/** What is known of one run. */
interface Side {
  id: RunId
  problem: ReturnType<typeof toRunSummary>['problem']
  metrics: EvalMetrics | null
  facts: RunFacts | null
  settings: string
  version: string | null
}

function sideOf(row: RunRow): Side {
  const run = toRunSummary(row)
  return {
    id: run.id,
    problem: run.problem,
    metrics: evaluationOf(run),
    facts: decode<RunFacts>(row.facts_json),
    settings: settingsKey(decode<RunConfig>(row.config_json)),
    version: row.dataset_version_id,
  }
}

function pairOf(
  ctx: ServiceContext,
  first: Side,
  second: Side,
  answers: PairedAnswers | null,
): { measured: Measured[]; note: string | null } {
  const nothing = (note: string) => ({ measured: [], note })
  if (first.problem !== second.problem) return nothing('They solve different problems.')
  if (!first.metrics || !second.metrics) return nothing('One of them was never evaluated.')
  const onSharedRows = answers && answers.shared > 0
  if (onSharedRows) return pairedOf(ctx, first, second, answers)
  if (!first.facts || !second.facts || first.facts.data_sha256 !== second.facts.data_sha256)
    return nothing('They were measured on different rows: their figures cannot be compared.')
  const rows = first.facts.validation_rows
  return {
    measured: [...overSeeds(ctx, first, second), ...byShares(first, second, rows)],
    note: luckNote(first, second),
  }
}

/** Row by row, on those that both were asked. */
function pairedOf(
  ctx: ServiceContext,
  first: Side,
  second: Side,
  { measured, shared, firstRows, secondRows }: PairedAnswers,
): { measured: Measured[]; note: string | null } {
  const most = Math.max(firstRows, secondRows)
  const warning = `Only the ${shared} rows that both were asked are compared, of ${most}.`
  const onRows = measured.map((one) =>
    shared === most ? one : { ...one, warnings: [...one.warnings, warning] },
  )
  return { measured: [...overSeeds(ctx, first, second), ...onRows], note: luckNote(first, second) }
}

function isSameSetting(first: Side, second: Side): boolean {
  return first.settings === second.settings
}

function luckNote(first: Side, second: Side): string | null {
  return isSameSetting(first, second)
    ? 'They differ in nothing but the seed: a gap says which run was luckier, not which setting is better.'
    : null
}

/** Each run's best evaluation with the first's, in a worker: resampling many rows takes seconds. */
async function pairedAnswers(
  ctx: ServiceContext,
  rows: readonly RunRow[],
): Promise<(PairedAnswers | null)[]> {
  const [first, ...others] = rows.map((row) => bestAnswersFile(ctx, row))
  const files = others.filter((file) => file !== null)
  if (!first || files.length === 0) return others.map(() => null)
  const running = ctx.workers.run({ kind: 'pair-answers', first, others: files })
  const { pairs } = resultOf(await running.finished)
  let next = 0
  return others.map((file) => (file === null ? null : pairs[next++]!))
}

/** Both settings with every seed they were trained with on these rows. */
function overSeeds(ctx: ServiceContext, first: Side, second: Side): Measured[] {
  if (isSameSetting(first, second) || first.version === null) return []
  const siblings = finishedOnVersion(ctx.db, first.version)
    .map(sideOf)
    .filter(({ facts }) => facts?.data_sha256 === first.facts?.data_sha256)
  return HEADLINES[first.problem].flatMap((metric) => {
    const valuesOf = (side: Side) =>
      siblings.flatMap(({ settings, metrics }) =>
        settings === side.settings && Number.isFinite(metrics?.[metric]) ? [metrics![metric]!] : [],
      )
    const [a, b] = [valuesOf(first), valuesOf(second)]
    return a.length < 2 || b.length < 2 ? [] : [measureSeeds(metric, a, b)]
  })
}

function byShares(first: Side, second: Side, rows: number): Measured[] {
  return HEADLINES[first.problem].flatMap((metric) => {
    const [a, b] = [first.metrics![metric], second.metrics![metric]]
    if (!SHARES.has(metric) || first.problem !== 'single-label' || rows === 0) return []
    if (a === undefined || b === undefined) return []
    return [measureTwoShares(metric, { share: a, rows }, { share: b, rows })]
  })
}
