/** What the augmenters that ask a masked model share: where they ask, what they may take, how they choose. */
import { z } from 'zod'
import type { Resources } from '../augmenter'
import { isGrammar } from '../english/functionWords'
import { knownReadings } from '../english/partOfSpeech'
import { maskedLmParameter, type Candidate, type Gap, type MaskedModel } from '../models'
import type { Draw } from '../random'
import { isMovable, placesOf, textOf, type Sentence, type Token } from '../text/token'

/** Parameters of every augmenter that draws words from a masked model. */
export const maskedParameters = {
  model: maskedLmParameter(),
  top_k: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('The word is drawn among this many of the likeliest, each by its probability.'),
  temperature: z
    .number()
    .min(0.1)
    .max(10)
    .default(1)
    .describe('Above 1 unlikely words are drawn more often, below 1 less often.'),
  known_words: z
    .boolean()
    .default(true)
    .describe('Only words of the training rows or of WordNet: pieces of words and rare names are left out.'),
}
type MaskedSettings = z.output<z.ZodObject<typeof maskedParameters>>

/** The model, its words narrowed to those that are some. */
export async function openMasked(
  { model, known_words }: MaskedSettings,
  { models, corpus, wordnet }: Resources,
): Promise<MaskedModel> {
  if (!known_words) return models.maskedLm(model, () => true)
  const [dictionary, own] = [await wordnet(), corpus.words()]
  return models.maskedLm(model, (word) => own.has(word) || knownReadings(dictionary, word).length > 0)
}

/** Whether a word may give way to another: it is of no entity, and no number. */
export function isReplaceable(token: Token): boolean {
  return isMovable(token) && /\p{L}/u.test(token.text)
}

/** Places of such words that carry content, in an order drawn. */
export function contentPlaces(sentence: Sentence, draw: Draw): number[] {
  return draw.shuffled(
    placesOf(sentence, (token) => isReplaceable(token) && !isGrammar(token.text.toLowerCase())),
  )
}

/** The gap that a sentence has in the place of tokens [start, end), asked with so many masks. */
export function gapFor(sentence: Sentence, start: number, end: number, masks: number): Gap {
  const rest = sentence.slice(end)
  return {
    before: textOf(sentence.slice(0, start)),
    masks,
    after: rest.map(({ gap, text }) => gap + text).join(''),
  }
}

/** Draws a word by its probability; null where every candidate is refused. */
export function drawWord(
  candidates: readonly Candidate[],
  { top_k, temperature }: Pick<MaskedSettings, 'top_k' | 'temperature'>,
  isRefused: (word: string) => boolean,
  draw: Draw,
): string | null {
  const kept = candidates.filter(({ word }) => !isRefused(word.toLowerCase())).slice(0, top_k)
  const weights = kept.map(({ logit }) => Math.exp((logit - kept[0]!.logit) / temperature))
  let left = draw.next() * weights.reduce((sum, weight) => sum + weight, 0)
  const chosen = weights.findIndex((weight) => (left -= weight) < 0)
  return kept.at(chosen)?.word ?? null
}

/** Candidates asked for where some may be refused. */
export function askedFor({ top_k }: Pick<MaskedSettings, 'top_k'>): number {
  return top_k + 20
}
