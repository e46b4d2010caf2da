/**
 * EDA as its published code does it (jasonwei20/eda_nlp): the cleaning, the counts, and what its description does not
 * say: every occurrence of a word is replaced, insertion draws on any word, a swap that draws one place three times is lost.
 */
import { stopWords } from '../english/functionWords'
import type { Draw } from '../random'
import type { Sentence } from '../text/token'
import { countOf } from './words'

export const OPERATIONS = ['replacement', 'insertion', 'swap', 'deletion'] as const
export type Operation = (typeof OPERATIONS)[number]

interface Word {
  text: string
  isProtected: boolean
}
type Synonyms = (word: string) => readonly string[]

/** The draw after these is made and thrown away. */
const SWAP_TRIES = 3
const INSERT_TRIES = 9

/** Lower case, apostrophes dropped, everything but a to z a space; several spaces become one. */
export function edaClean(text: string): string {
  const letters = text
    .replace(/['’]/g, '')
    .toLowerCase()
    .replace(/[^a-z ]/gu, ' ')
  return letters.replace(/ +/g, ' ').replace(/^ /, '')
}

/** The words EDA sees; protected ones stay as they are. */
export function edaWords(sentence: Sentence): Word[] {
  const words: Word[] = []
  let run = ''
  const flush = () => {
    for (const text of edaClean(run).split(' ')) if (text !== '') words.push({ text, isProtected: false })
    run = ''
  }
  for (const token of sentence) {
    run += token.gap
    if (token.isProtected) {
      flush()
      words.push({ text: token.text, isProtected: true })
    } else run += token.text
  }
  flush()
  return words
}

export function edaSentence(words: readonly Word[]): Sentence {
  return words.map(({ text, isProtected }, i) => ({
    text,
    gap: i === 0 ? '' : ' ',
    isWord: true,
    isProtected,
    tag: null,
  }))
}

/** @param share alpha of the operation, or the chance of a word to be deleted */
export function edaOperation(
  words: readonly Word[],
  operation: Operation,
  share: number,
  draw: Draw,
  synonyms: Synonyms,
): Word[] {
  const count = countOf(share, words.length)
  const replaced = (() => {
    switch (operation) {
      case 'replacement':
        return replaceWords(words, count, draw, synonyms)
      case 'insertion':
        return insertWords(words, count, draw, synonyms)
      case 'swap':
        return swapWords(words, count, draw)
      case 'deletion':
        return deleteWords(words, share, draw)
    }
  })()
  // A synonym of several words counts as several from here on.
  const parted = replaced.flatMap((word) =>
    word.isProtected ? [word] : word.text.split(' ').map((text) => ({ text, isProtected: false })),
  )
  return parted.filter(({ text }) => text !== '')
}

function replaceWords(words: readonly Word[], count: number, draw: Draw, synonyms: Synonyms): Word[] {
  const free = words.filter(({ text, isProtected }) => !isProtected && !stopWords.has(text))
  const candidates = draw.shuffled([...new Set(free.map(({ text }) => text))])
  let result = [...words]
  let done = 0
  for (const candidate of candidates) {
    if (done >= count) break
    const found = synonyms(candidate)
    if (found.length === 0) continue
    const text = draw.pick(found)
    result = result.map((word) => (word.text === candidate && !word.isProtected ? { ...word, text } : word))
    done++
  }
  return result
}

function insertWords(words: readonly Word[], count: number, draw: Draw, synonyms: Synonyms): Word[] {
  const result = [...words]
  for (let i = 0; i < count; i++) {
    let found: readonly string[] = []
    for (let tries = 0; found.length === 0 && tries < INSERT_TRIES; tries++)
      found = synonyms(draw.pick(result).text)
    if (found.length === 0) continue
    // The first of a set without an order in the original; here the most frequent sense's.
    result.splice(draw.below(result.length), 0, { text: found[0]!, isProtected: false })
  }
  return result
}

function swapWords(words: readonly Word[], count: number, draw: Draw): Word[] {
  const result = [...words]
  for (let i = 0; i < count; i++) {
    const a = draw.below(result.length)
    let b = a
    for (let tries = 0; b === a && tries < SWAP_TRIES; tries++) b = draw.below(result.length)
    if (b !== a && !result[a]!.isProtected && !result[b]!.isProtected)
      [result[a], result[b]] = [result[b]!, result[a]!]
  }
  return result
}

function deleteWords(words: readonly Word[], share: number, draw: Draw): Word[] {
  if (words.length === 1) return [...words]
  const left = words.filter(({ isProtected }) => draw.next() > share || isProtected)
  return left.length > 0 ? left : [draw.pick(words)]
}
