import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { sentencesOf } from '../corpus'
import { joinSentences } from '../text/sentences'

export const concatenation = defineAugmenter({
  name: 'concatenation',
  title: 'Concatenation',
  group: 'Sentences',
  says: 'Adds the text of another training row with the same label.',
  source: 'common for short texts and for named entities',
  rows: ['text', 'tagged'],
  parameters: z.strictObject({
    order: z.enum(['any', 'before', 'after']).default('any').describe('Where the other text goes.'),
  }),
  prepare:
    ({ order }, { corpus, protection }) =>
    (sentence, { draw, label, row }) => {
      const same = corpus.ofLabel(label)
      // Two draws find another row than this one, if there are others at all.
      const other = [draw.pick(same), draw.pick(same)].find((found) => found.row !== row)
      if (!other) return sentence
      const [added] = sentencesOf(other, protection)
      const isBefore = order === 'any' ? draw.chance(0.5) : order === 'before'
      return joinSentences(isBefore ? [added!, sentence] : [sentence, added!])
    },
})
