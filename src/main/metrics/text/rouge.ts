/**
 * ROUGE (Lin 2004) as rouge_score 0.1.2 computes it: lower case, `[^a-z0-9]+` separates tokens (so text outside the
 * Latin alphabet scores 0), optional Porter stemming of words longer than three. rougeL is over the whole text; rougeLsum
 * takes the union of common subsequences over the lines of the text. Names are those of rouge_score.
 */
import { UserError } from '../../../shared/errors'
import { longestCommonLength, longestCommonPositions } from './longestCommon'
import { clippedMatches, ngramCount, Vocabulary } from './ngrams'
import { porterStem } from './porterStemmer'
import {
  checkSegments,
  columnSums,
  segmentStatistics,
  type References,
  type SegmentStatistics,
} from './segments'

/** `rougeL`, `rougeLsum`, or `rouge` and an order from 1 to 9. */
export type RougeType = `rouge${number}` | 'rougeL' | 'rougeLsum'

export const DEFAULT_ROUGE_TYPES: readonly RougeType[] = ['rouge1', 'rouge2', 'rougeL', 'rougeLsum']

export interface RougeOptions {
  rouge_types?: readonly RougeType[]
  use_stemmer?: boolean
}

export interface RougeScore {
  precision: number
  recall: number
  fmeasure: number
}

/** What rouge_score counts as words, before stemming. */
export function rougeWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? []
}

/** Scores pairs of texts; keeps what it has stemmed. */
export class RougeScorer {
  private readonly types: readonly RougeType[]
  private readonly stems: Map<string, string> | undefined
  private readonly vocabulary = new Vocabulary()

  /** @throws UserError for an unknown type */
  constructor({ rouge_types = DEFAULT_ROUGE_TYPES, use_stemmer = false }: RougeOptions = {}) {
    const unknown = rouge_types.find((type) => !/^rouge([1-9]|L|Lsum)$/.test(type))
    if (unknown !== undefined)
      throw new UserError('bad-config', `${unknown} is not a ROUGE type.`, {
        hint: 'Use rouge1 … rouge9, rougeL or rougeLsum.',
      })
    this.types = rouge_types
    this.stems = use_stemmer ? new Map<string, string>() : undefined
  }

  /** One score a type. With several references, for each type the first of those with the best F. */
  score(references: readonly string[], prediction: string): Map<RougeType, RougeScore> {
    const predicted = new RougeText(prediction, (text) => this.tokenize(text))
    const best = new Map<RougeType, RougeScore>()
    for (const reference of references) {
      const expected = new RougeText(reference, (text) => this.tokenize(text))
      for (const [type, score] of scorePair(expected, predicted, this.types)) {
        const previous = best.get(type)
        if (!previous || score.fmeasure > previous.fmeasure) best.set(type, score)
      }
    }
    return best
  }

  private tokenize(text: string): number[] {
    const words = rougeWords(text)
    return this.vocabulary.encode(this.stems ? words.map((word) => this.stem(word, this.stems!)) : words)
  }

  private stem(word: string, stems: Map<string, string>): string {
    if (word.length <= 3) return word
    let stem = stems.get(word)
    if (stem === undefined) stems.set(word, (stem = porterStem(word)))
    return stem
  }
}

/** A text's tokens and, when asked for, those of its lines that are not empty. */
class RougeText {
  readonly tokens: number[]
  private readonly source: string
  private readonly tokenize: (text: string) => number[]

  constructor(source: string, tokenize: (text: string) => number[]) {
    this.source = source
    this.tokenize = tokenize
    this.tokens = tokenize(source)
  }

  lines(): number[][] {
    const lines = this.source.split('\n').filter((line) => line !== '')
    return lines.length === 1 ? [this.tokens] : lines.map(this.tokenize)
  }
}

