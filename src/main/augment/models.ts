/**
 * The models that augmenters ask, as ports: this library says what it wants to know, who runs a recipe supplies them.
 * An answer to a text never depends on the other texts of the call.
 */
import { z } from 'zod'
import type { ModelKind } from '../../shared/domain/augmentation'
import { DEFAULT_STARTER } from '../../shared/domain/starters'
import type { Draw } from './random'

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
  /**
   * Mean log-probability of each text's tokens, every one hidden in turn: the pseudo-log-likelihood of Salazar et al.
   * (2020), by token. Of a long text, of what the model reads of it.
   */
  score(texts: readonly string[]): Promise<readonly number[]>
}

/** A trained classifier or tagger. */
export interface Classifier {
  labels: readonly string[]
  /** Whether it gives each row the label, or every token the tag, that it has. */
  agrees(rows: readonly LabelledText[]): Promise<readonly boolean[]>
}

export type LabelledText =
  { texts: readonly string[]; label: string } | { tokens: readonly string[]; tags: readonly string[] }

/** What turns a text into a vector, whose direction is its meaning. */
export interface Embedder {
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>
}

/** How a text is written: the likeliest that beam search finds, or drawn token by token. */
export type Writing =
  | { method: 'beam'; beams: number; maxTokens: number }
  | { method: 'sample'; temperature: number; topP: number; maxTokens: number }

/** What writes a text from another: a translator, a paraphraser. */
export interface Writer {
  /** @param draws random numbers of each text alone */
  write(texts: readonly string[], writing: Writing, draws: readonly Draw[]): Promise<readonly string[]>
}

export interface Models {
  /** @param isWord which words it may propose, asked in lower case */
  maskedLm(reference: string, isWord: (word: string) => boolean): Promise<MaskedModel>
  classifier(reference: string): Promise<Classifier>
  embedder(reference: string): Promise<Embedder>
  writer(reference: string): Promise<Writer>
}

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

/** A parameter that names a translation or text-to-text model; empty until one is chosen. */
export function writerParameter(description: string) {
  return z
    .string()
    .trim()
    .default('')
    .meta({ description, model: 'seq2seq-lm' satisfies ModelKind })
}
