/** Puts sequences and special tokens together in the order of a layout. */
import type { Encoding, SequenceTokens } from './encoding'
import type { LayoutPart } from './postProcessors'

export function assemble(
  layout: readonly LayoutPart[],
  sequences: readonly [SequenceTokens, SequenceTokens | null],
  kept: readonly [number, number],
): Encoding {
  const out: Encoding = {
    ids: [],
    typeIds: [],
    tokens: [],
    offsets: [],
    specialTokensMask: [],
    wordIds: [],
    sequenceIds: [],
  }
  for (const part of layout) {
    if (part.kind === 'special') {
      out.ids.push(part.id)
      out.tokens.push(part.token)
      out.offsets.push([0, 0])
      out.wordIds.push(null)
      out.typeIds.push(part.typeId)
      out.specialTokensMask.push(1)
      out.sequenceIds.push(null)
      continue
    }
    const tokens = sequences[part.index]
    if (!tokens) continue
    for (let i = 0; i < kept[part.index]; i++) {
      out.ids.push(tokens.ids[i]!)
      out.tokens.push(tokens.tokens[i]!)
      out.offsets.push(tokens.offsets[i]!)
      out.wordIds.push(tokens.wordIds[i]!)
      out.typeIds.push(part.typeId)
      out.specialTokensMask.push(0)
      out.sequenceIds.push(part.index)
    }
  }
  return out
}

export function assembleIds(
  layout: readonly LayoutPart[],
  sequences: readonly [Int32Array, Int32Array | null],
): { ids: Int32Array; typeIds: Int32Array } {
  let length = 0
  for (const part of layout) length += part.kind === 'special' ? 1 : (sequences[part.index]?.length ?? 0)
  const ids = new Int32Array(length)
  const typeIds = new Int32Array(length)
  let at = 0
  for (const part of layout) {
    const start = at
    if (part.kind === 'special') ids[at++] = part.id
    else {
      const sequence = sequences[part.index]
      if (!sequence) continue
      ids.set(sequence, at)
      at += sequence.length
    }
    if (part.typeId !== 0) typeIds.fill(part.typeId, start, at)
  }
  return { ids, typeIds }
}
