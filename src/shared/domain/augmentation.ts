/**
 * An augmentation recipe: which augmenters change the training rows, in which order, and which copies are kept. Names
 * are those of the recipe file, as in run.json. What an augmenter's parameters may be, the registry in
 * `main/augment` knows.
 */
import { z } from 'zod'
import { DEFAULT_STARTER } from './starters'

const share = z.number().min(0).max(1)

/** What a setting that names a model may name; its schema says it under `model`, where forms and services read it. */
export const MODEL_KINDS = ['masked-lm', 'classifier', 'encoder', 'seq2seq-lm'] as const
export type ModelKind = (typeof MODEL_KINDS)[number]

const modelName = z.string().trim().min(1)

export const AugmentStep = z.strictObject({
  augmenter: z.string().min(1),
  parameters: z.record(z.string(), z.unknown()).default({}),
  chance: share.default(1).describe('Share of the copies this step touches.'),
  enabled: z.boolean().default(true),
})
export type AugmentStep = z.infer<typeof AugmentStep>

/** Copies of rows, of anything in validation and test, and of each other are rejected whatever stands here. */
export const AugmentGates = z.strictObject({
  min_change: share.default(0).describe('Least share of words that must differ from the source.'),
  max_change: share.nullable().default(null).describe('Largest share of words that may differ.'),
  same_script: z.boolean().default(true).describe('The copy is written in the script of its source.'),
  same_label: modelName
    .nullable()
    .default(null)
    .meta({
      description:
        'A classifier or tagger (run, checkpoint, bundle or folder) that must give the copy the label of its row.',
      model: 'classifier' satisfies ModelKind,
    }),
  min_similarity: z
    .number()
    .min(-1)
    .max(1)
    .nullable()
    .default(null)
    .describe('Least cosine between the embeddings of the copy and its source.'),
  similarity_model: modelName.default(DEFAULT_STARTER).meta({
    description: 'The encoder whose mean vectors are compared: a starter, run, checkpoint or folder.',
    model: 'encoder' satisfies ModelKind,
  }),
  max_perplexity_ratio: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'How many times as surprising as its source a copy may be: the ratio of their pseudo-perplexities.',
    ),
  language_model: modelName.default(DEFAULT_STARTER).meta({
    description: 'The masked language model that measures it: a starter, run, checkpoint or folder.',
    model: 'masked-lm' satisfies ModelKind,
  }),
})
export type AugmentGates = z.infer<typeof AugmentGates>

const AugmentColumns = z.strictObject({
  text: z.string().optional(),
  text_pair: z.string().optional(),
  label: z.string().optional(),
  tokens: z.string().optional(),
  tags: z.string().optional(),
})
export type AugmentColumns = z.infer<typeof AugmentColumns>

export const AugmentRecipe = z.strictObject({
  name: z.string().trim().min(1).max(80).default('recipe'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(42)
    .describe('The same seed gives the same copies.'),
  copies: z.int().min(1).max(64).default(1).describe('Copies of one row, at most.'),
  steps: z.array(AugmentStep).min(1).max(32),
  classes: z
    .array(z.string())
    .min(1)
    .nullable()
    .default(null)
    .describe('Classes whose rows are copied; all where none is chosen.'),
  balance: z
    .union([z.null(), z.literal('largest'), z.int().min(1)])
    .default(null)
    .describe(
      'Rows wanted in each class: a number, or largest for as many as the largest has. Empty copies every row.',
    ),
  gates: AugmentGates.prefault({}),
  protect: z
    .strictObject({
      /** Words and phrases, whatever their case. */
      words: z.array(z.string().trim().min(1)).default([]),
      /** Regular expressions of JavaScript, with the flag u. */
      patterns: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** Which columns hold what; guessed where left out. */
  columns: AugmentColumns.prefault({}),
})
export type AugmentRecipe = z.infer<typeof AugmentRecipe>

/** Why a copy was not kept, and how it is said. */
export const REJECT_REASONS = {
  unchanged: 'equal to its source',
  empty: 'nothing left',
  'not-made': 'the augmenter makes no such copy',
  'duplicate-train': 'equal to another training row',
  'duplicate-evaluation': 'equal to a validation or test row',
  'duplicate-copy': 'equal to an earlier copy',
  'change-below': 'too few words changed',
  'change-above': 'too many words changed',
  script: 'written in another script',
  protected: 'a protected word was lost',
  label: 'the classifier gives it another label',
  similarity: 'too unlike its source',
  perplexity: 'much less likely than its source',
} as const
export type RejectReason = keyof typeof REJECT_REASONS

export interface ClassCount {
  label: string | null
  before: number
  added: number
}

export interface AugmentReport {
  /** Training rows before. */
  rows: number
  made: number
  kept: number
  rejected: Partial<Record<RejectReason, number>>
  classes: ClassCount[]
  /** By step of the recipe: copies it changed. */
  steps: { augmenter: string; changed: number }[]
  seconds: number
}

export interface DiffPart {
  kind: 'same' | 'in' | 'out'
  text: string
}

/** A copy as the preview shows it. */
export interface AugmentedExample {
  /** Row of the source in its file. */
  row: number
  copy: number
  label: string | null
  diff: DiffPart[]
  reason: RejectReason | null
  /** Steps that changed it. */
  steps: string[]
}

export interface AugmentPreview {
  examples: AugmentedExample[]
  /** As it was read, every default written out. */
  recipe: AugmentRecipe
  report: AugmentReport
  /** Copies the whole recipe would make. */
  planned: number
  /** `added`: the copies planned, before gates reject some. */
  classes: ClassCount[]
  /** What making all copies would take, at the pace measured. */
  seconds: number
}

/** What the recipe editor knows of an augmenter; `schema` is the JSON Schema of one parameter. */
export interface AugmenterInfo {
  name: string
  title: string
  group: AugmenterGroup
  says: string
  source: string
  parameters: { name: string; help: string; schema: Record<string, unknown>; default: unknown }[]
}

export const AUGMENTER_GROUPS = ['Words', 'Characters', 'Sentences', 'Entities', 'Models'] as const
export type AugmenterGroup = (typeof AUGMENTER_GROUPS)[number]
