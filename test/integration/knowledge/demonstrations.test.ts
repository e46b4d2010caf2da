/** Live figures are answered by the functions that train and score: checked against what those must give. */
import { describe, expect, it } from 'vitest'
import { starterFolder } from '../../../src/main/services/starters'
import { DEFAULT_STARTER } from '../../../src/shared/domain/starters'
import { corpusBleu } from '../../../src/main/metrics/text/bleu'
import { attentionOver, normalization, softmaxAt } from '../../../src/main/worker/demonstrations/layers'
import {
  clipping,
  dropout,
  earlyStopping,
  weightDecay,
} from '../../../src/main/worker/demonstrations/optimization'
import { bleuOf, clippedPositions, confusion, rougeOf } from '../../../src/main/worker/demonstrations/scores'
import { sentenceUnder } from '../../../src/main/worker/demonstrations/sentence'
import { tokenizerSteps } from '../../../src/main/worker/demonstrations/tokens'
import { tokenizeForBleu } from '../../../src/main/metrics/text/tokenize'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

describe('optimization', () => {
  it('clips by the common norm and keeps proportions', async () => {
    const { norm, factor, clipped } = await clipping([3, 4], 1)
    expect(norm).toBeCloseTo(5, 6)
    expect(factor).toBeCloseTo(0.2, 5)
    expect(clipped[0]! / clipped[1]!).toBeCloseTo(0.75, 6)
    expect((await clipping([3, 4], 0)).clipped).toEqual([3, 4])
  })

  it('drops about the share asked for, the same at the same step', async () => {
    const first = await dropout(0.5, 3)
    expect(first.scale).toBe(2)
    expect(first.kept.filter(Boolean).length).toBeGreaterThan(30)
    expect(first.kept.filter(Boolean).length).toBeLessThan(66)
    expect(await dropout(0.5, 3)).toEqual(first)
    expect((await dropout(0.5, 4)).kept).not.toEqual(first.kept)
    expect((await dropout(0, 3)).kept.every(Boolean)).toBe(true)
  })

  it('decays both weights alike where decoupled; an L2 penalty hardly reaches the noisy one', async () => {
    const none = await weightDecay(0, 200)
    const { decoupled, coupled } = await weightDecay(0.5, 200)
    const pulled = (path: number[], free: number[]) => free.at(-1)! - path.at(-1)!
    const [noisy, quiet] = [
      pulled(decoupled.noisy, none.decoupled.noisy),
      pulled(decoupled.quiet, none.decoupled.quiet),
    ]
    expect(noisy).toBeGreaterThan(0.3)
    expect(noisy / quiet).toBeCloseTo(1, 1)
    expect(pulled(coupled.quiet, none.coupled.quiet)).toBeGreaterThan(
      1.5 * pulled(coupled.noisy, none.coupled.noisy),
    )
  })

  it('stops as a run would', () => {
    const losses = [3, 2, 2.1, 1.9, 2, 2.2, 1.5]
    expect(earlyStopping(losses, 2, 0)).toEqual({ best: 3, stopped: 5 })
    expect(earlyStopping(losses, 3, 0)).toEqual({ best: 6, stopped: null })
  })
})

describe('layers', () => {
  it('normalizes rows and columns to mean 0, variance 1', async () => {
    const { layer, batch } = await normalization([
      [1, 2, 3, 6],
      [0, 1, -1, 4],
      [2, 2, 5, 5],
    ])
    for (const row of layer) expect(sum(row)).toBeCloseTo(0, 5)
    for (const column of [0, 1, 2, 3]) expect(sum(batch.map((row) => row[column]!))).toBeCloseTo(0, 5)
    expect(sum(layer[0]!.map((x) => x * x)) / 4).toBeCloseTo(1, 3)
  })

  it('sharpens and flattens by temperature', async () => {
    const at = async (t: number) => (await softmaxAt([2, 1, 0], t)).probabilities
    expect((await at(1))[0]).toBeCloseTo(0.66524, 5)
    expect((await at(0.1))[0]).toBeGreaterThan(0.999)
    expect((await at(100))[0]).toBeLessThan(0.345)
  })

  it('attends only where the mask allows; every row sums to one', async () => {
    const words = ['a', 'dog', 'saw', 'a', 'cat']
    for (const mask of ['none', 'causal', 'window'] as const) {
      const { weights } = await attentionOver(words, 2, mask, 1)
      expect(weights).toHaveLength(2)
      for (const head of weights)
        head.forEach((row, q) => {
          expect(sum(row)).toBeCloseTo(1, 5)
          row.forEach((weight, k) => {
            const isHidden = mask === 'causal' ? k > q : mask === 'window' && Math.abs(q - k) > 1
            if (isHidden) expect(weight).toBe(0)
            else expect(weight).toBeGreaterThan(0)
          })
        })
    }
  })
})

