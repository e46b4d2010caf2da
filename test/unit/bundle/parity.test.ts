import { describe, expect, it } from 'vitest'
import { floatParity, quantizedParity } from '../../../src/main/engine/bundle/parity'

const logits = (...rows: number[][]) => rows.map((row) => Float32Array.from(row))
const reference = logits([2, 0], [0, 3], [0.01, 0])

const TWO_CLASSES = { id: 'single-label', outputs: 2 } as const

describe('parity', () => {
  it('passes float32 within rounding, and tells the largest difference', () => {
    const near = floatParity('f', reference, logits([2.00005, 0], [0, 3], [0.01, 0]))
    expect(near).toMatchObject({ file: 'f', rows: 3, passed: true, note: null })
    expect(near.maxAbsDiff).toBeCloseTo(5e-5, 6)
    const far = floatParity('f', reference, logits([2.001, 0], [0, 3], [0.01, 0]))
    expect(far.passed).toBe(false)
    expect(far.note).toContain('0.0001')
  })

  it('never passes what is not a number', () => {
    const broken = logits([NaN, 0], [0, 3], [0.01, 0])
    expect(floatParity('f', reference, broken)).toMatchObject({ maxAbsDiff: Infinity, passed: false })
    expect(quantizedParity('f', reference, broken, TWO_CLASSES).passed).toBe(false)
  })

  it('lets a quantized file differ where the model itself is undecided', () => {
    const parity = quantizedParity('f', reference, logits([1.9, 0], [0, 2.8], [0, 0.01]), TWO_CLASSES)
    expect(parity.passed).toBe(true)
    expect(parity.note).toBe('int8 weights: the same label on 2 of 3 rows.')
  })

  it('refuses a quantized file that contradicts clear answers', () => {
    expect(quantizedParity('f', reference, logits([0, 2], [0, 3], [0.01, 0]), TWO_CLASSES).passed).toBe(false)
  })

  it('judges each token and each of several labels, and reports numbers', () => {
    const tokens = logits([3, 0, 0, 3])
    expect(
      quantizedParity('f', tokens, logits([3, 0, 3, 0]), { id: 'token-classification', outputs: 2 }),
    ).toMatchObject({ passed: false, note: 'int8 weights: the same tag on 1 of 2 tokens.' })
    const several = quantizedParity('f', logits([3, -3]), logits([2, -1]), { id: 'multi-label', outputs: 2 })
    expect(several).toMatchObject({ passed: true, note: 'int8 weights: the same answer on 2 of 2 labels.' })
    const numbers = quantizedParity('f', logits([1], [3]), logits([1.5], [3]), {
      id: 'regression',
      outputs: 1,
    })
    expect(numbers.note).toBe('int8 weights: off by at most 0.50; the numbers themselves range over 2.0.')
  })
})
