/** The augmentation tasks: a recipe on the training rows of a dataset version or of a file. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  REJECT_REASONS,
  type AugmentedExample,
  type AugmentReport,
} from '../../../shared/domain/augmentation'
import type { AugmentedSource, CellValue, RejectedRow } from '../../../shared/domain/dataset'
import { Augmentation, exampleOf, WHOLE } from '../../augment/augment'
import { writtenText } from '../../augment/make'
import type { NewRow } from '../../data/file/schema'
import { openVersionFile, type VersionFile } from '../../data/file/openVersion'
import { writeVersionFile } from '../../data/file/writeVersion'
import { importDataset } from '../../data/importDataset'
import { Rejects } from '../../data/readers/row'
import { cellsOf, columnsOf, rowsToAugment, SOURCE_COLUMN, type Columns } from '../augment/columns'
import { outcomesByThreads, usualThreads } from '../augment/threads'
import { modelsIn } from '../augment/models'
import { requireRowFormat, writeRows } from '../augment/rowWriter'
import type { AugmentFileTask, AugmentPreviewTask, AugmentTask, RecipeToRun } from '../augment/tasks'
import type { TaskResults } from '../protocol'
import type { TaskContext } from '../serve'

type Cells = Readonly<Record<string, CellValue>>

const PROGRESS_MS = 100

export async function augmentTask(task: AugmentTask, context: TaskContext): Promise<TaskResults['augment']> {
  return withVersion(task.datasetFile, async (file) => {
    const work = await prepare(file, task, context)
    const rejects = new Rejects()
    const source: AugmentedSource = {
      kind: 'augmentation',
      version: task.version,
      sha256: file.meta.sha256,
      recipe: task.recipe,
      report: work.tally.report(),
    }
    async function* rows(): AsyncGenerator<NewRow> {
      for (const { cells, sourceRow, split } of file.iterate())
        yield { cells: { ...cells }, sourceRow, split }
      for await (const { cells, sourceRow } of work.kept(rejects)) yield { cells, sourceRow, split: 'train' }
      source.report = work.tally.report()
    }
    const written = await writeVersionFile(
      task.outputFile,
      rows(),
      { source, splitRule: file.meta.splitRule, rejected: () => rejects, deal: null },
      { signal: context.signal },
    )
    const { rows: counts, rejected, sha256, sizeBytes, splitRule } = written
    return {
      rows: counts,
      rejected,
      sha256,
      sizeBytes,
      splitRule,
      source,
      report: source.report,
    }
  })
}

export async function augmentFileTask(
  task: AugmentFileTask,
  context: TaskContext,
): Promise<TaskResults['augment-file']> {
  requireRowFormat(task.output)
  const folder = await mkdtemp(join(tmpdir(), 'tunesmith-augment-'))
  try {
    const datasetFile = join(folder, 'rows.sqlite')
    const validation = task.evaluation === null ? {} : { validation: task.evaluation }
    await importDataset({ kind: 'splits', train: task.input, ...validation }, null, datasetFile, {
      signal: context.signal,
    })
    return await withVersion(datasetFile, async (file) => {
      const work = await prepare(file, task, context)
      const columns = [...file.meta.columns]
      if (!columns.includes(SOURCE_COLUMN)) columns.push(SOURCE_COLUMN)
      async function* rows(): AsyncGenerator<Cells> {
        for (const { cells } of file.iterate('train')) yield cells
        for await (const { cells } of work.kept(new Rejects())) yield cells
      }
      const count = await writeRows(task.output, columns, rows())
      const refused: RejectedRow[] = file.rejected()
      return { report: work.tally.report(), rows: count, refused }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function augmentPreviewTask(
  task: AugmentPreviewTask,
  context: TaskContext,
): Promise<TaskResults['augment-preview']> {
  return withVersion(task.datasetFile, async (file) => {
    const startedMs = performance.now()
    const { augmentation, tally } = await prepare(file, task, context)
    const examples: AugmentedExample[] = []
    const sample = { rows: task.rows, each: 1, turn: task.turn }
    for await (const copy of augmentation.sample(sample, context.signal)) {
      tally.add(copy)
      examples.push(exampleOf(copy))
    }
    const report = tally.report()
    const planned = augmentation.total
    const preparing = (performance.now() - startedMs) / 1000 - report.seconds
    const seconds = preparing + planned * (await paceOf(augmentation, report, context.signal))
    return { examples, recipe: task.recipe, report, planned, classes: augmentation.plannedClasses(), seconds }
  })
}

const WARM_UP_MS = 50
const MEASURED_MS = 100

/** Seconds a copy takes. Code runs slowly at first, so where the sample was made quickly more copies are timed. */
async function paceOf(
  augmentation: Augmentation,
  { seconds, made }: AugmentReport,
  signal: AbortSignal,
): Promise<number> {
  if (seconds * 1000 > WARM_UP_MS + MEASURED_MS) return seconds / Math.max(1, made)
  const startedMs = performance.now()
  let [passedMs, warmAtMs, counted] = [0, 0, 0]
  for await (const together of augmentation.outcomes(WHOLE, signal)) {
    passedMs = performance.now() - startedMs
    if (passedMs < WARM_UP_MS) warmAtMs = passedMs
    else counted += together.length
    if (passedMs >= WARM_UP_MS + MEASURED_MS) break
  }
  return counted > 0 ? (passedMs - warmAtMs) / 1000 / counted : seconds / Math.max(1, made)
}

async function prepare(file: VersionFile, { recipe, models, threads }: RecipeToRun, context: TaskContext) {
  const columns = await columnsOf(file, recipe.columns, context.signal)
  const source = rowsToAugment(file, columns)
  const augmentation = await Augmentation.prepare(
    recipe,
    source,
    modelsIn(models, context.signal),
    context.signal,
  )
  const tally = augmentation.tally()
  return { augmentation, tally, kept: (rejects: Rejects) => kept(rejects) }

  /** The copies that are kept, as rows; the others are noted. */
  async function* kept(
    rejects: Rejects,
  ): AsyncGenerator<{ cells: Record<string, CellValue>; sourceRow: number }> {
    let shownMs = -Infinity
    const onProgress = (made: number, planned: number) => {
      const nowMs = performance.now()
      if (made < planned && nowMs - shownMs < PROGRESS_MS) return
      shownMs = nowMs
      context.progress(made, planned, 'copies')
    }
    const outcomes = isWorthThreads(augmentation)
      ? outcomesByThreads({ datasetFile: file.path, recipe, columns }, threads ?? usualThreads())
      : augmentation.outcomes(WHOLE, context.signal)
    for await (const copy of augmentation.copies({ signal: context.signal, onProgress }, outcomes)) {
      tally.add(copy)
      const { source: row, reason, written } = copy
      if (reason === null) {
        yield { cells: cellsOf(copy, source.cellsOf(row), columns), sourceRow: row.row }
        continue
      }
      const text = written.map(writtenText).join(' ⏐ ')
      rejects.add(row.row, textColumn(columns), `copy ${copy.copy + 1}: ${REJECT_REASONS[reason]}`, text)
    }
  }
}

/** Starting threads takes longer than a few thousand copies; models live in this one. */
function isWorthThreads({ total, asksModels }: Augmentation): boolean {
  return total >= 4_096 && !asksModels
}

function textColumn(columns: Columns): string {
  return columns.kind === 'tagged' ? columns.tokens : columns.text
}

async function withVersion<T>(path: string, work: (file: VersionFile) => Promise<T>): Promise<T> {
  const file = openVersionFile(path)
  try {
    return await work(file)
  } finally {
    file.close()
  }
}
