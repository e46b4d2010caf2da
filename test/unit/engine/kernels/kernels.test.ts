import { beforeAll, describe, expect, it } from 'vitest'
import { Arena, type Pointer } from '../../../../src/main/engine/kernels/memory'
import { hash32, permutation, randomKey, RandomStream } from '../../../../src/main/engine/random/stream'

let arena: Arena
beforeAll(async () => {
  arena = await Arena.reserve(32 << 20)
})

function floats(values: readonly number[]): Pointer {
  const at = arena.allocate(values.length * 4)
  arena.float32(at, values.length).set(values)
  return at
}
function ints(values: readonly number[]): Pointer {
  const at = arena.allocate(values.length * 4)
  arena.int32(at, values.length).set(values)
  return at
}

interface MaskShape {
  ordinals: number[]
  outer: number
  inner: number
  width: number
  probability: number
  key: readonly [number, number]
}
function mask({ ordinals, outer, inner, width, probability, key }: MaskShape): Uint8Array {
  const length = ordinals.length * outer * inner * width
  const at = arena.allocate(length + 16)
  const threshold = Math.round(probability * 65_536)
  arena.kernels.dropoutMask(at, ints(ordinals), ordinals.length, outer, inner, width, ...key, threshold)
  return arena.bytes(at, length).slice()
}

describe('elementwise kernels', () => {
  it.each([1, 3, 4, 5, 16, 17])('work on %i elements', (n) => {
    const values = Array.from({ length: n }, (_, i) => i - 1.5)
    const [x, y] = [floats(values), floats(values)]
    const beyond = floats([7])
    arena.kernels.scale(x, n, -2)
    expect([...arena.float32(x, n)]).toEqual(values.map((v) => v * -2))
    arena.kernels.add(x, y, n)
    expect([...arena.float32(x, n)]).toEqual(values.map((v) => -v))
    expect(arena.kernels.sumOfSquares(x, n)).toBe(values.reduce((sum, v) => sum + v * v, 0))
    arena.kernels.zero(x, n * 4)
    expect(arena.float32(x, n).every((v) => v === 0)).toBe(true)
    expect(arena.float32(beyond, 1)[0]).toBe(7)
  })

  it('add rows to a table, repeated ids and all, leaving the skipped one out', () => {
    const width = 5
    const ids = Array.from({ length: 400 }, (_, i) => (i * i) % 7)
    const rows = ids.map((_, i) => Array.from({ length: width }, (_x, j) => (i % 11) - j))
    const table = floats(Array.from({ length: 7 * width }, () => 1))
    arena.kernels.addRows(table, floats(rows.flat()), ints(ids), ids.length, width, 4)
    const expected = Array.from({ length: 7 }, (_, id) =>
      Array.from({ length: width }, (_x, j) =>
        id === 4 ? 1 : ids.reduce((sum, got, i) => (got === id ? sum + rows[i]![j]! : sum), 1),
      ),
    )
    expect([...arena.float32(table, 7 * width)]).toEqual(expected.flat())
  })

  it('refuse more than the arena holds', async () => {
    const small = await Arena.reserve(1000)
    expect(() => small.allocate(small.capacityBytes)).toThrow('full')
  })
})

