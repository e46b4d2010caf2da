/** The knowledge base: what an entry is, what its Markdown file must say at its head, and the tree its text becomes. */
import { z } from 'zod'

export const ENTRY_KINDS = ['term', 'question', 'guide'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export const CATEGORIES = [
  'Basics',
  'Data',
  'Augmentation',
  'Tokenization',
  'Model',
  'Attention',
  'Optimization',
  'Schedules',
  'Regularization',
  'Adapting a model',
  'Evaluation',
  'Tuning',
  'Runs and files',
  'Machine',
  'Writing text',
] as const

/** Live figures an entry may carry; the window draws them with the studio's own functions. */
export const FIGURES = [
  'schedule',
  'dropout',
  'clipping',
  'weight-decay',
  'normalization',
  'bpe',
  'wordpiece',
  'attention',
  'temperature',
  'confusion',
  'bleu',
  'rouge',
  'early-stopping',
  'gap',
  'perplexity',
] as const
export type FigureId = (typeof FIGURES)[number]

const LINE = 110
const name = z.string().trim().min(1).max(120)

/** A link to another entry, and the last part of a deep link. */
export const EntryId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is lower-case words joined by hyphens')

/** The YAML between the `---` lines. */
export const FrontMatter = z.strictObject({
  id: EntryId.max(64),
  kind: z.enum(ENTRY_KINDS),
  title: name,
  category: z.enum(CATEGORIES),
  aliases: z.array(name).default([]),
  /** The answer in at most two lines. */
  short: z
    .string()
    .trim()
    .min(20)
    .max(2 * LINE, 'is longer than two lines'),
  /** TeX. */
  formula: z.string().min(1).optional(),
  /** What the formula's letters stand for; keys are TeX. */
  symbols: z.record(z.string(), z.string()).default({}),
  /** Names of controls, metrics, schedules, samplers and augmenters whose "?" opens this entry. */
  explains: z.array(z.string().min(1)).default([]),
  /** Where it is in the app: a pane's path and what the button says. */
  open: z.strictObject({ path: z.string().regex(/^\/[a-z]/), label: name }).optional(),
  figure: z.enum(FIGURES).optional(),
  related: z.array(EntryId).default([]),
  /** "Authors (year), Title." */
  sources: z.array(z.string().regex(/\(\d{4}\)/, 'names no year in brackets')).default([]),
})
export type FrontMatter = z.infer<typeof FrontMatter>

/** MathML as data: only the elements and attributes that formulas use ever get here. */
export interface MathNode {
  tag: string
  attributes: Record<string, string>
  children: (MathNode | string)[]
}

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis'; children: Inline[] }
  /** `to`: the id of an entry, or a path of the app such as /train. */
  | { kind: 'link'; to: string; children: Inline[] }
  | { kind: 'math'; math: MathNode }

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; text: string }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }

export interface EntrySummary {
  id: string
  kind: EntryKind
  title: string
  category: string
  short: string
  explains: string[]
  /** The user's own, kept in the data folder. */
  isOwn: boolean
}

export interface EntryLink {
  id: string
  title: string
}

export interface Article extends EntrySummary {
  aliases: string[]
  formula: MathNode | null
  symbols: { symbol: MathNode; meaning: string }[]
  open: { path: string; label: string } | null
  figure: FigureId | null
  body: Block[]
  related: EntryLink[]
  /** Questions that name this entry. */
  questions: EntryLink[]
  sources: string[]
}

export interface SearchHit {
  id: string
  title: string
  kind: EntryKind
  category: string
  short: string
  score: number
}