describe('scores', () => {
  it('marks as many n-grams as BLEU counts', () => {
    const pairs = [
      ['the cat sat on a mat near the door', 'the cat sat on the mat by the door'],
      ['the the the the', 'the cat and the dog'],
      ['a b a b a b', 'a b c a b'],
      ['', 'nothing'],
    ] as const
    for (const [hypothesis, reference] of pairs) {
      const { counts } = corpusBleu([hypothesis], [[reference]])
      const [words, expected] = [tokenizeForBleu(hypothesis, '13a'), tokenizeForBleu(reference, '13a')]
      expect([1, 2, 3, 4].map((n) => clippedPositions(words, expected, n).length)).toEqual(counts)
      expect(bleuOf(hypothesis, reference).orders.map(({ matches }) => matches)).toEqual(counts)
    }
  })

  it('underlines as long a sequence as ROUGE-L measures', () => {
    const { scores, words } = rougeOf('the committee met on friday', 'on friday the committee met')
    const rougeL = scores.find(({ type }) => type === 'rougeL')!
    expect(words.filter(({ inSequence }) => inSequence).length / words.length).toBeCloseTo(
      rougeL.precision,
      9,
    )
    expect(words.every(({ isShared }) => isShared)).toBe(true)
  })

  it('shows accuracy above F1 where a class is rare', () => {
    const { accuracy, macroF1, mcc, perClass } = confusion([
      [940, 10],
      [40, 10],
    ])
    expect(accuracy).toBeCloseTo(0.95, 9)
    expect(perClass[1]!.f1).toBeCloseTo(20 / 70, 9)
    expect(macroF1).toBeLessThan(0.64)
    expect(mcc).toBeLessThan(0.35)
    expect(() => confusion([[1, 2], [3]])).toThrow(/columns/)
  })

  it('asks the starter for each token of a sentence', async () => {
    const under = (text: string) => sentenceUnder(starterFolder(DEFAULT_STARTER), text)
    const { tokens, meanLoss, pseudoPerplexity } = await under('a large town')
    expect(tokens.map(({ token }) => token)).toEqual(['a', 'large', 'town'])
    expect(meanLoss).toBeCloseTo(-sum(tokens.map(({ probability }) => Math.log(probability))) / 3, 9)
    expect(pseudoPerplexity).toBeCloseTo(Math.exp(meanLoss), 9)
    expect((await under('town a large')).pseudoPerplexity).toBeGreaterThan(pseudoPerplexity)
    expect((await under(' ')).tokens).toEqual([])
  })
})

describe('tokens', () => {
  const text =
    'low low low low low lower lower newest newest newest newest newest newest widest widest widest'

  it('learns the merges of the example everybody knows', async () => {
    const { steps } = await tokenizerSteps('BPE', text, 'lowest', 5)
    expect(steps[0]!.symbols).toEqual(['l', 'o', 'w', 'e', 's', 't'])
    expect(steps.at(-1)!.symbols).toEqual(['low', 'est'])
    expect((await tokenizerSteps('BPE', text, 'lowest', 0)).steps).toHaveLength(1)
  })

  it('matches the longest piece first, and knows no strange letter', async () => {
    const { steps } = await tokenizerSteps('WordPiece', text, 'lowest', 12)
    expect(steps.at(-1)!.symbols[0]).toBe('low')
    expect((await tokenizerSteps('WordPiece', text, 'lowxy', 12)).steps.at(-1)!.symbols).toEqual(['[UNK]'])
  })
})
