/**
 * chrF (Popović 2015) and chrF++ (Popović 2017, `word_order: 2`) as sacreBLEU 2.6 computes them: the reference with the
 * best F counts for each row, precision and recall are averaged over the orders both sides have. Options have
 * sacreBLEU's names and defaults. Characters are code points.
 */
import { clippedMatches, ngramCount, Vocabulary } from './ngrams'
import { removeSpaces, splitWords } from './pythonText'
import {
  checkSegments,
  columnSums,
  sacrebleuSignature,
  segmentStatistics,
  type References,
  type ResamplingTag,
  type SegmentStatistics,
} from './segments'

export interface ChrfOptions {
  char_order?: number
  word_order?: number
  beta?: number
  lowercase?: boolean
  /** Counts white space as characters. */
  whitespace?: boolean
  /** Averages F over all orders instead of the effective ones, as chrF++.py, Moses and NLTK do. */
  eps_smoothing?: boolean
}

function withDefaults(options: ChrfOptions): Required<ChrfOptions> {
  return {
    char_order: options.char_order ?? 6,
    word_order: options.word_order ?? 0,
    beta: options.beta ?? 2,
    lowercase: options.lowercase ?? false,
    whitespace: options.whitespace ?? false,
    eps_smoothing: options.eps_smoothing ?? false,
  }
}

/** `chrF2`, `chrF2++`: β, and a plus for each word order. */
export function chrfName(options: ChrfOptions = {}): string {
  const { beta, word_order } = withDefaults(options)
  return `chrF${beta}${'+'.repeat(word_order)}`
}

/** 0 … 100. @throws UserError when rows do not pair up or one has no reference */
export function corpusChrf(
  hypotheses: readonly string[],
  references: References,
  options: ChrfOptions = {},
): number {
  return chrfFromSums(columnSums(chrfStatistics(hypotheses, references, options)), options)
}

export function sentenceChrf(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions = {},
): number {
  return corpusChrf([hypothesis], [references], options)
}

interface Symbols {
  characters: number[]
  words: number[]
}

/** Rows of `[hypothesis, reference, matches]` for each character order, then each word order. */
export function chrfStatistics(
  hypotheses: readonly string[],
  references: References,
  options: ChrfOptions = {},
): SegmentStatistics {
  checkSegments(hypotheses, references)
  const settings = withDefaults(options)
  const vocabulary = new Vocabulary()
  const encode = (line: string): Symbols => {
    const text = settings.lowercase ? line.toLowerCase() : line
    return {
      characters: Array.from(settings.whitespace ? text : removeSpaces(text), (c) => c.codePointAt(0)!),
      words: settings.word_order > 0 ? vocabulary.encode(splitPunctuation(text)) : [],
    }
  }
  return segmentStatistics(
    hypotheses.map((hypothesis, i) => {
      const symbols = encode(hypothesis)
      let best: number[] = []
      let bestScore = -1
      for (const reference of references[i]!) {
        const row = compare(symbols, encode(reference), settings)
        const score = chrfFromSums(row, settings)
        if (score > bestScore) [best, bestScore] = [row, score]
      }
      return best
    }),
  )
}

function compare(hypothesis: Symbols, reference: Symbols, settings: Required<ChrfOptions>): number[] {
  const counts = (ours: readonly number[], theirs: readonly number[], maxOrder: number) =>
    clippedMatches(ours, [theirs], maxOrder).flatMap((matched, n) => {
      const expected = ngramCount(theirs.length, n + 1)
      return [expected > 0 ? ngramCount(ours.length, n + 1) : 0, expected, matched]
    })
  return [
    ...counts(hypothesis.characters, reference.characters, settings.char_order),
    ...counts(hypothesis.words, reference.words, settings.word_order),
  ]
}

const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')

/** Words with one mark split off, at the end or else at the start: `(hi)` gives `(hi` and `)`, as in the reference. */
function splitPunctuation(text: string): string[] {
  return splitWords(text).flatMap((word) => {
    if (word.length === 1) return [word]
    if (PUNCTUATION.has(word.at(-1)!)) return [word.slice(0, -1), word.slice(-1)]
    if (PUNCTUATION.has(word[0]!)) return [word.slice(0, 1), word.slice(1)]
    return [word]
  })
}

/** The score of summed rows of `chrfStatistics`; sacreBLEU's `_compute_f_score`. */
export function chrfFromSums(sums: ArrayLike<number>, options: ChrfOptions = {}): number {
  const { char_order, word_order, beta, eps_smoothing } = withDefaults(options)
  const orders = char_order + word_order
  const epsilon = 1e-16
  const factor = beta ** 2
  let [smoothed, precisions, recalls, effective] = [0, 0, 0, 0]
  for (let n = 0; n < orders; n++) {
    const [ours, theirs, matched] = [sums[3 * n]!, sums[3 * n + 1]!, sums[3 * n + 2]!]
    const precision = ours > 0 ? matched / ours : epsilon
    const recall = theirs > 0 ? matched / theirs : epsilon
    const denominator = factor * precision + recall
    smoothed += denominator > 0 ? ((1 + factor) * precision * recall) / denominator : epsilon
    if (ours === 0 || theirs === 0) continue
    precisions += precision
    recalls += recall
    effective++
  }
  if (eps_smoothing) return (100 * smoothed) / orders
  if (precisions + recalls === 0) return 0
  const [precision, recall] = [precisions / effective, recalls / effective]
  return (100 * (1 + factor) * precision * recall) / (factor * precision + recall)
}

/** As sacreBLEU prints it, without the leading name: `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0`. */
export function chrfSignature(
  references: References,
  options: ChrfOptions = {},
  resampling?: ResamplingTag,
): string {
  const { lowercase, eps_smoothing, char_order, word_order, whitespace } = withDefaults(options)
  return sacrebleuSignature(
    references,
    {
      case: lowercase ? 'lc' : 'mixed',
      eff: eps_smoothing ? 'no' : 'yes',
      nc: char_order,
      nw: word_order,
      space: whitespace ? 'yes' : 'no',
    },
    resampling,
  )
}