function scorePair(
  reference: RougeText,
  prediction: RougeText,
  types: readonly RougeType[],
): Map<RougeType, RougeScore> {
  const orders = types.filter(isOrder).map(orderOf)
  const matches = clippedMatches(prediction.tokens, [reference.tokens], Math.max(0, ...orders))
  const [expected, predicted] = [reference.tokens.length, prediction.tokens.length]
  const scores = new Map<RougeType, RougeScore>()
  let wholeText: RougeScore | undefined
  const lcs = () =>
    (wholeText ??= ratio(longestCommonLength(reference.tokens, prediction.tokens), predicted, expected))
  for (const type of types) {
    if (type === 'rougeL') scores.set(type, lcs())
    else if (type === 'rougeLsum') {
      const [expectedLines, predictedLines] = [reference.lines(), prediction.lines()]
      // One line against one line: the union of one subsequence is that subsequence.
      const single = expectedLines.length === 1 && predictedLines.length === 1
      scores.set(
        type,
        single ? lcs() : ratio(unionLength(expectedLines, predictedLines), predicted, expected),
      )
    } else {
      const n = orderOf(type)
      scores.set(type, ratio(matches[n - 1]!, ngramCount(predicted, n), ngramCount(expected, n)))
    }
  }
  return scores
}

function isOrder(type: RougeType): boolean {
  return type !== 'rougeL' && type !== 'rougeLsum'
}

function orderOf(type: RougeType): number {
  return Number(type.slice('rouge'.length))
}

function ratio(hits: number, predicted: number, expected: number): RougeScore {
  const precision = hits / Math.max(predicted, 1)
  const recall = hits / Math.max(expected, 1)
  const sum = precision + recall
  return { precision, recall, fmeasure: sum > 0 ? (2 * precision * recall) / sum : 0 }
}

/** Lin 2004, section 3.2, with the clipping of ROUGE-1.5.5: no token counts more often than either text has it. */
function unionLength(references: readonly number[][], predictions: readonly number[][]): number {
  const left = [references, predictions].map((lines) => {
    const counts = new Map<number, number>()
    for (const token of lines.flat()) counts.set(token, (counts.get(token) ?? 0) + 1)
    return counts
  })
  let hits = 0
  for (const reference of references) {
    const union = new Set(predictions.flatMap((line) => longestCommonPositions(reference, line)))
    for (const position of [...union].sort((a, b) => a - b)) {
      const token = reference[position]!
      if (left.some((counts) => (counts.get(token) ?? 0) === 0)) continue
      hits++
      for (const counts of left) counts.set(token, counts.get(token)! - 1)
    }
  }
  return hits
}

/** Rows `[1, precision, recall, F of the first type, precision …]`. @throws UserError when rows do not pair up */
export function rougeStatistics(
  predictions: readonly string[],
  references: References,
  options: RougeOptions = {},
): SegmentStatistics {
  checkSegments(predictions, references)
  const scorer = new RougeScorer(options)
  const types = options.rouge_types ?? DEFAULT_ROUGE_TYPES
  return segmentStatistics(
    predictions.map((prediction, i) => {
      const scores = scorer.score(references[i]!, prediction)
      return [1, ...types.flatMap((type) => Object.values(scores.get(type)!) as number[])]
    }),
  )
}

/** The plain mean over rows of each type's scores (rouge_score's aggregator instead takes the median of unseeded resamples). */
export function corpusRouge(
  predictions: readonly string[],
  references: References,
  options: RougeOptions = {},
): Map<RougeType, RougeScore> {
  return rougeFromSums(columnSums(rougeStatistics(predictions, references, options)), options)
}

/** The mean scores of summed rows of `rougeStatistics`. */
export function rougeFromSums(
  sums: ArrayLike<number>,
  options: RougeOptions = {},
): Map<RougeType, RougeScore> {
  const rows = sums[0]!
  const types = options.rouge_types ?? DEFAULT_ROUGE_TYPES
  return new Map(
    types.map((type, t) => {
      const [precision, recall, fmeasure] = [1, 2, 3].map((c) => sums[3 * t + c]! / rows)
      return [type, { precision: precision!, recall: recall!, fmeasure: fmeasure! }]
    }),
  )
}

export function rougeSignature(references: References, options: RougeOptions = {}): string {
  const counts = new Set(references.map((row) => row.length))
  const nrefs = counts.size === 1 ? [...counts][0]! : 'var'
  return `nrefs:${nrefs}|stem:${options.use_stemmer ? 'porter' : 'no'}|agg:mean|version:rouge_score-0.1.2`
}
