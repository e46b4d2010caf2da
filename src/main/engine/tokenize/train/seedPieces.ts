/**
 * The pieces that Unigram training starts from: every character, and every substring of at most 16 characters that two
 * words (or one word twice) continue differently, the most frequent × longest first. Those are the inner nodes of the
 * words' suffix tree, found here length by length.
 */
import { breathe } from '../../../../shared/breathe'
import type { TrainingHooks } from './countWords'
import type { ScoredPiece } from './learnUnigram'

const SEED_SIZE = 1_000_000
const LONGEST_PIECE = 16
const END = ''

/** `characters`: those kept, the most frequent first. */
export async function seedPieces(
  words: readonly (readonly [string, number])[],
  limitAlphabet: number,
  hooks: TrainingHooks,
): Promise<{ pieces: ScoredPiece[]; characters: string[] }> {
  const frequency = new Map<string, number>()
  for (const [word, count] of words)
    for (const char of word) frequency.set(char, (frequency.get(char) ?? 0) + count)
  const byFrequency = [...frequency].sort((a, b) => b[1] - a[1] || codePoint(b[0]) - codePoint(a[0]))
  const characters = byFrequency.slice(0, limitAlphabet)
  const kept = new Set(characters.map(([char]) => char))
  const spelled = words.map(([word]) => Array.from(word, (char) => (kept.has(char) ? char : null)))
  const substrings = await branchingSubstrings(spelled, hooks)
  substrings.sort((a, b) => b.score - a.score || (a.text < b.text ? 1 : -1))
  const counted: [string, number][] = [
    ...characters,
    ...substrings
      .slice(0, SEED_SIZE - characters.length)
      .map(({ text, score }): [string, number] => [text, score]),
  ]
  const logSum = Math.log(counted.reduce((sum, [, count]) => sum + count, 0))
  return {
    pieces: counted.map(([piece, count]) => [piece, Math.log(count) - logSum]),
    characters: characters.map(([char]) => char),
  }
}

interface Seen {
  count: number
  /** The character after it as long as it is always the same one; null once it is not. */
  next: string | null
}

/** Only what occurs twice can be extended to something that does. */
async function branchingSubstrings(
  words: readonly (readonly (string | null)[])[],
  hooks: TrainingHooks,
): Promise<{ text: string; score: number }[]> {
  const found: { text: string; score: number }[] = []
  let repeated: ReadonlySet<string> | null = null
  for (let length = 2; length <= LONGEST_PIECE; length++) {
    const seen = new Map<string, Seen>()
    for (const [i, word] of words.entries()) {
      for (let start = 0; start + length <= word.length; start++) {
        const end = start + length
        if (word.slice(start, end).includes(null)) continue
        if (repeated && !repeated.has(word.slice(start, end - 1).join(''))) continue
        const text = word.slice(start, end).join('')
        const next = word[end] ?? END
        const known = seen.get(text)
        if (!known) seen.set(text, { count: 1, next })
        else {
          known.count++
          if (known.next !== next) known.next = null
        }
      }
      if (i % 256 === 0) await breathe(hooks.signal)
    }
    const again = new Set<string>()
    for (const [text, { count, next }] of seen) {
      if (count < 2) continue
      again.add(text)
      if (next === null) found.push({ text, score: count * length })
    }
    hooks.onProgress?.('Finding substrings', length, LONGEST_PIECE)
    if (again.size === 0) break
    repeated = again
  }
  return found
}

function codePoint(char: string): number {
  return char.codePointAt(0)!
}
