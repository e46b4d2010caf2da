import { describe, expect, it } from 'vitest'
import { maskRows, type MaskSettings } from '../../../../src/main/engine/train/masking'
import { answersOf, rowCount, type TokenRows } from '../../../../src/main/engine/train/rows'

const [CLS, SEP, MASK] = [2, 3, 4]
const settings: MaskSettings = {
  probability: 0.15,
  maskId: MASK,
  vocabSize: 1000,
  isSpecial: (id) => id < 5,
  words: null,
}

/** Rows of the same tokens but for their number, special tokens around them. */
function rows(count: number, length: number): TokenRows {
  const offsets = Int32Array.from({ length: count + 1 }, (_, row) => row * (length + 2))
  const ids = Int32Array.from({ length: count * (length + 2) }, (_, i) => {
    const at = i % (length + 2)
    return at === 0 ? CLS : at === length + 1 ? SEP : 100 + at
  })
  return { ids, offsets, typeIds: null }
}

describe('masks', () => {
  const plain = rows(4000, 20)
  const masked = maskRows(plain, settings, 42, 1, 0)
  const at = Array.from({ length: rowCount(plain) }, (_, row) => {
    const { from, to } = answersOf(masked, row)
    return [...masked.places!.positions.subarray(from, to)].map((position) => plain.offsets[row]! + position)
  })
  const drawn = at.flat()

  it('draw the share asked for, never special tokens, and label each with what was there', () => {
    // 80,000 tokens: a standard deviation is 0.13 points; rows that drew none (3.9 %) have one more.
    expect(drawn.length / 80_000).toBeCloseTo(0.15 + 0.85 ** 20 / 20, 2)
    expect(drawn.every((i) => plain.ids[i]! >= 100)).toBe(true)
    expect([...masked.labels]).toEqual(drawn.map((i) => plain.ids[i]))
    expect(at.every((positions) => positions.length > 0)).toBe(true)
  })

  it('put the mask on 80 %, another token on 10 %, and leave 10 %', () => {
    const share = (test: (i: number) => boolean) => drawn.filter(test).length / drawn.length
    const isKept = (i: number) => masked.ids[i] === plain.ids[i]
    expect(share((i) => masked.ids[i] === MASK)).toBeCloseTo(0.8, 1)
    expect(share(isKept)).toBeCloseTo(0.1, 1)
    expect(share((i) => masked.ids[i] !== MASK && !isKept(i))).toBeCloseTo(0.1, 1)
    const untouched = new Set(drawn)
    expect(masked.ids.every((id, i) => untouched.has(i) || id === plain.ids[i])).toBe(true)
  })

  it('are the same for the same seed, epoch and row, whatever the other rows', () => {
    expect(maskRows(plain, settings, 42, 1, 0)).toEqual(masked)
    const few = maskRows(rows(10, 20), settings, 42, 1, 0)
    expect([...few.ids]).toEqual([...masked.ids.subarray(0, few.ids.length)])
    expect(maskRows(plain, settings, 42, 1, 1).ids).not.toEqual(masked.ids)
    expect(maskRows(plain, settings, 43, 1, 0).ids).not.toEqual(masked.ids)
  })

  it('take words whole where they are told', () => {
    // Words of two tokens between the special ones.
    const words = Int32Array.from(plain.ids, (_, i) => {
      const position = i % 22
      return position === 0 || position === 21 ? -1 : Math.floor((position - 1) / 2)
    })
    const whole = maskRows(plain, { ...settings, words }, 42, 1, 0)
    for (let row = 0; row < 200; row++) {
      const { from, to } = answersOf(whole, row)
      const positions = [...whole.places!.positions.subarray(from, to)]
      expect(positions.length % 2).toBe(0)
      for (let i = 0; i < positions.length; i += 2)
        expect([positions[i]! % 2, positions[i + 1]]).toEqual([1, positions[i]! + 1])
    }
  })

  it('ask nothing of a row that has only special tokens', () => {
    const empty = { ids: Int32Array.of(CLS, SEP), offsets: Int32Array.of(0, 2), typeIds: null }
    expect(maskRows(empty, settings, 1).labels).toHaveLength(0)
  })
})