describe('dropout masks', () => {
  const base: MaskShape = {
    ordinals: [0, 1, 2],
    outer: 2,
    inner: 24,
    width: 40,
    probability: 0.1,
    key: [11, 12],
  }

  it('drop the asked share, evenly over rows, lines and columns', () => {
    for (const probability of [0.05, 0.1, 0.5, 0.9]) {
      const ordinals = Array.from({ length: 64 }, (_, i) => i)
      const bytes = mask({ ordinals, outer: 4, inner: 32, width: 128, probability, key: [3, 4] })
      expect(bytes.every((b) => b <= 1)).toBe(true)
      const groups: [number, (i: number) => number][] = [
        [128, (i) => i % 128],
        [32, (i) => Math.floor(i / 128) % 32],
        [64, (i) => Math.floor(i / (128 * 32 * 4))],
      ]
      for (const [count, groupOf] of groups) {
        const dropped = new Float64Array(count)
        bytes.forEach((b, i) => (dropped[groupOf(i)]! += 1 - b))
        const n = bytes.length / count
        const deviation = Math.sqrt((probability * (1 - probability)) / n)
        for (const d of dropped) expect(Math.abs(d / n - probability)).toBeLessThan(5 * deviation)
      }
    }
  })

  it('are a function of row ordinal and place, not of the shape', () => {
    const whole = mask(base)
    const at = (r: number, o: number, j: number, k: number) =>
      whole[((r * base.outer + o) * base.inner + j) * base.width + k]
    const cut = mask({ ...base, ordinals: [2, 0], inner: 9, width: 13 })
    let i = 0
    for (const r of [2, 0])
      for (let o = 0; o < 2; o++)
        for (let j = 0; j < 9; j++) for (let k = 0; k < 13; k++) expect(cut[i++]).toBe(at(r, o, j, k))
  })

  it('differ between keys, rows and lines', () => {
    const different = (a: Uint8Array, b: Uint8Array) =>
      a.reduce((n, x, i) => n + Number(x !== b[i]), 0) / a.length
    const half = { ...base, probability: 0.5 }
    const whole = mask(half)
    expect(mask(half)).toEqual(whole)
    expect(different(whole, mask({ ...half, key: [12, 12] }))).toBeGreaterThan(0.4)
    expect(different(whole, mask({ ...half, key: [11, 13] }))).toBeGreaterThan(0.4)
    expect(different(whole, mask({ ...half, ordinals: [3, 4, 5] }))).toBeGreaterThan(0.4)
    const line = half.inner * half.width
    expect(different(whole.slice(0, line), whole.slice(line, 2 * line))).toBeGreaterThan(0.4)
  })

  it('keep everything at probability 0', () => {
    expect(mask({ ...base, probability: 0 }).every((b) => b === 1)).toBe(true)
  })
})

describe('embedding noise', () => {
  function noise(ordinals: number[], length: number, width: number, scales: number[], key = 7): Float32Array {
    const size = ordinals.length * length * width
    const at = arena.allocate(size * 4 + 16)
    arena.kernels.uniformNoise(at, ints(ordinals), floats(scales), ordinals.length, length, width, key, 11)
    return arena.float32(at, size).slice()
  }

  it('is uniform in ± the scale of its row', () => {
    const n = 64 * 96
    const values = noise([3, 9], 64, 96, [0.5, 0])
    const row = values.subarray(0, n)
    expect(Math.max(...row.map(Math.abs))).toBeLessThanOrEqual(0.5)
    const mean = row.reduce((a, b) => a + b, 0) / n
    const variance = row.reduce((a, b) => a + b * b, 0) / n
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(0.25 / 3 / n))
    expect(Math.abs(variance - 0.25 / 3)).toBeLessThan(0.003)
    expect(values.subarray(n).every((x) => x === 0)).toBe(true)
  })

  it('is a function of row ordinal and place, not of the shape', () => {
    const long = noise([5, 2], 6, 7, [1, 1])
    const short = noise([2], 4, 7, [1])
    expect(short).toEqual(long.slice(6 * 7, 6 * 7 + 4 * 7))
    expect(noise([2], 4, 7, [1], 8)).not.toEqual(short)
  })
})

describe('random streams', () => {
  it('are functions of their key', () => {
    const draw = (...key: number[]) => {
      const stream = new RandomStream(...key)
      return Array.from({ length: 4 }, () => stream.next())
    }
    expect(draw(1, 2)).toEqual(draw(1, 2))
    expect(draw(1, 2)).not.toEqual(draw(2, 1))
    expect(randomKey(2 ** 32)).not.toBe(randomKey(0))
    expect(hash32(1)).not.toBe(hash32(2))
  })

  it('give uniform numbers and normal ones with the right moments', () => {
    const stream = new RandomStream(5)
    const uniform = Array.from({ length: 20_000 }, () => stream.uniform())
    const normal = Array.from({ length: 10_000 }, () => stream.normalPair()).flat()
    const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length
    const power = (p: number) => mean(normal.map((x) => x ** p))
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniform)).toBeLessThan(1)
    expect(mean(uniform)).toBeCloseTo(0.5, 1)
    expect(Math.abs(power(1))).toBeLessThan(0.03)
    expect(Math.abs(power(2) - 1)).toBeLessThan(0.05)
    expect(Math.abs(power(4) - 3)).toBeLessThan(0.3)
  })

  it('permute without loss, each order as likely as the others', () => {
    expect([...permutation(1000, 1)].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const key = permutation(3, 9, i).join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
