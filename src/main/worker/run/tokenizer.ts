/** The tokenizer of a run: a folder the config names, the model's own, or one trained on the training split. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTokenizer } from '../../engine/tokenize/load'
import { saveTokenizer, tokenizerFiles } from '../../engine/tokenize/save'
import { trainTokenizer } from '../../engine/tokenize/train/trainTokenizer'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import { TOKENIZER_FOLDER, type PreparedTask } from '../protocol'
import type { TaskContext } from '../serve'

export interface RunTokenizer {
  tokenizer: Tokenizer
  /** Of its tokenizer.json. */
  sha256: string
}

const PROGRESS_MS = 200

/** Its files are kept in the run's folder: every checkpoint and the finished model get them, a resume reads them. */
export async function tokenizerOf(
  task: PreparedTask,
  texts: readonly string[],
  context: TaskContext,
): Promise<RunTokenizer> {
  const { config, modelDir, runDir } = task
  const kept = join(runDir, TOKENIZER_FOLDER)
  if (hasTokenizer(kept)) return hashed(await loadTokenizer(kept))
  const folder = config.tokenizer ?? (modelDir !== null && hasTokenizer(modelDir) ? modelDir : null)
  const tokenizer =
    folder === null ? await trained(texts, config.vocab_size, context) : await loadTokenizer(folder)
  if (keepsTokenizer(task)) {
    const draft = `${kept}.draft`
    await rm(draft, { recursive: true, force: true })
    await saveTokenizer(tokenizer, draft, config.max_length)
    if (folder !== null) await copyOwnFiles(folder, draft)
    await rename(draft, kept)
  }
  return hashed(tokenizer)
}

/** Whether the model is written too, and so wants the tokenizer beside it. */
export function keepsTokenizer({ kind }: PreparedTask): boolean {
  return kind === 'run' || kind === 'script-files'
}

/** The tokenizer files of a run by their name: what `TrainSpec.tokenizerFiles` wants. */
export async function keptTokenizerFiles(runDir: string): Promise<Record<string, string>> {
  const folder = join(runDir, TOKENIZER_FOLDER)
  return Object.fromEntries((await readdir(folder)).map((name) => [name, join(folder, name)]))
}

function trained(texts: readonly string[], vocabSize: number, context: TaskContext): Promise<Tokenizer> {
  return trainTokenizer(
    texts,
    { type: 'WordPiece', vocab_size: vocabSize },
    { signal: context.signal, onProgress: prepareProgress(context) },
  )
}

/** A folder's own files say more than those written from what was read. */
async function copyOwnFiles(from: string, to: string): Promise<void> {
  for (const name of await readdir(to))
    if (existsSync(join(from, name))) await copyFile(join(from, name), join(to, name))
}

export function hasTokenizer(folder: string): boolean {
  return ['tokenizer.json', 'vocab.txt', 'vocab.json'].some((name) => existsSync(join(folder, name)))
}

/** Emits `prepare` events, a few a second and the last of each stage. */
export function prepareProgress(context: TaskContext): (stage: string, done: number, total: number) => void {
  let last = { stage: '', ms: 0 }
  return (stage, done, total) => {
    const now = performance.now()
    if (stage === last.stage && done < total && now - last.ms < PROGRESS_MS) return
    last = { stage, ms: now }
    context.emit({ event: 'prepare', stage, done, total })
  }
}

function hashed(tokenizer: Tokenizer): RunTokenizer {
  const json = tokenizerFiles(tokenizer, null).get('tokenizer.json')!
  return { tokenizer, sha256: createHash('sha256').update(json).digest('hex') }
}
