import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { askingAugmenter, type Asking } from '../masked/ask'
import { askedFor, drawWord, gapFor, isReplaceable, maskedParameters, openMasked } from '../masked/words'
import type { Draw } from '../random'
import { inCaseOf } from '../text/letterCase'
import { replaceAt, type Sentence } from '../text/token'
import { countOf, p, wordCount } from './words'

export const spanCorruption = defineAugmenter({
  name: 'span_corruption',
  title: 'Span corruption',
  group: 'Models',
  says: 'Hides words that follow each other and lets a masked language model write them anew, left to right.',
  source: 'spans as in SpanBERT (Joshi et al. 2020), filled as in data augmentation by infilling',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...maskedParameters,
    p: p('Share of the words that are hidden. At least one.', 0.15),
    mean_span: z
      .number()
      .min(1)
      .max(10)
      .default(3)
      .describe('Words of a span on average; lengths are drawn from a geometric distribution.'),
  }),
  async prepare(settings, resources) {
    const model = await openMasked(settings, resources)
    return askingAugmenter(model, askedFor(settings), (sentence, { draw }) =>
      corrupt(sentence, settings, draw),
    )
  },
})

interface Settings {
  p: number
  mean_span: number
  top_k: number
  temperature: number
}

function* corrupt(sentence: Sentence, settings: Settings, draw: Draw): Asking<Sentence> {
  const texts = new Map<number, string>()
  let result = sentence
  for (const { start, end } of drawSpans(sentence, settings, draw)) {
    for (let place = start; place < end; place++) {
      const candidates = yield gapFor(result, place, end, end - place)
      const near = [result[place - 1], result[end]].map((token) => token?.text.toLowerCase())
      const word = drawWord(candidates, settings, (one) => near.includes(one), draw)
      if (word !== null) texts.set(place, inCaseOf(sentence[place]!.text, word))
      result = replaceAt(sentence, texts)
    }
  }
  return result
}

/** Spans of words that may be changed, none overlapping another, until enough words are in one. */
function drawSpans(
  sentence: Sentence,
  { p: share, mean_span: mean }: Settings,
  draw: Draw,
): { start: number; end: number }[] {
  const wanted = countOf(share, wordCount(sentence))
  const isTaken = sentence.map((token) => !isReplaceable(token))
  const spans: { start: number; end: number }[] = []
  let hidden = 0
  for (const start of draw.shuffled(sentence.map((_, i) => i))) {
    if (hidden >= wanted) break
    if (isTaken[start]) continue
    const length = Math.min(geometric(mean, draw), wanted - hidden)
    let end = start
    while (end < start + length && isTaken[end] === false) isTaken[end++] = true
    spans.push({ start, end })
    hidden += end - start
  }
  return spans.sort((a, b) => a.start - b.start)
}

/** 1, 2, 3, … with this mean. */
function geometric(mean: number, draw: Draw): number {
  return mean === 1 ? 1 : 1 + Math.floor(Math.log(1 - draw.next()) / Math.log(1 - 1 / mean))
}
