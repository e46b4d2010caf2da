/** What an augmenter is: parameters with their help, and what it makes of a sentence. */
import type { z } from 'zod'
import type { AugmenterGroup, RejectReason } from '../../shared/domain/augmentation'
import type { Corpus, TrainingRow } from './corpus'
import type { ModelGates } from './modelGates'
import type { Models } from './models'
import type { Draw } from './random'
import type { Protection } from './text/parse'
import type { Sentence } from './text/token'
import type { WordNet } from './wordnet/database'

/** A single text, one of two texts, or tokens with a tag each. */
export type RowKind = 'text' | 'pair' | 'tagged'

export interface CopyContext {
  /** Numbers of this copy and step alone. */
  draw: Draw
  /** The same numbers for all copies of the row. */
  rowDraw: () => Draw
  /** 0-based, of `copies`. */
  copy: number
  copies: number
  row: number
  label: string | null
}

/** @returns the sentence itself where nothing was to be changed, null where there is no such copy */
export type Apply = (sentence: Sentence, context: CopyContext) => Sentence | null

/** A copy on its way through the recipe: one sentence, or two of a pair. */
export interface Draft {
  sentences: readonly Sentence[]
  context: CopyContext
  /** The row it is a copy of, and its sentences before any step. */
  source: TrainingRow
  before: readonly Sentence[]
}

/** What became of a draft, or why there is no such copy. */
export type Made = readonly Sentence[] | RejectReason

/** For what a model does with many copies at once. What it makes of a copy depends on that copy alone. */
export interface ApplyMany {
  /** Copies of one call, at most: progress is told, and cancelling heard, between calls. */
  atOnce: number
  /** @returns in the order of the drafts */
  many: (drafts: readonly Draft[]) => Promise<readonly Made[]>
}

/** What augmenters may draw on; each is got ready when first asked for. */
export interface Resources {
  wordnet: () => Promise<WordNet>
  corpus: Corpus
  models: Models
  /** The gates of the recipe that ask models. */
  gates: ModelGates
  protection: Protection
}

export type Prepared = Apply | ApplyMany

/** @template S schema of the parameters: a strict object, every field with a default and its help (`describe`) */
export interface Augmenter<S extends z.ZodObject = z.ZodObject> {
  /** As recipes call it. */
  name: string
  title: string
  group: AugmenterGroup
  /** One line. */
  says: string
  /** Where the method comes from. */
  source: string
  /** Kinds of rows it can work on. */
  rows: readonly RowKind[]
  parameters: S
  /** @throws UserError where something it needs is missing */
  prepare(parameters: z.output<S>, resources: Resources): Prepared | Promise<Prepared>
}

/** Infers the parameters' types. */
export function defineAugmenter<S extends z.ZodObject>(augmenter: Augmenter<S>): Augmenter {
  return augmenter
}
