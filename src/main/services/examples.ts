/** What runs answered row by row: the evaluations that are kept, their rows, and what these say together. */
import { readdirSync, statSync } from 'node:fs'
import { bestIsGreater, bestMetric } from '../../shared/domain/runConfigRules'
import type {
  ExampleFilter,
  ExampleQuery,
  ExamplesMeta,
  ExampleSlice,
  ExamplesPage,
  ExamplesReport,
  KeptEvaluation,
} from '../../shared/domain/examples'
import type { RunConfig } from '../../shared/domain/runConfig'
import { UserError } from '../../shared/errors'
import type { DatasetVersionId, RunId } from '../../shared/ids'
import { EXAMPLES_FILE, examplesFile, examplesFolder } from '../data/examples/folder'
import { ExamplesFile } from '../data/examples/openExamples'
import { findVersion } from '../store/queries/datasets'
import { decode, toRunSummary, type RunRow } from '../store/rows'
import type { ServiceContext } from './context'
import { reportOf } from './examplesReport'
import { lengthSlices } from './examplesSlices'
import { fromStored } from './home'
import { findRunReference } from './modelReference'

/** Values of a column that are told apart; the rest are rare. */
const MOST_SLICES = 200

export interface ExamplesService {
  /** Evaluations whose answers are kept, by step: the best and the last. Empty for runs of earlier versions. */
  kept(run: RunId): KeptEvaluation[]
  /** @param step `null`: the best */
  page(run: RunId, step: number | null, query: ExampleQuery): ExamplesPage
  report(run: RunId, step: number | null): ExamplesReport
  /** Rows grouped by a column, by `label` (their true class) or by `length`. */
  slices(run: RunId, step: number | null, by: SliceBy): ExampleSlice[]
}

export type SliceBy = { column: string } | 'length'

export function examplesService(ctx: ServiceContext): ExamplesService {
  const reading = <T>(
    run: RunId,
    step: number | null,
    read: (file: ExamplesFile) => T,
    other: RunId | null = null,
  ): T => {
    const row = findRunReference(ctx, run)
    const file = openEvaluation(ctx, row, step, other === null ? null : otherFile(ctx, row, other))
    try {
      return read(file)
    } finally {
      file.close()
    }
  }
  return {
    kept: (run) => keptEvaluations(ctx, findRunReference(ctx, run)),
    page: (run, step, query) => reading(run, step, (file) => file.page(query), query.other?.run),
    report: (run, step) => reading(run, step, reportOf),
    slices: (run, step, by) =>
      reading(run, step, (file) => {
        if (by === 'length') return lengthSlices(file)
        const { column } = by
        return file.byColumn(column, MOST_SLICES).map((slice): ExampleSlice => {
          const filter: ExampleFilter = { slice: { column, value: slice.value } }
          return { ...slice, filter }
        })
      }),
  }
}

/** Files that cannot be read are no evaluations. */
function keptEvaluations(ctx: ServiceContext, row: RunRow): KeptEvaluation[] {
  const folder = examplesFolder(fromStored(ctx.home, row.run_dir))
  const found = steps(folder).flatMap((step) => {
    const path = examplesFile(folder, step)
    try {
      const file = ExamplesFile.open(path, null, {})
      file.close()
      return [{ ...file.meta, sizeBytes: statSync(path).size }]
    } catch (error) {
      ctx.log('warn', `${path} was left out: ${String(error)}`)
      return []
    }
  })
  const best = bestOf(found, decode<RunConfig>(row.config_json))
  return found.map((one, i) => ({ ...one, isBest: one === best, isLast: i === found.length - 1 }))
}

function steps(folder: string): number[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    return []
  }
  return names
    .flatMap((name) => EXAMPLES_FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

/** The first of those that are equally good, as the run itself chose it. */
function bestOf<E extends ExamplesMeta>(found: readonly E[], config: RunConfig): E | undefined {
  const sign = bestIsGreater(config) ? 1 : -1
  const worth = ({ metrics }: E) => sign * (metrics[bestMetric(config)] ?? -Infinity)
  return found.reduce<E | undefined>(
    (best, one) => (best === undefined || worth(one) > worth(best) ? one : best),
    undefined,
  )
}

/** The file of a run's best evaluation; null where its answers are not kept. */
export function bestAnswersFile(ctx: ServiceContext, row: RunRow): string | null {
  const best = keptEvaluations(ctx, row).find(({ isBest }) => isBest)
  return best ? pathOf(ctx, row, best.step) : null
}

/** Answers of another run that can be set beside this one's. @throws UserError where they cannot */
function otherFile(ctx: ServiceContext, row: RunRow, reference: RunId): string {
  const other = findRunReference(ctx, reference)
  const [one, two] = [toRunSummary(row).problem, toRunSummary(other).problem]
  if (one !== two || one === 'regression')
    throw new UserError(
      'bad-input',
      one === two
        ? 'Numbers are not right or wrong: rows cannot be told apart by that.'
        : `${row.name} and ${other.name} solve different problems.`,
    )
  const path = bestAnswersFile(ctx, other)
  if (path === null) throw notKept(other)
  return path
}

function notKept({ name }: RunRow): UserError {
  return new UserError('not-found', `The answers of ${name} row by row are not there.`, {
    hint: 'Runs keep them with each evaluation of a validation split; train it again to have them.',
  })
}

function pathOf(ctx: ServiceContext, row: RunRow, step: number): string {
  return examplesFile(examplesFolder(fromStored(ctx.home, row.run_dir)), step)
}

/** @param step `null`: the best @throws UserError `not-found` where it is not kept */
function openEvaluation(
  ctx: ServiceContext,
  row: RunRow,
  step: number | null,
  other: string | null,
): ExamplesFile {
  const kept = keptEvaluations(ctx, row)
  const chosen = kept.find((one) => (step === null ? one.isBest : one.step === step))
  if (kept.length === 0) throw notKept(row)
  if (!chosen)
    throw new UserError('not-found', `The answers of step ${step} are not kept.`, {
      hint: `Kept are those of ${kept.map((one) => `step ${one.step}`).join(' and ')}.`,
    })
  const version = row.dataset_version_id && findVersion(ctx.db, row.dataset_version_id as DatasetVersionId)
  return ExamplesFile.open(
    pathOf(ctx, row, chosen.step),
    version ? fromStored(ctx.home, version.file) : null,
    decode<RunConfig>(row.config_json).columns,
    other,
  )
}
