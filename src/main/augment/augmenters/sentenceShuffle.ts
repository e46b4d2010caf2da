import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { joinSentences, splitSentences } from '../text/sentences'

export const sentenceShuffle = defineAugmenter({
  name: 'sentence_shuffle',
  title: 'Sentence shuffle',
  group: 'Sentences',
  says: 'Puts the sentences of a text in another order.',
  source: 'document augmentation as in nlpaug',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({}),
  prepare:
    () =>
    (sentence, { draw }) => {
      const parts = splitSentences(sentence)
      return parts.length < 2 ? sentence : joinSentences(draw.shuffled(parts))
    },
})
