/** Compares our tokenizer with Hugging Face's own, through its npm package. */
import { Tokenizer as Reference } from 'tokenizers'
import { expect } from 'vitest'
import { tokenizerFromJson } from '../../../src/main/engine/tokenize/tokenizerJson'

export type Json = Record<string, unknown>

export interface Both {
  ours: ReturnType<typeof tokenizerFromJson>
  reference: Reference
}

export function both(json: Json): Both {
  return { ours: tokenizerFromJson(json), reference: Reference.fromString(JSON.stringify(json)) }
}

export async function expectEqualIds({ ours, reference }: Both, lines: readonly string[]): Promise<void> {
  const encodings = await reference.encodeBatch([...lines])
  lines.forEach((line, i) => {
    const ids = encodings[i]!.getIds()
    // A message only where they differ: building 10,000 of them takes longer than encoding.
    const fast = [...ours.encodeIds(line).ids]
    if (!sameNumbers(fast, ids)) expect(fast, `fast path, ${JSON.stringify(line)}`).toEqual(ids)
    const slow = ours.encode(line).ids
    if (!sameNumbers(slow, ids)) expect(slow, `with offsets, ${JSON.stringify(line)}`).toEqual(ids)
  })
  expect(lines.length).toBeGreaterThan(0)
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

/** Our UTF-16 offsets as the reference counts them, in code points. */
export function codePointOffsets(text: string, offsets: readonly [number, number][]): [number, number][] {
  const index: number[] = []
  let count = 0
  for (const char of text) {
    for (let i = 0; i < char.length; i++) index.push(count)
    count++
  }
  index.push(count)
  return offsets.map(([start, end]) => [index[start]!, index[end]!])
}
