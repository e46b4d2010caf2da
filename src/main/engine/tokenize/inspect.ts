/** Looking into a tokenizer: what it is, what it makes of a line, and how a word comes to its tokens. */
import { createHash } from 'node:crypto'
import type { ShownToken, TokenizerFacts, WordSteps } from '../../../shared/domain/tokenizer'
import { BYTE_OF_CHAR, CHAR_OF_BYTE } from './byteAlphabet'
import { wordPieces } from './inspectWord'
import { tokenizerFiles } from './save'
import type { Tokenizer } from './tokenizer'

export function tokenizerFacts(tokenizer: Tokenizer): TokenizerFacts {
  const { json, model, addedTokens } = tokenizer.parts
  const file = tokenizerFiles(tokenizer, null).get('tokenizer.json')!
  return {
    type: String(model.toJson().type),
    vocabSize: tokenizer.vocabSize,
    normalizer: componentText(json.normalizer),
    preTokenizer: componentText(json.pre_tokenizer),
    specialTokens: addedTokens.filter((token) => token.special).map((token) => token.content),
    coversEverything: coversEverything(tokenizer),
    sha256: createHash('sha256').update(file).digest('hex'),
  }
}

/** Byte-level vocabularies and those with byte fallback. */
function coversEverything({ parts: { model } }: Tokenizer): boolean {
  if (CHAR_OF_BYTE.every((char) => model.vocab.has(char))) return true
  return model.toJson().byte_fallback === true && model.vocab.has('<0x00>')
}

/** `BertNormalizer, lowercase`; sequences joined by arrows. */
function componentText(component: unknown): string {
  if (typeof component !== 'object' || component === null) return 'none'
  const { type, ...settings } = component as Record<string, unknown>
  const inner = settings.normalizers ?? settings.pretokenizers
  if (Array.isArray(inner)) return inner.map(componentText).join(' → ')
  const switchedOn = Object.entries(settings).filter(([, value]) => value === true)
  return [String(type), ...switchedOn.map(([name]) => name)].join(', ')
}

const encoder = new TextEncoder()

/** The tokens of one line with their places in it. */
export function showTokens(tokenizer: Tokenizer, line: string, addSpecialTokens: boolean): ShownToken[] {
  const { ids, tokens, offsets, specialTokensMask } = tokenizer.encode(line, null, { addSpecialTokens })
  const unknown = unknownId(tokenizer)
  const isByteLevel = CHAR_OF_BYTE.every((char) => tokenizer.parts.model.vocab.has(char))
  return ids.map((id, i) => {
    const [start, end] = offsets[i]!
    const token = tokens[i]!
    const isSpecial = specialTokensMask[i] === 1 || (tokenizer.isSpecial(id) && id !== unknown)
    const isByte = isByteLevel ? isPartOfCharacter(token) : /^<0x[0-9A-F]{2}>$/.test(token)
    return {
      id,
      token,
      kind: isSpecial ? 'special' : id === unknown ? 'unknown' : isByte ? 'byte' : 'text',
      offsets: [start, end],
      bytes: isSpecial
        ? 0
        : isByteLevel
          ? Array.from(token).length
          : encoder.encode(line.slice(start, end)).length,
    }
  })
}

/** Id of the token that stands for what the vocabulary lacks; `undefined` where nothing can be unknown. */
export function unknownId(tokenizer: Tokenizer): number | undefined {
  const { unkToken } = tokenizer.parts.model
  return unkToken === null ? undefined : tokenizer.tokenToId(unkToken)
}

/** Whether a byte-level token is no whole number of characters. */
function isPartOfCharacter(token: string): boolean {
  const bytes = Uint8Array.from(token, (char) => BYTE_OF_CHAR.get(char) ?? 0)
  return new TextDecoder().decode(bytes).includes('\ufffd')
}

/** Every word of a line, step by step. Lines are short: a person reads them. */
export function showWordSteps(tokenizer: Tokenizer, line: string): WordSteps[] {
  const { model } = tokenizer.parts
  return tokenizer.wordsOf(line).map((word) => ({ word, steps: wordPieces(model, word) }))
}
