/** What a run answered to its validation rows, one by one: what is kept of an evaluation, and how it is looked through. */
import { z } from 'zod'
import { RunId } from '../ids'
import type { Split } from './dataset'
import type { Answer, EvalMetrics, Prediction } from './run'
import type { Problem } from './tasks'

/** One answer to a row: its class, its number, the tag of a token, the token under a mask. */
export interface KeptAnswer {
  /** Index of the token or mask, of the label where a row may have several, else 0. */
  place: number
  /** What is true; `null` where several labels may be given and this one is not wanted. */
  label: string | number | null
  /** What was said; `null` where several labels may be given and this one was not. */
  predicted: string | number | null
  /** Probability of what was said; `null` for numbers. */
  confidence: number | null
}

/** What a file of answers says of itself. */
export interface ExamplesMeta {
  step: number
  epoch: number
  problem: Problem
  /** In id order; none where answers are tokens. */
  labels: string[]
  /** As the evaluation told them. */
  metrics: EvalMetrics
  split: Split
  rows: number
}

/** An evaluation whose answers are kept. */
export interface KeptEvaluation extends ExamplesMeta {
  isBest: boolean
  isLast: boolean
  sizeBytes: number
}

export const EXAMPLE_SORTS = ['loss', 'confidence', 'length', 'row'] as const
export type ExampleSort = (typeof EXAMPLE_SORTS)[number]

/** Rows that are looked for; what is absent or null asks nothing. */
export const ExampleFilter = z.strictObject({
  /** `wrong`: not all of its answers are right. */
  judged: z.enum(['right', 'wrong']).nullish(),
  /** Rows with an answer whose truth, or whose answer, is this class. */
  label: z.string().max(1000).nullish(),
  predicted: z.string().max(1000).nullish(),
  /** Of the predicted class's probability, both ends within. */
  confidence: z.strictObject({ from: z.number(), to: z.number() }).nullish(),
  /** Of the row in tokens, both ends within. */
  length: z.strictObject({ from: z.int(), to: z.int() }).nullish(),
  /** Rows whose column holds this value. */
  slice: z.strictObject({ column: z.string().max(1000), value: z.string().max(10_000) }).nullish(),
  /** Rows that another run answered rightly, or wrongly: what tells two runs apart, beside `judged`. */
  other: z.strictObject({ run: RunId, judged: z.enum(['right', 'wrong']) }).nullish(),
  /** Rows that contain this text, whatever the case of its ASCII letters. */
  search: z.string().max(500).nullish(),
})
export type ExampleFilter = z.infer<typeof ExampleFilter>

export const ExampleQuery = ExampleFilter.extend({
  sort: z.enum(EXAMPLE_SORTS),
  offset: z.int().min(0),
  limit: z.int().min(1).max(500),
})
export type ExampleQuery = z.infer<typeof ExampleQuery>

export interface Example {
  /** Of the row in its dataset version. */
  ordinal: number
  /** Length in tokens. */
  tokens: number
  /** Of this row alone: neither class weights nor label smoothing; `null` where it is not finite. */
  loss: number | null
  /** Mean probability of its answers; `null` for numbers. */
  confidence: number | null
  /** Share of its answers that are right; `null` for numbers. */
  shareRight: number | null
  /** Text, truth and answer; the text is empty where the dataset was deleted. */
  prediction: Prediction
  /** What the other run of the filter answered. */
  other?: Answer
}

/** Of the rows of a filter. */
export interface ExampleTotals {
  rows: number
  /** `null` for numbers, which are not right or wrong. */
  wrong: number | null
  meanLoss: number | null
}

export interface ExamplesPage extends ExampleTotals {
  offset: number
  examples: Example[]
}

/** How sure answers are against how often they are right. */
export interface Calibration {
  /** Expected calibration error over the bins. */
  ece: number
  /** (from, to]; empty ones are left out. */
  bins: { from: number; to: number; rows: number; confidence: number; accuracy: number }[]
}

export interface ClassFigures {
  label: string
  precision: number
  recall: number
  f1: number
  /** Answers whose truth it is. */
  support: number
  predicted: number
}

/** What all answers of an evaluation say together. */
export interface ExamplesReport {
  totals: ExampleTotals
  /** Classes, tags or types of entities; none where answers are numbers or tokens. */
  classes: ClassFigures[]
  /** [truth][answer] over `labels`; null where a row may have several classes or none. */
  confusion: { labels: string[]; counts: number[][] } | null
  /** Null where answers have no probability, or several labels have one each. */
  calibration: Calibration | null
  /** Columns of the dataset that rows can be grouped by; null where it was deleted. */
  columns: string[] | null
}

/** The rows that have one value of a column, one class, one length. */
export interface ExampleSlice extends ExampleTotals {
  value: string
  filter: ExampleFilter
}
