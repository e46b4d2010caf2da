/** The tokenizer of a run: a folder the config names, the model's own, or one trained on the training split. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadTokenizer } from '../../engine/tokenize/load'
import { saveTokenizer, tokenizerFiles } from '../../engine/tokenize/save'
import { trainTokenizer } from '../../engine/tokenize/train/trainTokenizer'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import type { EstimateTask, RunTask } from '../protocol'
import type { TaskContext } from '../serve'

export interface RunTokenizer {
  tokenizer: Tokenizer
  /** Of its tokenizer.json. */
  sha256: string
}

/** Steps between two progress events are at least this far apart. */
const PROGRESS_MS = 200

/** A trained tokenizer is kept in the run's folder, so that a resumed run reads the same file. */
export async function tokenizerOf(
  task: RunTask | EstimateTask,
  texts: () => readonly string[],
  context: TaskContext,
): Promise<RunTokenizer> {
  const { config, modelDir, runDir } = task
  const kept = join(runDir, 'tokenizer')
  const folder = config.tokenizer ?? (modelDir !== null && hasTokenizer(modelDir) ? modelDir : null)
  if (folder !== null) return hashed(await loadTokenizer(folder))
  if (hasTokenizer(kept)) return hashed(await loadTokenizer(kept))
  const trained = await trainTokenizer(
    texts(),
    { type: 'WordPiece', vocab_size: config.vocab_size },
    { signal: context.signal, onProgress: prepareProgress(context) },
  )
  if (task.kind === 'run') await saveTokenizer(trained, kept, config.max_length)
  return hashed(trained)
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
