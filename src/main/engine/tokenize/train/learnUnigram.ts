/**
 * Learns the pieces of a Unigram language model (Kudo 2018): from all frequent substrings, expectation–maximisation and
 * pruning of what the likelihood misses least, until the vocabulary is as small as asked. The steps and defaults are those
 * of huggingface/tokenizers 0.23 (seed of a million, factor 0.75, two steps between prunings, pieces of at most 16
 * characters): seed and probabilities before the first pruning are the same, after it about 4 pieces of 100 differ.
 */
import { breathe } from '../../../../shared/breathe'
import type { TrainingHooks } from './countWords'
import { PieceLattice } from './pieceLattice'
import { seedPieces } from './seedPieces'

export interface UnigramTrainingOptions {
  vocab_size: number
  /** Characters kept in any case: every one of the text's, the most frequent first. */
  limit_alphabet: number
  /** First of the vocabulary, with score 0; the unknown token among them. */
  special_tokens: readonly string[]
}

export type ScoredPiece = [piece: string, logProbability: number]

const SHRINKING_FACTOR = 0.75
const SUB_ITERATIONS = 2
const SPARE = 1.1
/** Pieces expected less often than this leave the model. */
const LEAST_EXPECTED = 0.5
const SCORE_STEP = 0.0001

/** Special tokens, then pieces by falling probability. */
export async function learnUnigram(
  wordCounts: ReadonlyMap<string, number>,
  options: UnigramTrainingOptions,
  hooks: TrainingHooks = {},
): Promise<ScoredPiece[]> {
  const words = [...wordCounts]
  const { pieces: seed, characters } = await seedPieces(words, options.limit_alphabet, hooks)
  const wanted = Math.trunc(options.vocab_size * SPARE)
  let pieces = seed
  for (;;) {
    for (let i = 0; i < SUB_ITERATIONS; i++) pieces = maximised(pieces, await expected(pieces, words, hooks))
    hooks.onProgress?.('Pruning pieces', Math.min(wanted, seed.length - pieces.length), seed.length - wanted)
    if (pieces.length <= wanted) break
    const pruned = await prune(pieces, words, wanted, hooks)
    if (pruned.length === pieces.length) break
    pieces = pruned
  }
  return finalised(pieces, characters, options)
}

/** E-step: how often each piece is expected, over all cuts of all words. */
async function expected(
  pieces: readonly ScoredPiece[],
  words: readonly (readonly [string, number])[],
  hooks: TrainingHooks,
): Promise<Float64Array> {
  const lattice = new PieceLattice(pieces)
  const counts = new Float64Array(pieces.length)
  for (const [i, [word, count]] of words.entries()) {
    lattice.addExpected(word, count, counts)
    if (i % 256 === 0) await breathe(hooks.signal)
  }
  return counts
}

/** M-step under a Dirichlet prior, as sentencepiece does it: digamma in the place of the logarithm. */
function maximised(pieces: readonly ScoredPiece[], counts: Float64Array): ScoredPiece[] {
  const kept = pieces.flatMap(([piece], i): [string, number][] =>
    counts[i]! < LEAST_EXPECTED ? [] : [[piece, counts[i]!]],
  )
  const logSum = digamma(kept.reduce((sum, [, count]) => sum + count, 0))
  return kept.map(([piece, count]) => [piece, digamma(count) - logSum])
}

/** Drops the pieces whose loss costs the likelihood least; those that cannot be written otherwise stay. */
async function prune(
  pieces: readonly ScoredPiece[],
  words: readonly (readonly [string, number])[],
  wanted: number,
  hooks: TrainingHooks,
): Promise<ScoredPiece[]> {
  const lattice = new PieceLattice(pieces)
  const alternatives = pieces.map(([piece]) => lattice.alternative(piece))
  /** By id; the last is what no piece covers. */
  const uses = new Float64Array(pieces.length + 1)
  const wordsWith = new Float64Array(pieces.length + 1)
  let allWords = 0
  for (const [i, [word, count]] of words.entries()) {
    allWords += count
    for (const id of lattice.best(word)) {
      uses[id]! += count
      wordsWith[id]! += count
    }
    if (i % 256 === 0) await breathe(hooks.signal)
  }
  const sum = uses.reduce((a, b) => a + b, 0)
  const kept: ScoredPiece[] = []
  const candidates: { id: number; loss: number }[] = []
  pieces.forEach((piece, id) => {
    const { isOwnBest, parts } = alternatives[id]!
    const used = uses[id]!
    if (used === 0 && !isOwnBest) return
    if (parts.length === 0) return void kept.push(piece)
    const share = wordsWith[id]! / allWords
    if (share === 0) return
    const logOwn = Math.log(used) - Math.log(sum)
    const logSumAfter = Math.log(sum + used * (parts.length - 1))
    const logParts = parts.reduce((total, part) => total + Math.log(uses[part]! + used) - logSumAfter, 0)
    candidates.push({ id, loss: share * (logOwn - logParts) })
  })
  const size = Math.max(Math.trunc(pieces.length * SHRINKING_FACTOR), wanted)
  candidates.sort((a, b) => b.loss - a.loss || a.id - b.id)
  for (const { id } of candidates.slice(0, Math.max(0, size - kept.length))) kept.push(pieces[id]!)
  return kept
}

function finalised(
  pieces: readonly ScoredPiece[],
  characters: readonly string[],
  options: UnigramTrainingOptions,
): ScoredPiece[] {
  const scores = new Map(pieces)
  const least = pieces.reduce((low, [, score]) => Math.min(low, score), 0)
  const room = Math.max(0, options.vocab_size - options.special_tokens.length)
  const chosen = new Map<string, number>()
  let raised = 0
  for (const char of characters) {
    const own = scores.get(char)
    chosen.set(char, own ?? least + raised)
    if (own === undefined) raised += SCORE_STEP
  }
  for (const [piece, score] of pieces) {
    if (chosen.size >= room) break
    if (!options.special_tokens.includes(piece)) chosen.set(piece, score)
  }
  const sorted = [...chosen].sort((a, b) => b[1] - a[1])
  return [...options.special_tokens.map((token): ScoredPiece => [token, 0]), ...sorted]
}

/** ψ(x) for x > 0: recurrence up to 7, then the asymptotic series. */
function digamma(x: number): number {
  let result = 0
  for (; x < 7; x++) result -= 1 / x
  const y = x - 0.5
  const y2 = 1 / (y * y)
  const y4 = y2 * y2
  return (
    result + Math.log(y) + (1 / 24) * y2 - (7 / 960) * y4 + (31 / 8064) * y4 * y2 - (127 / 30720) * y4 * y4
  )
}
