/** From a file, pasted text, given splits or the sample to a sealed dataset version file. */
import type { DatasetVersion, Split } from '../../shared/domain/dataset'
import type { SourceSettings } from '../../shared/domain/sourceFormats'
import type { SplitRule } from '../../shared/ipc/datasets'
import { writeVersionFile, type WrittenVersion } from './file/writeVersion'
import type { NewRow } from './file/schema'
import { openFile, openText } from './readers/openSource'
import { Rejects, type RowSource } from './readers/row'
import { semanticFieldsRows } from './sample/semanticFields'
import { dealBy } from './split'
import { splitNamed } from './splitNames'

export type ImportSource =
  | { kind: 'file'; path: string; settings?: SourceSettings }
  | { kind: 'splits'; train: string; validation?: string; test?: string }
  | { kind: 'text'; text: string; settings?: SourceSettings }
  | { kind: 'sample'; name: 'semantic-fields' }

export interface ImportHooks {
  /** `stage` is a sentence for the person who waits; `total` is 0 where it is not known. */
  onProgress?: (stage: string, done: number, total: number) => void
  signal?: AbortSignal
}

export const DEFAULT_SPLIT: SplitRule = { validation: 0.1, test: 0, seed: 42, stratifyBy: null }

/**
 * @param split how rows are dealt; null for the default, which a file with a column "split" overrides
 * @throws UserError worded for the person who imports
 */
export async function importDataset(
  source: ImportSource,
  split: SplitRule | null,
  outputFile: string,
  hooks: ImportHooks = {},
): Promise<WrittenVersion> {
  const writeHooks = {
    ...(hooks.signal && { signal: hooks.signal }),
    onProgress: (rows: number) => hooks.onProgress?.(`${rows.toLocaleString('en')} rows read`, rows, 0),
  }
  switch (source.kind) {
    case 'sample': {
      hooks.onProgress?.('Reading WordNet', 0, 0)
      const rows = (await semanticFieldsRows()).map((row, i): NewRow => ({ sourceRow: i + 1, ...row }))
      return writeVersionFile(
        outputFile,
        rows,
        {
          source: { kind: 'sample', name: source.name },
          splitRule: 'fixed by the sample: one seventh of each label for validation',
          rejected: () => new Rejects(),
          deal: null,
        },
        writeHooks,
      )
    }
    case 'splits':
      return importSplits(source, outputFile, hooks, writeHooks)
    case 'file':
    case 'text': {
      const table =
        source.kind === 'file'
          ? await openFile(source.path, source.settings, readHooks(hooks))
          : openText(source.text, source.settings, readHooks(hooks))
      const path = source.kind === 'file' ? source.path : 'pasted text'
      return importTable(table, path, split, outputFile, writeHooks)
    }
  }
}

async function importTable(
  table: RowSource,
  path: string,
  split: SplitRule | null,
  outputFile: string,
  hooks: { onProgress: (rows: number) => void; signal?: AbortSignal },
): Promise<WrittenVersion> {
  const rule = split ?? DEFAULT_SPLIT
  const own = new SplitColumn(split === null)
  async function* rows(): AsyncGenerator<NewRow> {
    for await (const { row, cells } of table.rows())
      yield { sourceRow: row, split: null, cells: own.take(cells) }
  }
  return writeVersionFile(
    outputFile,
    rows(),
    {
      source: describe(table, path),
      get splitRule() {
        return own.isUsed ? 'by the column "split"' : describeRule(rule)
      },
      rejected: () => table.rejects,
      deal: {
        column: columnOf(rule),
        splits: (values, count) => (own.isUsed ? own.splits : dealBy(rule, count, values)),
      },
    },
    hooks,
  )
}

async function importSplits(
  source: Extract<ImportSource, { kind: 'splits' }>,
  outputFile: string,
  hooks: ImportHooks,
  writeHooks: { onProgress: (rows: number) => void; signal?: AbortSignal },
): Promise<WrittenVersion> {
  const parts: { split: Split; table: RowSource }[] = []
  for (const split of ['train', 'validation', 'test'] as const) {
    const path = source[split]
    if (path !== undefined) parts.push({ split, table: await openFile(path, {}, readHooks(hooks)) })
  }
  async function* rows(): AsyncGenerator<NewRow> {
    for (const { split, table } of parts) {
      for await (const { row, cells } of table.rows()) yield { sourceRow: row, split, cells }
    }
  }
  return writeVersionFile(
    outputFile,
    rows(),
    {
      source: describe(parts[0]!.table, source.train),
      splitRule: `by file: ${parts.map(({ split }) => split).join(', ')}`,
      rejected: () => ({
        kept: parts.flatMap(({ table }) => table.rejects.kept),
        count: parts.reduce((sum, { table }) => sum + table.rejects.count, 0),
      }),
      deal: null,
    },
    writeHooks,
  )
}

/** A column "split" whose every value names one: rows then go where it says. */
class SplitColumn {
  readonly splits: Split[] = []

  constructor(private mayBeUsed: boolean) {}

  get isUsed(): boolean {
    return this.mayBeUsed && this.splits.length > 0
  }

  take(cells: NewRow['cells']): NewRow['cells'] {
    if (!this.mayBeUsed) return cells
    const value = cells.split
    const split = typeof value === 'string' ? splitNamed(value) : null
    if (split) this.splits.push(split)
    else {
      this.mayBeUsed = false
      this.splits.length = 0
    }
    return cells
  }
}

function readHooks(hooks: ImportHooks) {
  return {
    ...(hooks.signal && { signal: hooks.signal }),
    onProgress: (done: number, total: number) => hooks.onProgress?.('Reading', done, total),
  }
}

function describe(table: RowSource, path: string): DatasetVersion['source'] {
  return {
    kind: 'file',
    path,
    format: table.format,
    encoding: table.encoding,
    ...(table.delimiter !== undefined && { delimiter: table.delimiter }),
  }
}

/** The column whose values decide. */
function columnOf({ stratifyBy, groupBy, timeBy }: SplitRule): string | null {
  return timeBy ?? groupBy ?? stratifyBy
}

function describeRule(rule: SplitRule): string {
  const percent = (share: number) => `${Math.round(share * 1000) / 10} %`
  const parts = [
    `validation ${percent(rule.validation)}`,
    ...(rule.test > 0 ? [`test ${percent(rule.test)}`] : []),
  ]
  if (rule.timeBy !== undefined) return `${parts.join(', ')}, the latest by "${rule.timeBy}"`
  const how =
    rule.groupBy !== undefined
      ? `whole groups of "${rule.groupBy}"`
      : rule.stratifyBy === null
        ? 'at random'
        : `stratified by "${rule.stratifyBy}"`
  return `${parts.join(', ')}, ${how}, seed ${rule.seed}`
}
