/** The tokenizer tasks: looking at one, training one, what it makes of lines and of a whole split. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { CellValue } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { showTokens, showWordSteps, tokenizerFacts } from '../../engine/tokenize/inspect'
import { loadTokenizer } from '../../engine/tokenize/load'
import { saveTokenizer } from '../../engine/tokenize/save'
import { tokenizerStatistics } from '../../engine/tokenize/statistics'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import { trainTokenizer } from '../../engine/tokenize/train/trainTokenizer'
import { openVersionFile } from '../../data/file/openVersion'
import type { TaskContext, TaskOf } from '../serve'
import type { TaskResults } from '../protocol'

/** Tokenizers in use, by path; a changed folder is read again. */
const loaded = new Map<string, { changedMs: number; tokenizer: Tokenizer }>()
const MOST_LOADED = 6

async function tokenizerAt(path: string): Promise<Tokenizer> {
  const changedMs = changeOf(path)
  const known = loaded.get(path)
  if (known?.changedMs === changedMs) return known.tokenizer
  const tokenizer = await loadTokenizer(path)
  loaded.delete(path)
  loaded.set(path, { changedMs, tokenizer })
  for (const oldest of loaded.keys()) if (loaded.size > MOST_LOADED) loaded.delete(oldest)
  return tokenizer
}

function changeOf(path: string): number {
  const stats = [path, join(path, 'tokenizer.json')].map((file) => statSync(file, { throwIfNoEntry: false }))
  return Math.max(...stats.map((found) => found?.mtimeMs ?? 0))
}

export async function openTokenizerTask(
  task: TaskOf<'open-tokenizer'>,
): Promise<TaskResults['open-tokenizer']> {
  return tokenizerFacts(await tokenizerAt(task.path))
}

export async function trainTokenizerTask(
  task: TaskOf<'train-tokenizer'>,
  context: TaskContext,
): Promise<TaskResults['train-tokenizer']> {
  const startedMs = performance.now()
  const texts = textsOf(task)
  const tokenizer = await trainTokenizer(texts, task.options, {
    signal: context.signal,
    onProgress: (stage, done, total) => context.progress(done, total, stage.toLowerCase()),
  })
  await saveTokenizer(tokenizer, task.outputDir)
  const seconds = (performance.now() - startedMs) / 1000
  return { facts: tokenizerFacts(tokenizer), rows: texts.length, seconds }
}

export async function tokenizeTask(task: TaskOf<'tokenize'>): Promise<TaskResults['tokenize']> {
  const tokenizer = await tokenizerAt(task.path)
  return {
    lines: task.lines.map((line) => showTokens(tokenizer, line, task.addSpecialTokens)),
    steps: task.stepsOf === null ? [] : showWordSteps(tokenizer, task.stepsOf),
  }
}

export async function tokenizerStatisticsTask(
  task: TaskOf<'tokenizer-statistics'>,
  context: TaskContext,
): Promise<TaskResults['tokenizer-statistics']> {
  return tokenizerStatistics(await tokenizerAt(task.path), textsOf(task), task.maxLength, {
    signal: context.signal,
    onProgress: (_, done, total) => context.progress(done, total, 'rows'),
  })
}

function cellText(value: CellValue): string {
  if (value === null) return ''
  return Array.isArray(value) ? value.map(cellText).join(' ') : String(value)
}

/** @throws UserError `bad-config` where there is no such column, `bad-input` where the split is empty */
function textsOf({ datasetFile, column }: { datasetFile: string; column: string }): string[] {
  const file = openVersionFile(datasetFile)
  try {
    const texts = file.column(column, 'train').map(cellText)
    if (texts.length > 0) return texts
    throw new UserError('bad-input', 'The training split has no rows.', {
      hint: 'Split the dataset again, with rows to train on.',
    })
  } finally {
    file.close()
  }
}
