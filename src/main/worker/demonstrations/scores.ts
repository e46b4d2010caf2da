/** Figures about evaluation: the metrics' own functions on what was typed. */
import type { DemonstrationResults, MatchedWord } from '../../../shared/domain/demonstration'
import { UserError } from '../../../shared/errors'
import { accuracyOf, averageScores, matthewsCorrelationOf, perClassScores } from '../../metrics/confusion'
import { corpusBleu } from '../../metrics/text/bleu'
import { longestCommonPositions } from '../../metrics/text/longestCommon'
import { Vocabulary } from '../../metrics/text/ngrams'
import { RougeScorer, rougeWords } from '../../metrics/text/rouge'
import { tokenizeForBleu } from '../../metrics/text/tokenize'

/** @throws UserError `bad-input` where the matrix is not square */
export function confusion(matrix: readonly (readonly number[])[]): DemonstrationResults['confusion'] {
  if (matrix.some((row) => row.length !== matrix.length))
    throw new UserError('bad-input', 'A confusion matrix has as many columns as rows.')
  const counts = matrix.map((row) => Float64Array.from(row))
  return {
    accuracy: accuracyOf(counts),
    macroF1: averageScores(counts, 'macro').f1,
    mcc: matthewsCorrelationOf(counts),
    perClass: perClassScores(counts),
  }
}

/** BLEU of one pair, unsmoothed orders shown as counts, with what of the hypothesis the reference has. */
export function bleuOf(hypothesis: string, reference: string): DemonstrationResults['bleu'] {
  const { score, bp, counts, totals, sys_len, ref_len } = corpusBleu([hypothesis], [[reference]])
  return {
    score,
    brevityPenalty: bp,
    lengths: { hypothesis: sys_len, reference: ref_len },
    orders: counts.map((matches, i) => ({ matches, total: totals[i]! })),
    words: matchedWords(
      tokenizeForBleu(hypothesis.trimEnd(), '13a'),
      tokenizeForBleu(reference.trimEnd(), '13a'),
      counts.length,
    ),
  }
}

/** Each word with the longest clipped n-gram through it: as many are marked of each order as BLEU counts. */
export function matchedWords(
  words: readonly string[],
  reference: readonly string[],
  maxOrder: number,
): MatchedWord[] {
  const marked = words.map((word) => ({ word, order: 0 }))
  for (let order = 1; order <= maxOrder; order++)
    for (const start of clippedPositions(words, reference, order))
      for (let i = start; i < start + order; i++) marked[i]!.order = order
  return marked
}

/** Where in `words` the n-grams begin that the reference has, each no oftener than there, from the left. */
export function clippedPositions(
  words: readonly string[],
  reference: readonly string[],
  order: number,
): number[] {
  const gramAt = (tokens: readonly string[], i: number) => JSON.stringify(tokens.slice(i, i + order))
  const left = new Map<string, number>()
  for (let i = 0; i + order <= reference.length; i++) {
    const gram = gramAt(reference, i)
    left.set(gram, (left.get(gram) ?? 0) + 1)
  }
  const positions: number[] = []
  for (let i = 0; i + order <= words.length; i++) {
    const gram = gramAt(words, i)
    const count = left.get(gram) ?? 0
    if (count === 0) continue
    left.set(gram, count - 1)
    positions.push(i)
  }
  return positions
}

export function rougeOf(prediction: string, reference: string): DemonstrationResults['rouge'] {
  const scores = [...new RougeScorer().score([reference], prediction)].map(([type, score]) => ({
    type,
    precision: score.precision,
    recall: score.recall,
    f1: score.fmeasure,
  }))
  const [words, expected] = [rougeWords(prediction), rougeWords(reference)]
  const vocabulary = new Vocabulary()
  const [ids, expectedIds] = [vocabulary.encode(words), vocabulary.encode(expected)]
  // The roles are exchanged: positions are wanted in the prediction.
  const sequence = new Set(longestCommonPositions(ids, expectedIds))
  const shared = new Set(clippedPositions(words, expected, 1))
  return {
    scores,
    words: words.map((word, i) => ({ word, inSequence: sequence.has(i), isShared: shared.has(i) })),
  }
}
