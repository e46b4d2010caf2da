import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { askingAugmenter } from '../masked/ask'
import { substituteWords } from '../masked/substitute'
import { askedFor, maskedParameters, openMasked } from '../masked/words'
import { alpha, countOf, wordCount } from './words'

export const maskedSubstitution = defineAugmenter({
  name: 'masked_substitution',
  title: 'Masked substitution',
  group: 'Models',
  says: 'Hides words and puts others in their place that a masked language model finds likely there.',
  source: 'contextual augmentation (Kobayashi 2018; Wu et al. 2019)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...maskedParameters,
    alpha: alpha('Words replaced, as a share of the words.'),
  }),
  async prepare(settings, resources) {
    const model = await openMasked(settings, resources)
    return askingAugmenter(model, askedFor(settings), (sentence, { draw }) => {
      const count = countOf(settings.alpha, wordCount(sentence))
      return substituteWords(sentence, { ...settings, count }, draw)
    })
  },
})
