/** What a tokenizer makes of a whole split: how long its rows become, and how well it fits their words. */
import { breathe } from '../../../shared/breathe'
import type { TokenizerStatistics } from '../../../shared/domain/tokenizer'
import { IdBuffer } from './idBuffer'
import { unknownId } from './inspect'
import type { Tokenizer } from './tokenizer'
import type { TrainingHooks } from './train/countWords'

/** Longer rows share the last place of the histogram. */
const LONGEST_COUNTED = 1024
const encoder = new TextEncoder()

/**
 * Tokens a row include the template's ([CLS] and the like), as a model sees them; words, bytes and unknown tokens are of
 * the text alone. A word is a run of letters, digits and marks.
 * @param maxLength counts the rows that it would cut
 */
export async function tokenizerStatistics(
  tokenizer: Tokenizer,
  texts: readonly string[],
  maxLength: number,
  hooks: TrainingHooks = {},
): Promise<TokenizerStatistics> {
  const added = tokenizer.addedSpecialTokens(false)
  const unknown = unknownId(tokenizer)
  const lengths = new Int32Array(texts.length)
  const rowsOfLength = new Array<number>(LONGEST_COUNTED + 1).fill(0)
  const sums = { tokens: 0, words: 0, bytes: 0, unknown: 0, cut: 0 }
  for (const [row, text] of texts.entries()) {
    const ids = new IdBuffer()
    tokenizer.appendIds(text, ids)
    const length = ids.length + added
    lengths[row] = length
    rowsOfLength[Math.min(length, LONGEST_COUNTED)]!++
    sums.tokens += ids.length
    sums.bytes += encoder.encode(text).length
    sums.words += text.match(/[\p{L}\p{N}\p{M}]+/gu)?.length ?? 0
    if (unknown !== undefined)
      for (let i = 0; i < ids.length; i++) if (ids.data[i] === unknown) sums.unknown++
    if (length > maxLength) sums.cut++
    if (row % 512 === 0) {
      hooks.onProgress?.('Counting tokens', row, texts.length)
      await breathe(hooks.signal)
    }
  }
  lengths.sort()
  const longest = lengths.at(-1) ?? 0
  return {
    rows: texts.length,
    tokens: sums.tokens,
    meanTokens: ratio(sums.tokens + added * texts.length, texts.length),
    percentile95: lengths[Math.max(0, Math.ceil(0.95 * lengths.length) - 1)] ?? 0,
    longest,
    tokensPerWord: ratio(sums.tokens, sums.words),
    bytesPerToken: ratio(sums.bytes, sums.tokens),
    unknownTokens: sums.unknown,
    cutRows: sums.cut,
    rowsOfLength: rowsOfLength.slice(0, Math.min(longest, LONGEST_COUNTED) + 1),
  }
}

function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b
}
