/** Tokenizers as the studio lists and shows them. */
import { z } from 'zod'
import type { TokenizerId } from '../ids'

/** What a tokenizer is trained with; names as in Hugging Face's trainers where they have one. */
export const TrainTokenizerOptions = z.strictObject({
  type: z.enum(['WordPiece', 'BPE', 'Unigram']).default('WordPiece'),
  vocab_size: z.int().min(64).max(1_000_000).default(8000),
  /** WordPiece and BPE: pairs seen less often are not merged. */
  min_frequency: z.int().min(0).max(1_000_000).default(2),
  /** WordPiece, Unigram and plain BPE: characters kept at most, the most frequent ones. */
  limit_alphabet: z.int().min(1).max(100_000).default(1000),
  /** BPE: over the bytes of a text, so that nothing is unknown; else over its characters. */
  byte_level: z.boolean().default(true),
  lowercase: z.boolean().default(true),
  /** WordPiece; null: as `lowercase`. */
  strip_accents: z.boolean().nullable().default(null),
  handle_chinese_chars: z.boolean().default(true),
  /** Unicode normalization before the text is cut, where BERT's own is not used. */
  normalizer: z.enum(['none', 'NFC', 'NFKC']).default('NFKC'),
  /** Tokens of their own, beside those the type needs. */
  special_tokens: z.array(z.string().min(1).max(100)).max(1000).default([]),
})
export type TrainTokenizerOptions = z.infer<typeof TrainTokenizerOptions>

export interface TokenizerFacts {
  /** WordPiece, BPE, Unigram, WordLevel. */
  type: string
  vocabSize: number
  /** As tokenizer.json names them, with what matters of their settings. */
  normalizer: string
  preTokenizer: string
  specialTokens: string[]
  /** Whether every text can be written in its tokens. */
  coversEverything: boolean
  sha256: string
}

export type TokenizerOrigin =
  | { kind: 'folder' }
  | { kind: 'trained'; dataset: string; rows: number; seconds: number; options: TrainTokenizerOptions }

export interface TokenizerSummary {
  id: TokenizerId
  name: string
  path: string
  facts: TokenizerFacts
  origin: TokenizerOrigin
  createdAtMs: number
}

/** special: put there by the template or named in the text; byte: a piece of a character. */
export type TokenKind = 'text' | 'special' | 'unknown' | 'byte'

export interface ShownToken {
  id: number
  token: string
  kind: TokenKind
  /** [start, end) in UTF-16 units of the line; [0, 0] for what the template added. */
  offsets: [number, number]
  /** UTF-8 bytes of the text it stands for. */
  bytes: number
}

/** Counts of tokens a row over a split, and what they mean. */
export interface TokenizerStatistics {
  rows: number
  tokens: number
  meanTokens: number
  percentile95: number
  longest: number
  tokensPerWord: number
  bytesPerToken: number
  unknownTokens: number
  /** Rows longer than `max_length`. */
  cutRows: number
  /** rowsOfLength[n]: rows of n tokens, template included; the last counts all longer ones. */
  rowsOfLength: number[]
}

/** How one word came to its tokens: after each step, its symbols; the step names what was joined or matched. */
export interface WordSteps {
  word: string
  steps: { symbols: string[]; note: string }[]
}
