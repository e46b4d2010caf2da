import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { writerParameter } from '../models'
import { rewriting, through, writingOf, writingParameters } from '../written'

export const seq2seqParaphrase = defineAugmenter({
  name: 'seq2seq_paraphrase',
  title: 'Paraphrase by a text-to-text model',
  group: 'Models',
  says: 'Lets a model that was trained to paraphrase, as a T5, write each sentence anew.',
  source: 'Kumar et al. (2020)',
  rows: ['text', 'pair'],
  parameters: z.strictObject({
    model: writerParameter('Folder of the text-to-text model, as transformers.js reads it.'),
    prefix: z
      .string()
      .default('')
      .describe('What the model wants before a text, as paraphrase: for many T5 models.'),
    ...writingParameters,
  }),
  async prepare(settings, { models, protection }) {
    const writer = await models.writer(settings.model)
    return rewriting(through(writer, settings.prefix, writingOf(settings)), protection)
  },
})
