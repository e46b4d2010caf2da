/**
 * What augmenters work on: words and marks with the white space before each, so that what is not touched comes back
 * as it was. A protected phrase is one token. Tokens of a token-classification row carry their tags.
 */
export interface Token {
  readonly text: string
  /** White space before it. */
  readonly gap: string
  /** Has a letter or a digit; else it is punctuation or a symbol. */
  readonly isWord: boolean
  readonly isProtected: boolean
  /** Of token-classification rows: `O`, `B-PER` … */
  readonly tag: string | null
}

export type Sentence = readonly Token[]

/** The text of a sentence; white space around it is dropped. */
export function textOf(sentence: Sentence): string {
  let text = ''
  for (const token of sentence) text += token.gap + token.text
  return text.trim()
}

export function isTagged(sentence: Sentence): boolean {
  return sentence.length > 0 && sentence[0]!.tag !== null
}

/** Whether a token may be replaced by another text. */
export function isFree(token: Token): boolean {
  return token.isWord && !token.isProtected
}

/** Whether a token may also be moved or dropped: those of an entity keep their place, so that spans stay whole. */
export function isMovable(token: Token): boolean {
  return isFree(token) && (token.tag === null || token.tag === 'O')
}

/** Places of the tokens that fulfil a condition. */
export function placesOf(sentence: Sentence, condition: (token: Token) => boolean): number[] {
  const places: number[] = []
  for (let i = 0; i < sentence.length; i++) if (condition(sentence[i]!)) places.push(i)
  return places
}

/** Whether a token may be put before place `at` without splitting an entity or a protected phrase. */
export function mayInsertAt(sentence: Sentence, at: number): boolean {
  const [before, after] = [sentence[at - 1], sentence[at]]
  if (!after) return true
  if (after.tag?.startsWith('I-')) return false
  return !(before?.isProtected && after.isProtected && after.tag !== null)
}

/** A word put in at place `at`, parted from its neighbours as the sentence parts its words. */
export function insertWord(sentence: Sentence, at: number, text: string): Sentence {
  const isSpaced = sentence.some((token) => token.gap !== '')
  const parting = isSpaced || sentence.length <= 1 ? ' ' : ''
  const next = sentence[at]
  const word: Token = {
    text,
    gap: at === 0 ? '' : (next?.gap ?? '') || parting,
    isWord: true,
    isProtected: false,
    tag: isTagged(sentence) ? 'O' : null,
  }
  const rest = sentence.slice(at)
  if (next?.isWord && next.gap === '') rest[0] = { ...next, gap: parting }
  return [...sentence.slice(0, at), word, ...rest]
}

/** The sentence with other texts at some places. */
export function replaceAt(sentence: Sentence, texts: ReadonlyMap<number, string>): Sentence {
  if (texts.size === 0) return sentence
  return sentence.map((token, i) => {
    const text = texts.get(i)
    return text === undefined ? token : { ...token, text }
  })
}
