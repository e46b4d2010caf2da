import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { defineAugmenter } from '../augmenter'
import { entitySpans, type Entity } from '../corpus'
import type { Token } from '../text/token'
import { countOf, p } from './words'

export const entitySwap = defineAugmenter({
  name: 'entity_swap',
  title: 'Entity swap',
  group: 'Entities',
  says: 'Puts another entity of the same type, from the training rows or a gazetteer; its tags go with it.',
  source: 'mention replacement (Dai and Adel 2020)',
  rows: ['tagged'],
  parameters: z.strictObject({
    p: p('Share of the entities that are replaced. At least one.', 0.5),
    gazetteer: z
      .string()
      .trim()
      .default('')
      .describe(
        'A JSON file of more names by type, as {"PER": ["Anna Maria"]}; empty for the training rows alone.',
      ),
  }),
  async prepare({ p: share, gazetteer: file }, { corpus }) {
    const own = corpus.gazetteer()
    const gazetteer = file === '' ? own : withNames(own, await readGazetteer(file))
    if (own.size === 0)
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

type Gazetteer = ReadonlyMap<string, readonly Entity[]>

const Names = z.record(z.string(), z.array(z.string().trim().min(1)))

/** Names are cut at their spaces into tokens. @throws UserError naming the file and what it should hold */
async function readGazetteer(path: string): Promise<Gazetteer> {
  const file = resolve(path)
  const where = { file }
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('not-found', 'The gazetteer cannot be read.', { where, cause })
  })
  const names = Names.safeParse(parsed(text))
  if (!names.success)
    throw new UserError('bad-input', 'This is not a gazetteer.', {
      where,
      hint: 'It is a JSON object of lists of names by the type of the tags: {"PER": ["Anna Maria"], "LOC": ["Rome"]}.',
    })
  return new Map(
    Object.entries(names.data).map(([type, own]) => [type, own.map((name) => name.split(/\s+/))]),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Both, each name once. */
function withNames(own: Gazetteer, more: Gazetteer): Gazetteer {
  const both = new Map<string, readonly Entity[]>(own)
  for (const [type, names] of more) {
    const known = own.get(type) ?? []
    const seen = new Set(known.map((name) => name.join(' ')))
    both.set(type, [...known, ...names.filter((name) => !seen.has(name.join(' ')))])
  }
  return both
}
