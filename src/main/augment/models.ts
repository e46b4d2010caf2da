/**
 * The models that augmenters ask, as ports: this library says what it wants to know, who runs a recipe supplies them.
 * An answer to a text never depends on the other texts of the call.
 */
import { z } from 'zod'
import { DEFAULT_STARTER } from '../../shared/domain/starters'

/** A place in a text where a word is missing, and more may be missing after it. */
export interface Gap {
  before: string
  /** Masks in a row; the first is the one that is asked about. */
  masks: number
  after: string
}

export interface Candidate {
  /** A whole word, as the model's vocabulary writes it. */
  word: string
  /** The logarithm of its probability, but for a constant that all words of the gap share. */
  logit: number
}

/** A masked language model, what it proposes narrowed to whole words. */
export interface MaskedModel {
  /** For each gap the likeliest words, best first, at most `count`. */
  fill(gaps: readonly Gap[], count: number): Promise<readonly (readonly Candidate[])[]>
}

export interface Models {
  /** @param isWord which words it may propose, asked in lower case */
  maskedLm(reference: string, isWord: (word: string) => boolean): Promise<MaskedModel>
}

/** What a parameter that names a model may name; forms read it in the parameter's schema, under `model`. */
export const MODEL_KINDS = ['masked-lm'] as const
export type ModelKind = (typeof MODEL_KINDS)[number]

/** A parameter that names a model: a starter, a folder, a run or a checkpoint. */
export function maskedLmParameter() {
  return z
    .string()
    .min(1)
    .default(DEFAULT_STARTER)
    .meta({
      description: 'The masked language model: a starter, or a run, checkpoint or folder of such a model.',
      model: 'masked-lm' satisfies ModelKind,
    })
}
