/** What a live figure of the Learn pane asks, and what it is answered: computed by the studio's own functions. */
import { z } from 'zod'

const finite = z.number().min(-1e6).max(1e6)
const share = z.number().min(0).max(0.95)
const text = z.string().max(2000)

export const ATTENTION_MASKS = ['none', 'causal', 'window'] as const

export const Demonstration = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('clipping'),
    gradients: z.array(finite).min(1).max(64),
    maxNorm: z.number().min(0).max(1000),
  }),
  z.strictObject({ kind: z.literal('dropout'), probability: share, step: z.int().min(0).max(10_000) }),
  /** Two weights that start at 1, one with a noisy gradient, one with a quiet one; both decayed in both ways. */
  z.strictObject({
    kind: z.literal('weight-decay'),
    decay: z.number().min(0).max(1),
    steps: z.int().min(1).max(500),
  }),
  /** Rows are tokens (or texts), columns features. */
  z.strictObject({
    kind: z.literal('normalization'),
    rows: z.array(z.array(finite).min(2).max(16)).min(2).max(16),
  }),
  z.strictObject({
    kind: z.literal('softmax'),
    logits: z.array(finite).min(1).max(32),
    temperature: z.number().min(0.01).max(100),
  }),
  z.strictObject({
    kind: z.literal('attention'),
    words: z.array(z.string().min(1).max(40)).min(1).max(24),
    heads: z.int().min(1).max(8),
    mask: z.enum(ATTENTION_MASKS),
    window: z.int().min(0).max(24),
  }),
  z.strictObject({
    kind: z.literal('confusion'),
    matrix: z
      .array(z.array(z.int().min(0).max(100_000)))
      .min(2)
      .max(6),
  }),
  z.strictObject({ kind: z.literal('bleu'), hypothesis: text, reference: text }),
  z.strictObject({ kind: z.literal('rouge'), prediction: text, reference: text }),
  /** Under the starter encoder, every token hidden in turn. */
  z.strictObject({ kind: z.literal('sentence'), text: z.string().max(300) }),
  z.strictObject({
    kind: z.literal('early-stopping'),
    losses: z.array(finite).min(1).max(500),
    patience: z.int().min(1).max(100),
    threshold: z.number().min(0).max(10),
  }),
  z.strictObject({
    kind: z.literal('tokenizer'),
    type: z.enum(['BPE', 'WordPiece']),
    text: text.min(1),
    word: z.string().min(1).max(60),
    /** Tokens learned beyond the alphabet. */
    merges: z.int().min(0).max(400),
  }),
])
export type Demonstration = z.infer<typeof Demonstration>

/** A word of a text and the longest n-gram through it that the other text shares; 0 where none. */
export interface MatchedWord {
  word: string
  order: number
}

export interface OverlapOfOrder {
  matches: number
  total: number
}

export interface DemonstrationResults {
  clipping: { norm: number; factor: number; clipped: number[] }
  dropout: { kept: boolean[]; scale: number }
  'weight-decay': Record<'decoupled' | 'coupled', { noisy: number[]; quiet: number[] }>
  normalization: { layer: number[][]; batch: number[][] }
  softmax: { probabilities: number[] }
  /** [head][query][key] */
  attention: { weights: number[][][] }
  confusion: {
    accuracy: number
    macroF1: number
    mcc: number
    perClass: { precision: number; recall: number; f1: number }[]
  }
  bleu: {
    score: number
    brevityPenalty: number
    lengths: { hypothesis: number; reference: number }
    orders: OverlapOfOrder[]
    words: MatchedWord[]
  }
  rouge: {
    scores: { type: string; precision: number; recall: number; f1: number }[]
    /** Of the prediction; whether the longest common sequence goes through it. */
    words: { word: string; inSequence: boolean; isShared: boolean }[]
  }
  sentence: { tokens: { token: string; probability: number }[]; pseudoPerplexity: number; meanLoss: number }
  'early-stopping': { best: number; stopped: number | null }
  tokenizer: { vocabulary: number; steps: { symbols: string[]; note: string }[] }
}
