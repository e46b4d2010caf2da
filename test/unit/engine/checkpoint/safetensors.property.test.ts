import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type NamedTensor,
  SafetensorsReader,
  withSafetensors,
  writeSafetensors,
} from '../../../../src/main/engine/checkpoint/safetensors'
import { UserError } from '../../../../src/shared/errors'

let path: string
beforeAll(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'safetensors-')), 'x.safetensors')
})
afterAll(() => rm(join(path, '..'), { recursive: true }))

async function write(tensors: readonly NamedTensor[]): Promise<void> {
  const handle = await open(path, 'w')
  await writeSafetensors({ write: (bytes) => handle.writeFile(bytes) }, tensors)
  await handle.close()
}

/** Any bits: NaNs with payloads, denormal numbers, minus zero. */
const tensor = fc
  .record({
    name: fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
    shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
  })
  .chain(({ name, shape }) => {
    const size = shape.reduce((n, dim) => n * dim, 1)
    return fc
      .array(fc.nat({ max: 0xffffffff }), { minLength: size, maxLength: size })
      .map((bits) => ({ name, shape, data: new Float32Array(Uint32Array.from(bits).buffer) }))
  })
const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 })

it('whatever is written reads back bit for bit, tensor by tensor in any order', async () => {
  await fc.assert(
    fc.asyncProperty(tensors, async (list) => {
      await write(list)
      await withSafetensors(path, async (reader) => {
        expect(reader.tensors.size).toBe(list.length)
        for (const { name, shape, data } of list.toReversed()) {
          expect(reader.tensors.get(name)!.shape).toEqual(shape)
          const back = new Float32Array(data.length)
          await reader.readFloat32(name, back)
          expect(new Uint32Array(back.buffer)).toEqual(new Uint32Array(data.buffer))
        }
      })
    }),
    { numRuns: 150 },
  )
})

it('whatever bytes are changed, a file is refused as corrupt or its tensors tile it', async () => {
  const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) })
  let refused = 0
  await fc.assert(
    fc.asyncProperty(tensors, fc.array(change, { minLength: 1, maxLength: 4 }), async (list, changes) => {
      await write(list)
      const bytes = await readFile(path)
      const header = 8 + Number(bytes.readBigUInt64LE())
      for (const { at, byte } of changes) bytes[at % header] = byte
      await writeFile(path, bytes)
      try {
        const reader = await SafetensorsReader.open(path)
        await reader.close()
        const ends = [...reader.tensors.values()].map(({ start, byteLength }) => start + byteLength)
        const total = [...reader.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
        const { size } = await stat(path)
        expect(total).toBe(size - 8 - Number(bytes.readBigUInt64LE()))
        expect(Math.max(...ends, 0)).toBeLessThanOrEqual(size)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        expect(error.code).toBe('corrupt')
        refused++
      }
    }),
    { numRuns: 300 },
  )
  expect(refused).toBeGreaterThan(100)
})
