/** How often each word (as the model would see it) occurs in a text. */
import { breathe } from '../../../../shared/breathe'
import { wholeText } from '../piece'
import type { Normalizer } from '../normalizers'
import type { PreTokenizer } from '../preTokenizers'
import { toWellFormed } from '../unicode'

export interface TrainingHooks {
  /** `stage` is a sentence for the person who waits. */
  onProgress?: (stage: string, done: number, total: number) => void
  signal?: AbortSignal
}

export async function countWords(
  texts: Iterable<string>,
  normalizer: Normalizer | null,
  preTokenizer: PreTokenizer,
  hooks: TrainingHooks,
): Promise<Map<string, number>> {
  const total = Array.isArray(texts) ? texts.length : 0
  /** Texts between spaces repeat: each is taken apart once, at the end. */
  const isLocal = preTokenizer.isSpaceLocal && (normalizer?.isSpaceLocal ?? true)
  const chunks = new Map<string, number>()
  let done = 0
  for (const text of texts) {
    for (const chunk of isLocal ? text.split(' ') : [text]) chunks.set(chunk, (chunks.get(chunk) ?? 0) + 1)
    if (++done % 1024 === 0) {
      hooks.onProgress?.('Reading the text', done, total)
      await breathe(hooks.signal)
    }
  }
  const words = new Map<string, number>()
  let taken = 0
  for (const [chunk, count] of chunks) {
    const piece = wholeText(toWellFormed(chunk), false)
    for (const { text } of preTokenizer.apply([normalizer?.apply(piece) ?? piece])) {
      if (text !== '') words.set(text, (words.get(text) ?? 0) + count)
    }
    if (++taken % 1024 === 0) {
      hooks.onProgress?.('Counting words', taken, chunks.size)
      await breathe(hooks.signal)
    }
  }
  return words
}
