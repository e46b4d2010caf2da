/** The models of augmenters and gates against Transformers, on the starter encoder. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Embedder, MaskedModel } from '../../../src/main/augment/models'
import { openEmbedder } from '../../../src/main/worker/augment/embedder'
import { openMaskedModel } from '../../../src/main/worker/augment/maskedModel'

const STARTER = 'resources/models/starter-2x256'
const golden = JSON.parse(readFileSync('test/golden/augment/masked.json', 'utf8')) as {
  gaps: { before: string; masks: number; after: string; words: { word: string; logit: number }[] }[]
  scores: { text: string; score: number }[]
  vectors: { text: string; vector: number[] }[]
}
const { signal } = new AbortController()

describe('a masked language model', () => {
  let model: MaskedModel
  beforeAll(async () => {
    model = await openMaskedModel(STARTER, () => true, signal)
  })

  it('finds the words for a gap that Transformers finds', async () => {
    const found = await model.fill(golden.gaps, 40)
    found.forEach((candidates, i) => {
      const words = candidates.filter(({ word }) => /^[a-z]+$/.test(word))
      const expected = golden.gaps[i]!.words
      expect(words.slice(0, expected.length).map(({ word }) => word)).toEqual(
        expected.map(({ word }) => word),
      )
      expected.forEach(({ logit }, k) => expect(words[k]!.logit).toBeCloseTo(logit, 3))
    })
  })

  it('finds a text as likely, and order more than disorder', async () => {
    const scores = await model.score(golden.scores.map(({ text }) => text))
    golden.scores.forEach(({ score }, i) => expect(scores[i]).toBeCloseTo(score, 3))
    expect(scores[0]).toBeGreaterThan(scores[2]!)
    // No text's score depends on those beside it.
    expect((await model.score([golden.scores[3]!.text]))[0]).toBeCloseTo(scores[3]!, 5)
    expect(await model.score([''])).toEqual([0])
  })

  it('reads as much of a long text as it can around the gap', async () => {
    const long = 'of the water '.repeat(200)
    const [around] = await model.fill(
      [{ before: `${long}a large`, masks: 1, after: ` with four legs ${long}` }],
      5,
    )
    expect(around!.length).toBe(5)
    expect((await model.score([long]))[0]).toBeLessThan(0)
  })

  it('hears a cancel in the middle of a call', async () => {
    const controller = new AbortController()
    const stopped = await openMaskedModel(STARTER, () => true, controller.signal)
    controller.abort(new Error('cancelled'))
    await expect(stopped.score([golden.scores[0]!.text])).rejects.toThrow('cancelled')
  })

  it('proposes only what is a word', async () => {
    const narrow = await openMaskedModel(STARTER, (word) => word === 'fish', signal)
    expect((await narrow.fill([golden.gaps[0]!], 5))[0]!.map(({ word }) => word)).toEqual(['fish'])
  })
})

describe('an encoder', () => {
  let encoder: Embedder
  beforeAll(async () => {
    encoder = await openEmbedder(STARTER, signal)
  })

  it('gives the mean vectors that Transformers gives', async () => {
    const vectors = await encoder.embed(golden.vectors.map(({ text }) => text))
    golden.vectors.forEach(({ vector }, i) =>
      vector.forEach((value, k) => expect(vectors[i]![k]).toBeCloseTo(value, 3)),
    )
  })
})
