/** SentencePiece's byte fallback: an unknown text as the tokens `<0x00>` … `<0xFF>` of its UTF-8 bytes. */

const encoder = new TextEncoder()

/** @returns the ids, or undefined if the vocabulary lacks one of the bytes. */
export function byteFallbackIds(text: string, vocab: ReadonlyMap<string, number>): number[] | undefined {
  const ids: number[] = []
  for (const byte of encoder.encode(text)) {
    const id = vocab.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
    if (id === undefined) return undefined
    ids.push(id)
  }
  return ids
}
