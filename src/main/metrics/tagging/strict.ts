/**
 * Entities under a tagging scheme, as seqeval 1.2.2 reads them with `mode='strict'` (`scheme.py`): the transition tables
 * are the reference's, its gaps in IOB1 and IOE1 included. A sequence a scheme does not allow yields no entity there.
 */
import { UserError } from '../../../shared/errors'
import type { Entity } from './entity'

export const TAGGING_SCHEMES = ['IOB1', 'IOB2', 'IOE1', 'IOE2', 'IOBES', 'BILOU'] as const
export type TaggingScheme = (typeof TAGGING_SCHEMES)[number]

/** Previous prefixes, current prefixes, and whether the types must be the same or differ. */
type Transition = readonly [previous: string, current: string, types: 'any' | 'same' | 'differ']

interface SchemeRules {
  prefixes: string
  start: readonly Transition[]
  inside: readonly Transition[]
  end: readonly Transition[]
}

const ANY = 'IOBESUL'

const SCHEMES: Record<TaggingScheme, SchemeRules> = {
  IOB1: {
    prefixes: 'IOB',
    start: [
      ['OB', 'I', 'any'],
      ['I', 'I', 'differ'],
      ['IB', 'B', 'same'],
    ],
    inside: [['BI', 'I', 'same']],
    end: [
      ['IB', 'I', 'differ'],
      ['IB', 'O', 'any'],
      ['I', 'B', 'any'],
      ['B', 'B', 'same'],
    ],
  },
  IOE1: {
    prefixes: 'IOE',
    start: [
      ['OE', 'I', 'any'],
      ['I', 'I', 'differ'],
      ['E', 'E', 'same'],
    ],
    inside: [['I', 'IE', 'same']],
    end: [
      ['I', 'IE', 'differ'],
      ['I', 'O', 'any'],
      ['E', 'IE', 'same'],
    ],
  },
  IOB2: {
    prefixes: 'IOB',
    start: [[ANY, 'B', 'any']],
    inside: [['BI', 'I', 'same']],
    end: [
      ['IB', 'OB', 'any'],
      ['IB', 'I', 'differ'],
    ],
  },
  IOE2: {
    prefixes: 'IOE',
    start: [
      ['OE', 'IE', 'any'],
      ['I', 'IE', 'differ'],
    ],
    inside: [['I', 'IE', 'same']],
    end: [['E', ANY, 'any']],
  },
  IOBES: {
    prefixes: 'IOBES',
    start: [[ANY, 'BS', 'any']],
    inside: [['BI', 'IE', 'same']],
    end: [['SE', ANY, 'any']],
  },
  BILOU: {
    prefixes: 'IOBUL',
    start: [[ANY, 'BU', 'any']],
    inside: [['BI', 'IL', 'same']],
    end: [['UL', ANY, 'any']],
  },
}

interface Tag {
  prefix: string
  type: string
}

/** Entities of one sentence. @throws UserError for a prefix the scheme does not have */
export function strictEntities(tags: readonly string[], scheme: TaggingScheme): Entity[] {
  const rules = SCHEMES[scheme]
  const outside: Tag = { prefix: 'O', type: '_' }
  const sequence = [...tags.map((tag) => parse(tag, scheme)), outside]
  const entities: Entity[] = []
  let i = 0
  while (i < sequence.length) {
    const tag = sequence[i]!
    if (!fits(rules.start, sequence[i - 1] ?? outside, tag)) {
      i++
      continue
    }
    let end = i + 1
    while (end < tags.length && fits(rules.inside, sequence[end - 1]!, sequence[end]!)) end++
    end = Math.min(end, tags.length)
    if (fits(rules.end, sequence[end - 1]!, sequence[end]!)) entities.push({ type: tag.type, start: i, end })
    i = end
  }
  return entities
}

function parse(tag: string, scheme: TaggingScheme): Tag {
  const prefix = tag.slice(0, 1)
  const { prefixes } = SCHEMES[scheme]
  if (prefix === '' || !prefixes.includes(prefix))
    throw new UserError('bad-input', `The tag ${JSON.stringify(tag)} is not one of ${scheme}.`, {
      hint: `Tags of ${scheme} start with ${Array.from(prefixes).join(', ')}; choose the scheme of the data.`,
    })
  return { prefix, type: tag.slice(1).replace(/^-+|-+$/g, '') || '_' }
}

function fits(transitions: readonly Transition[], previous: Tag, current: Tag): boolean {
  return transitions.some(
    ([before, now, types]) =>
      before.includes(previous.prefix) &&
      now.includes(current.prefix) &&
      (types === 'any' || (types === 'same') === (previous.type === current.type)),
  )
}

/** Prefixes other than O, sorted, that give a scheme away; seqeval's `auto_detect` tells no IOB1 or IOE1. */
const DETECTED: Record<string, TaggingScheme> = {
  ...named('IOB2', ['BI', 'B']),
  ...named('IOE2', ['EI', 'E']),
  ...named('IOBES', ['BEIS', 'BEI', 'BES', 'BE']),
  ...named('BILOU', ['BILU', 'BIL', 'BLU', 'BL']),
}

/** Complete only without O: a sentence of single-token entities. */
const DETECTED_WITHOUT_OUTSIDE: Record<string, TaggingScheme> = { S: 'IOBES', U: 'BILOU' }

function named(scheme: TaggingScheme, prefixes: readonly string[]): Record<string, TaggingScheme> {
  return Object.fromEntries(prefixes.map((set) => [set, scheme]))
}

/** The scheme of the references as seqeval detects it, or undefined where it cannot. */
export function detectScheme(sentences: readonly (readonly string[])[]): TaggingScheme | undefined {
  const seen = new Set(sentences.flatMap((tags) => tags.map((tag) => tag.slice(0, 1))))
  const hasOutside = seen.delete('O')
  const prefixes = [...seen].sort().join('')
  return DETECTED[prefixes] ?? (hasOutside ? undefined : DETECTED_WITHOUT_OUTSIDE[prefixes])
}
