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
import type { ServiceContext } from './context'
import { findRunReference } from './modelReference'

/** Figures that are counted shares of the validation rows. */
const SHARES: ReadonlySet<string> = new Set(['accuracy'])

export interface ComparisonService {
  /**
   * Each run but the first against the first; p values are corrected for the number of runs.
   * @param names as sentences call the runs
   */
  judge(runs: readonly RunId[], names: readonly string[]): Judgement[]
}

export function comparisonService(ctx: ServiceContext): ComparisonService {
  return {
    judge(runs, names) {
      const sides = runs.map((run) => sideOf(findRunReference(ctx, run)))
      const [reference, ...others] = sides
      if (!reference || others.length === 0)
        throw new UserError('bad-input', 'A comparison takes two runs or more.')
      const pairs = others.map((other) => pairOf(ctx, reference, other))
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
): { measured: Measured[]; note: string | null } {
  const nothing = (note: string) => ({ measured: [], note })
  if (first.problem !== second.problem) return nothing('They solve different problems.')
  if (!first.metrics || !second.metrics) return nothing('One of them was never evaluated.')
  if (!first.facts || !second.facts || first.facts.data_sha256 !== second.facts.data_sha256)
    return nothing('They were measured on different rows: their figures cannot be compared.')
  const rows = first.facts.validation_rows
  const isSameSetting = first.settings === second.settings
  return {
    measured: [...overSeeds(ctx, first, second, isSameSetting), ...byShares(first, second, rows)],
    note: isSameSetting
      ? 'They differ in nothing but the seed: a gap says which run was luckier, not which setting is better.'
      : null,
  }
}

/** Both settings with every seed they were trained with on these rows. */
function overSeeds(ctx: ServiceContext, first: Side, second: Side, isSameSetting: boolean): Measured[] {
  if (isSameSetting || first.version === null) return []
  const siblings = finishedOnVersion(ctx.db, first.version)
    .map(sideOf)
    .filter(({ facts }) => facts?.data_sha256 === first.facts!.data_sha256)
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
