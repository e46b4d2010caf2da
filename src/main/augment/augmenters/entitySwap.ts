import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { defineAugmenter } from '../augmenter'
import { entitySpans } from '../corpus'
import type { Token } from '../text/token'
import { countOf, p } from './words'

export const entitySwap = defineAugmenter({
  name: 'entity_swap',
  title: 'Entity swap',
  group: 'Entities',
  says: 'Puts another entity of the same type, taken from the training rows; its tags go with it.',
  source: 'mention replacement (Dai and Adel 2020)',
  rows: ['tagged'],
  parameters: z.strictObject({ p: p('Share of the entities that are replaced. At least one.', 0.5) }),
  prepare({ p: share }, { corpus }) {
    const gazetteer = corpus.gazetteer()
    if (gazetteer.size === 0)
      throw new UserError('bad-input', 'No training row has an entity: there is nothing to swap.', {
        hint: 'Entities are tags that begin with B- or I-.',
      })
    return (sentence, { draw }) => {
      const spans = entitySpans(sentence.map(({ tag }) => tag)).filter(
        ({ type, start, end }) =>
          (gazetteer.get(type)?.length ?? 0) > 1 &&
          !sentence.slice(start, end).some((token) => token.isProtected),
      )
      const chosen = draw.sample(spans, Math.min(spans.length, countOf(share, spans.length)))
      const result: Token[] = [...sentence]
      // From the end, so that places before stay true.
      for (const { type, start, end } of chosen.sort((a, b) => b.start - a.start)) {
        const before = sentence.slice(start, end).map(({ text }) => text)
        const others = gazetteer.get(type)!.filter((entity) => entity.join(' ') !== before.join(' '))
        const tokens = draw.pick(others).map((text, i): Token => ({
          text,
          gap: start === 0 && i === 0 ? '' : ' ',
          isWord: true,
          isProtected: false,
          tag: `${i === 0 ? 'B' : 'I'}-${type}`,
        }))
        result.splice(start, end - start, ...tokens)
      }
      return result
    }
  },
})
