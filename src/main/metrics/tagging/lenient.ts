/**
 * Entities as conlleval reads them: seqeval 1.2.2 in its default mode (`get_entities`). Any prefix may open an entity, so
 * an I- after O does; a change of type always ends one.
 */
import type { Entity } from './entity'

/** Entities of one sentence. A tag is its first character and what follows the hyphen; a bare tag has the type `_`. */
export function lenientEntities(tags: readonly string[]): Entity[] {
  const entities: Entity[] = []
  let [previous, previousType, start] = ['O', '_', 0]
  for (const [i, tag] of [...tags, 'O'].entries()) {
    const prefix = tag[0]!
    const type = typeOf(tag)
    if (ends(previous, prefix) || (isInside(previous) && previousType !== type))
      entities.push({ type: previousType, start, end: i })
    if (starts(previous, prefix) || (isInside(prefix) && previousType !== type)) start = i
    previous = prefix
    previousType = type
  }
  return entities
}

function typeOf(tag: string): string {
  const rest = tag.slice(1)
  return rest.slice(rest.indexOf('-') + 1) || '_'
}

function isInside(prefix: string): boolean {
  return prefix !== 'O' && prefix !== '.'
}

function ends(previous: string, prefix: string): boolean {
  if (previous === 'E' || previous === 'S') return true
  return (previous === 'B' || previous === 'I') && (prefix === 'B' || prefix === 'S' || prefix === 'O')
}

function starts(previous: string, prefix: string): boolean {
  if (prefix === 'B' || prefix === 'S') return true
  return (prefix === 'E' || prefix === 'I') && (previous === 'E' || previous === 'S' || previous === 'O')
}
