/** The steps by which a model cuts one word: merges by rank, longest matches from the left, or the likeliest cut. */
import type { WordSteps } from '../../../shared/domain/tokenizer'
import type { Model } from './models/model'

type Step = WordSteps['steps'][number]

export function wordPieces(model: Model, word: string): Step[] {
  const json = model.toJson()
  switch (json.type) {
    case 'BPE':
      return mergeSteps(model, word, json)
    case 'WordPiece':
      return matchSteps(model, word, String(json.continuing_subword_prefix))
    default:
      return [{ symbols: symbolsOf(model, word), note: 'the likeliest of all cuts' }]
  }
}

function symbolsOf(model: Model, word: string): string[] {
  const { ids, ends } = model.tokenizeWord(word)
  const tokens = new Map([...model.vocab].map(([token, id]) => [id, token]))
  return ids.map((id, i) => tokens.get(id) ?? word.slice(ends[i - 1] ?? 0, ends[i]))
}

function mergeSteps(model: Model, word: string, json: Record<string, unknown>): Step[] {
  const prefix = typeof json.continuing_subword_prefix === 'string' ? json.continuing_subword_prefix : ''
  const suffix = typeof json.end_of_word_suffix === 'string' ? json.end_of_word_suffix : ''
  const ranks = new Map((json.merges as [string, string][]).map(([a, b], rank) => [`${a} ${b}`, rank]))
  const characters = Array.from(word)
  const known = (symbol: string) => (model.vocab.has(symbol) ? symbol : (model.unkToken ?? symbol))
  let symbols = characters.map((char, i) =>
    known((i > 0 ? prefix : '') + char + (i === characters.length - 1 ? suffix : '')),
  )
  const steps: Step[] = [{ symbols, note: 'one symbol a character' }]
  for (;;) {
    let best = { rank: Infinity, at: -1 }
    symbols.forEach((symbol, at) => {
      const rank = ranks.get(`${symbol} ${symbols[at + 1]}`)
      if (rank !== undefined && rank < best.rank) best = { rank, at }
    })
    if (best.at < 0) return steps
    const [a, b] = [symbols[best.at]!, symbols[best.at + 1]!]
    symbols = [...symbols.slice(0, best.at), a + b.slice(prefix.length), ...symbols.slice(best.at + 2)]
    steps.push({ symbols, note: `merge ${best.rank + 1}: ${a} + ${b}` })
  }
}

function matchSteps(model: Model, word: string, prefix: string): Step[] {
  const { ids, ends } = model.tokenizeWord(word)
  const tokens = symbolsOf(model, word)
  if (ids.length === 1 && tokens[0] === model.unkToken && tokens[0] !== word)
    return [{ symbols: tokens, note: 'no cut into known pieces: the whole word is unknown' }]
  return ends.map((end, i) => {
    const rest = word.slice(end)
    return {
      symbols: [...tokens.slice(0, i + 1), ...(rest === '' ? [] : [rest])],
      note: `longest known ${i === 0 ? 'start' : `continuation (${prefix})`}: ${tokens[i]}`,
    }
  })
}
