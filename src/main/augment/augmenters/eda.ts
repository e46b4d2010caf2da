import { z } from 'zod'
import { defineAugmenter, type CopyContext } from '../augmenter'
import type { Sentence } from '../text/token'
import { edaSynonyms, edaSynonymWords } from '../wordnet/synonyms'
import { deleteWords } from './randomDeletion'
import { edaOperation, edaSentence, edaWords, OPERATIONS, type Operation } from './edaReference'
import { insertSynonyms } from './randomInsertion'
import { swapWords } from './randomSwap'
import { synonymReplacer } from './synonymReplacement'
import { countOf, p, wordCount } from './words'

const alphaHelp = 'as a share of the words, at least one; 0 turns it off.'

export const eda = defineAugmenter({
  name: 'eda',
  title: 'EDA',
  group: 'Words',
  says: 'One of synonym replacement, insertion, swap and deletion for each copy, in equal shares.',
  source:
    'EDA: Easy Data Augmentation (Wei and Zou 2019); "reference" does as its code does, quirks included',
  rows: ['text', 'pair'],
  parameters: z.strictObject({
    mode: z
      .enum(['unicode', 'reference'])
      .default('unicode')
      .describe('"reference" lowers the case and drops all but the letters a to z, as the original code.'),
    alpha_sr: p(`Words replaced by a synonym, ${alphaHelp}`),
    alpha_ri: p(`Synonyms inserted, ${alphaHelp}`),
    alpha_rs: p(`Words exchanged, ${alphaHelp}`),
    p_rd: p('Chance of each word to be deleted; 0 turns it off.'),
  }),
  async prepare({ mode, ...shares }, { wordnet }) {
    const opened = await wordnet()
    const synonyms = edaSynonyms(opened)
    const lenders = edaSynonymWords(opened)
    const replace = synonymReplacer(opened, 1)
    const share = {
      replacement: shares.alpha_sr,
      insertion: shares.alpha_ri,
      swap: shares.alpha_rs,
      deletion: shares.p_rd,
    }
    const enabled = OPERATIONS.filter((operation) => share[operation] > 0)

    function unicode(sentence: Sentence, operation: Operation, { draw }: CopyContext): Sentence {
      const count = countOf(share[operation], wordCount(sentence))
      switch (operation) {
        case 'replacement':
          return replace(sentence, count, draw)
        case 'insertion':
          return insertSynonyms(sentence, count, draw, lenders)
        case 'swap':
          return swapWords(sentence, count, draw)
        case 'deletion':
          return deleteWords(sentence, share.deletion, draw)
      }
    }

    return (sentence, context) => {
      const operation = operationOf(enabled, context)
      if (operation === null) return null
      if (mode === 'unicode') return unicode(sentence, operation, context)
      const words = edaWords(sentence)
      if (words.length === 0) return null
      return edaSentence(edaOperation(words, operation, share[operation], context.draw, synonyms))
    }
  },
})

/**
 * Each enabled operation makes ⌊copies / 4⌋ + 1 candidates, which are shuffled and cut to the number of copies: with
 * few operations there are fewer than that, as in the original.
 */
function operationOf(
  enabled: readonly Operation[],
  { rowDraw, copy, copies }: CopyContext,
): Operation | null {
  const each = Math.floor(copies / 4) + 1
  const candidates = enabled.flatMap((operation) => Array<Operation>(each).fill(operation))
  return rowDraw().shuffled(candidates)[copy] ?? null
}
