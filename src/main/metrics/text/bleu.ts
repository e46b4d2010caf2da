/**
 * BLEU (Papineni et al. 2002) as sacreBLEU 2.6 computes it: closest reference length, clipped counts against the largest
 * count in any reference, smoothing after Chen & Cherry 2014. Options have sacreBLEU's names and defaults.
 */
import { clippedMatches, ngramCount, Vocabulary } from './ngrams'
import { trimEnd } from './pythonText'
import {
  checkSegments,
  columnSums,
  sacrebleuSignature,
  segmentStatistics,
  type References,
  type ResamplingTag,
  type SegmentStatistics,
} from './segments'
import { tokenizeForBleu, type BleuTokenizer } from './tokenize'

export const BLEU_SMOOTH_METHODS = ['exp', 'floor', 'add-k', 'none'] as const
export type BleuSmoothMethod = (typeof BLEU_SMOOTH_METHODS)[number]

export interface BleuOptions {
  lowercase?: boolean
  tokenize?: BleuTokenizer
  smooth_method?: BleuSmoothMethod
  /** For `floor` (default 0.1) and `add-k` (default 1). */
  smooth_value?: number
  max_ngram_order?: number
  /** Leaves out the orders the hypothesis is too short for; meant for single sentences. */
  effective_order?: boolean
}

export interface BleuScore {
  /** 0 … 100 */
  score: number
  /** Matched n-grams of each order, smoothing of `add-k` included, as the reference reports them. */
  counts: number[]
  totals: number[]
  /** Percent. */
  precisions: number[]
  /** Brevity penalty. */
  bp: number
  sys_len: number
  ref_len: number
}

const SMOOTH_DEFAULTS: Record<BleuSmoothMethod, number | undefined> = {
  exp: undefined,
  floor: 0.1,
  'add-k': 1,
  none: undefined,
}

/** What the reference uses for log 0. */
const LOG_ZERO = -9999999999

function withDefaults(options: BleuOptions): Required<BleuOptions> {
  const smooth_method = options.smooth_method ?? 'exp'
  return {
    lowercase: options.lowercase ?? false,
    tokenize: options.tokenize ?? '13a',
    smooth_method,
    smooth_value: options.smooth_value ?? SMOOTH_DEFAULTS[smooth_method] ?? 0,
    max_ngram_order: options.max_ngram_order ?? 4,
    effective_order: options.effective_order ?? false,
  }
}

/** BLEU of a corpus. @throws UserError when rows do not pair up or one has no reference */
export function corpusBleu(
  hypotheses: readonly string[],
  references: References,
  options: BleuOptions = {},
): BleuScore {
  return bleuFromSums(columnSums(bleuStatistics(hypotheses, references, options)), options)
}

/** BLEU of one sentence; as `sentence_bleu` of sacreBLEU with effective order on. */
export function sentenceBleu(
  hypothesis: string,
  references: readonly string[],
  options: BleuOptions = {},
): BleuScore {
  return corpusBleu([hypothesis], [references], { effective_order: true, ...options })
}

/** Rows `[sys_len, ref_len, matches × max_ngram_order, totals × max_ngram_order]`. */
export function bleuStatistics(
  hypotheses: readonly string[],
  references: References,
  options: BleuOptions = {},
): SegmentStatistics {
  checkSegments(hypotheses, references)
  const { lowercase, tokenize, max_ngram_order } = withDefaults(options)
  const vocabulary = new Vocabulary()
  const encode = (line: string) =>
    vocabulary.encode(tokenizeForBleu(trimEnd(lowercase ? line.toLowerCase() : line), tokenize))
  return segmentStatistics(
    hypotheses.map((hypothesis, i) => {
      const words = encode(hypothesis)
      const rows = references[i]!.map(encode)
      const matches = clippedMatches(words, rows, max_ngram_order)
      const totals = matches.map((_, n) => ngramCount(words.length, n + 1))
      return [words.length, closestLength(words.length, rows), ...matches, ...totals]
    }),
  )
}

function closestLength(length: number, references: readonly (readonly number[])[]): number {
  const distance = (candidate: number) => Math.abs(length - candidate)
  return references
    .map((reference) => reference.length)
    .reduce((best, candidate) =>
      distance(candidate) < distance(best) || (distance(candidate) === distance(best) && candidate < best)
        ? candidate
        : best,
    )
}

/** The score of summed rows of `bleuStatistics`; sacreBLEU's `compute_bleu`. */
export function bleuFromSums(sums: ArrayLike<number>, options: BleuOptions = {}): BleuScore {
  const { smooth_method, smooth_value, max_ngram_order, effective_order } = withDefaults(options)
  const [sys_len, ref_len] = [sums[0]!, sums[1]!]
  const counts = Array.from({ length: max_ngram_order }, (_, n) => sums[2 + n]!)
  const totals = Array.from({ length: max_ngram_order }, (_, n) => sums[2 + max_ngram_order + n]!)
  const precisions = new Array<number>(max_ngram_order).fill(0)
  const bp = sys_len >= ref_len ? 1 : sys_len > 0 ? Math.exp(1 - ref_len / sys_len) : 0
  const result = { score: 0, counts, totals, precisions, bp, sys_len, ref_len }
  if (counts.every((count) => count === 0)) return result

  let orders = max_ngram_order
  let halvings = 1
  for (let n = 0; n < max_ngram_order; n++) {
    if (smooth_method === 'add-k' && n > 0) {
      counts[n]! += smooth_value
      totals[n]! += smooth_value
    }
    const total = totals[n]!
    if (total === 0) break
    if (effective_order) orders = n + 1
    if (counts[n]! > 0) precisions[n] = (100 * counts[n]!) / total
    else if (smooth_method === 'exp') precisions[n] = 100 / ((halvings *= 2) * total)
    else if (smooth_method === 'floor') precisions[n] = (100 * smooth_value) / total
  }
  const logs = precisions.slice(0, orders).map((p) => (p === 0 ? LOG_ZERO : Math.log(p)))
  result.score = bp * Math.exp(logs.reduce((sum, log) => sum + log, 0) / orders)
  return result
}

/** As sacreBLEU prints it, without the leading name: `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`. */
export function bleuSignature(
  references: References,
  options: BleuOptions = {},
  resampling?: ResamplingTag,
): string {
  const { lowercase, effective_order, tokenize, smooth_method, smooth_value } = withDefaults(options)
  const takesValue = SMOOTH_DEFAULTS[smooth_method] !== undefined
  return sacrebleuSignature(
    references,
    {
      case: lowercase ? 'lc' : 'mixed',
      eff: effective_order ? 'yes' : 'no',
      tok: tokenize,
      smooth: takesValue ? `${smooth_method}[${smooth_value.toFixed(2)}]` : smooth_method,
    },
    resampling,
  )
}
