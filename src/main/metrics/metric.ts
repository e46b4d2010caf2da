/** What a metric is: an entry of the registry, from which the form, the command line and the docs are made. */
import type { z } from 'zod'

/** A line of a predictions or references file: a text, a label, a number, a list of tags, references or scores. */
export type MetricValue = string | number | boolean | null | MetricValue[]

export interface MetricInput {
  predictions: readonly MetricValue[]
  references: readonly MetricValue[]
}

export interface MetricResult {
  /** The figure to compare by; NaN where it is not defined. */
  value: number
  /** Every figure the computation gives, by name. */
  values: Record<string, number>
  /** Which variant was computed, so that two figures are compared only if they mean the same. */
  signature: string
  /** Rows (or tokens, where the signature says so). */
  n: number
}

export interface Metric<Params extends z.ZodType = z.ZodType> {
  /** As Hugging Face's `evaluate` calls it. */
  id: string
  label: string
  /** One or two sentences for a person who meets it for the first time. */
  help: string
  direction: 'maximize' | 'minimize'
  /** What the two files hold. */
  input: 'labels' | 'scores' | 'numbers' | 'texts' | 'tags'
  params: Params
  /** @throws UserError('bad-input') naming the row that is not what the metric needs */
  compute(input: MetricInput, params: z.output<Params>): MetricResult
}

/** Keeps the type of `params` while an entry is written. */
export function defineMetric<Params extends z.ZodType>(metric: Metric<Params>): Metric<Params> {
  return metric
}
