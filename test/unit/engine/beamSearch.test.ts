import { describe, expect, it } from 'vitest'
import {
  beamSearch,
  sample,
  type NextLogits,
  type SearchRules,
} from '../../../src/main/engine/seq2seq/beamSearch'

const rules: SearchRules = {
  startId: 0,
  endId: 1,
  forcedFirstId: null,
  forcedLastId: null,
  bannedIds: [],
  renormalize: false,
  maxLength: 6,
}
const search = { beams: 2, lengthPenalty: 1, stopsEarly: false }

/** Probabilities of the next token by the tokens so far; what is not told ends. */
function table(next: Record<string, number[]>): NextLogits {
  return (ids) =>
    Promise.resolve(
      ids.map((row) => Float32Array.from(next[row.join(' ')] ?? [0, 1, 0, 0], (p) => Math.log(p))),
    )
}

describe('beam search', () => {
  // The best first token leads nowhere good: 0.6 · 0.4 against 0.4 · 0.9.
  const garden = table({ '0': [0, 0, 0.6, 0.4], '0 2': [0, 0.1, 0.4, 0.5], '0 3': [0, 0.05, 0.9, 0.05] })

  it('finds what greedy search misses', async () => {
    expect(await beamSearch(1, garden, rules, { ...search, beams: 1 })).toEqual([[0, 2, 3, 1]])
    expect(await beamSearch(1, garden, rules, search)).toEqual([[0, 3, 2, 1]])
  })

  it('prefers long texts by the length penalty', async () => {
    const model = table({ '0': [0, 0.5, 0.5, 0], '0 2': [0, 0.3, 0.7, 0], '0 2 2': [0, 1, 0, 0] })
    const best = (lengthPenalty: number) => beamSearch(1, model, rules, { ...search, lengthPenalty })
    expect(await best(0)).toEqual([[0, 1]])
    expect(await best(2)).toEqual([[0, 2, 2, 1]])
  })

  it('keeps sources apart and drops those that are done', async () => {
    const asked: number[] = []
    const model: NextLogits = (ids, from) => {
      asked.push(ids.length)
      expect(from).toHaveLength(ids.length)
      return garden(ids, from)
    }
    expect(await beamSearch(3, model, rules, search)).toEqual([
      [0, 3, 2, 1],
      [0, 3, 2, 1],
      [0, 3, 2, 1],
    ])
    expect(asked.slice(0, 2)).toEqual([3, 6])
  })

  it('obeys bans, forced tokens and the length', async () => {
    expect(await beamSearch(1, garden, { ...rules, bannedIds: [3] }, { ...search, beams: 1 })).toEqual([
      [0, 2, 2, 1],
    ])
    const endless = table({})
    const on: NextLogits = async (ids, from) =>
      (await endless(ids, from)).map(() => Float32Array.from([0, 0, 1, 0], (p) => Math.log(p)))
    expect(await beamSearch(1, on, rules, search)).toEqual([[0, 2, 2, 2, 2, 2]])
    expect(await beamSearch(1, on, { ...rules, forcedLastId: 1 }, search)).toEqual([[0, 2, 2, 2, 2, 1]])
    expect((await beamSearch(1, on, { ...rules, forcedFirstId: 3 }, search))[0]!.slice(0, 2)).toEqual([0, 3])
  })
})

describe('sampling', () => {
  const model = table({ '0': [0, 0, 0.75, 0.25] })
  const draw = (value: number, topP = 1, temperature = 1) =>
    sample(model, rules, [{ topP, temperature, next: () => value }])

  it('draws by probability, among the nucleus', async () => {
    expect(await draw(0.74)).toEqual([[0, 2, 1]])
    expect(await draw(0.76)).toEqual([[0, 3, 1]])
    expect(await draw(0.99, 0.7)).toEqual([[0, 2, 1]])
    // 0.75² : 0.25² is 0.9 : 0.1.
    expect(await draw(0.89, 1, 0.5)).toEqual([[0, 2, 1]])
    expect(await draw(0.91, 1, 0.5)).toEqual([[0, 3, 1]])
  })
})
