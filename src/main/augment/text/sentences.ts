/** Where a text's sentences end. */
import type { Sentence } from './token'

const END = /^[.!?…。！？؟।]+$/u
const CLOSING = /^["'”’»)\]」』]$/u

/** Cuts after marks that end a sentence, and the closing marks behind them. */
export function splitSentences(text: Sentence): Sentence[] {
  const parts: Sentence[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (!END.test(text[i]!.text)) continue
    while (
      i + 1 < text.length &&
      text[i + 1]!.gap === '' &&
      (END.test(text[i + 1]!.text) || CLOSING.test(text[i + 1]!.text))
    )
      i++
    const next = text[i + 1]
    // "3.5" and "e.g." go on: a sentence ends before white space, or in a script that has none.
    if (next && next.gap === '' && /^[.]/.test(text[i]!.text)) continue
    parts.push(text.slice(start, i + 1))
    start = i + 1
  }
  if (start < text.length) parts.push(text.slice(start))
  return parts
}

/** Sentences one after the other, parted as sentences are. */
export function joinSentences(parts: readonly Sentence[]): Sentence {
  const isSpaced = parts.some((part) => part.slice(1).some(({ gap }) => gap !== ''))
  return parts.flatMap((part, i) =>
    part.map((token, j) =>
      j > 0 ? token : { ...token, gap: i === 0 ? '' : token.gap || (isSpaced ? ' ' : '') },
    ),
  )
}
