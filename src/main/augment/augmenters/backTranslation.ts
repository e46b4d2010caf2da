import { z } from 'zod'
import { defineAugmenter } from '../augmenter'
import { writerParameter } from '../models'
import { rewriting, through, writingOf, writingParameters } from '../written'

const prefix = (of: string) =>
  z
    .string()
    .default('')
    .describe(`What ${of} model wants before a text, as >>fra<< for a model of many languages.`)

export const backTranslation = defineAugmenter({
  name: 'back_translation',
  title: 'Back-translation',
  group: 'Models',
  says: 'Translates each sentence into another language and back, with two translation models on this machine.',
  source: 'Sennrich et al. (2016); as augmentation Xie et al. (2020); sampled as in Edunov et al. (2018)',
  rows: ['text', 'pair'],
  parameters: z.strictObject({
    forward: writerParameter(
      'Folder of the model into the other language: OPUS-MT or T5 as transformers.js reads it.',
    ),
    backward: writerParameter('Folder of the model back; the same folder where one model does both.'),
    forward_prefix: prefix('the first'),
    backward_prefix: prefix('the second'),
    ...writingParameters,
  }),
  async prepare(settings, { models, protection }) {
    const there = through(await models.writer(settings.forward), settings.forward_prefix, writingOf(settings))
    const back = through(
      await models.writer(settings.backward),
      settings.backward_prefix,
      writingOf(settings),
    )
    return rewriting(async (texts, draws) => back(await there(texts, draws), draws), protection)
  },
})
