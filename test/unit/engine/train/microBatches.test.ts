import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../../src/main/engine/random/stream'
import {
  cutIntoPieces,
  forwardShapes,
  latticeLength,
  MAX_PIECE_TOKENS,
  trainingShapes,
} from '../../../../src/main/engine/train/microBatches'

/** Lengths as texts have them: many short, few long. */
function lengths(count: number, seed: number, longest = 128): number[] {
  const random = new RandomStream(seed)
  return Array.from({ length: count }, () =>
    Math.max(1, Math.min(longest, Math.round(Math.exp(2.65 + 0.5 * random.normalPair()[0])))),
  )
}

const batches = Array.from({ length: 40 }, (_, i) => lengths(32, i))
const shapes = trainingShapes(batches, 128, 128)

describe('the shapes of a run', () => {
  it('are few, the same for the same rows, and reach the longest', () => {
    expect(shapes.length).toBeLessThanOrEqual(16)
    expect(trainingShapes(batches, 128, 128)).toEqual(shapes)
    expect(Math.max(...shapes.map((shape) => shape.length))).toBe(128)
    for (const { rows, length } of shapes) expect(rows * length <= MAX_PIECE_TOKENS || rows === 1).toBe(true)
  })

  it('hold a row longer than a piece alone', () => {
    expect(trainingShapes([[2000, 3]], 2000, 2048)).toContainEqual({ rows: 1, length: 2048 })
  })

  it('never exceed the positions of the model', () => {
    expect(latticeLength(127, 130)).toBe(128)
    expect(latticeLength(129, 130)).toBe(130)
    expect([1, 4, 5, 33, 65].map((n) => latticeLength(n, 512))).toEqual([4, 4, 8, 40, 80])
  })

  it('for running forward are no larger than what there is', () => {
    expect(forwardShapes([5, 7, 90], 128)).toEqual([
      { rows: 3, length: 8 },
      { rows: 3, length: 96 },
    ])
  })
})

describe('a cut', () => {
  it('takes every row once, into shapes that hold it', () => {
    for (let seed = 100; seed < 160; seed++) {
      const batch = lengths(1 + (seed % 50), seed)
      const pieces = cutIntoPieces(batch, shapes)
      expect(pieces.flatMap((piece) => piece.members).sort((a, b) => a - b)).toEqual(batch.map((_, i) => i))
      for (const { members, rows, length } of pieces) {
        expect(shapes).toContainEqual({ rows, length })
        expect(members.length).toBeLessThanOrEqual(rows)
        for (const member of members) expect(batch[member]).toBeLessThanOrEqual(length)
      }
    }
  })

  it('computes far less padding than padding to the longest', () => {
    let [tokens, cut, padded] = [0, 0, 0]
    for (const batch of Array.from({ length: 100 }, (_, i) => lengths(32, 1000 + i))) {
      tokens += batch.reduce((a, b) => a + b)
      cut += cutIntoPieces(batch, shapes).reduce((n, { rows, length }) => n + rows * length, 0)
      padded += 32 * Math.max(...batch)
    }
    expect(cut / tokens).toBeLessThan(1.5)
    expect(padded / cut).toBeGreaterThan(1.6)
  })
})
