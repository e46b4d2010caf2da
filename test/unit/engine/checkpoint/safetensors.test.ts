import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileSink } from '../../../../src/main/engine/checkpoint/folderWriter'
import {
  SafetensorsReader,
  toFloat16,
  withSafetensors,
  writeSafetensors,
} from '../../../../src/main/engine/checkpoint/safetensors'
import { MAX_HEADER_BYTES } from '../../../../src/main/engine/checkpoint/safetensorsHeader'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A file with this header and that many bytes of data. */
async function file(header: unknown, dataBytes: number | Uint8Array, claimed?: bigint): Promise<string> {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(claimed ?? BigInt(json.byteLength))
  const path = join(folder, `${Math.random().toString(36).slice(2)}.safetensors`)
  const data = typeof dataBytes === 'number' ? new Uint8Array(dataBytes) : dataBytes
  await writeFile(path, Buffer.concat([prefix, json, data]))
  return path
}
const entry = (shape: number[], from: number, to: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [from, to],
})

async function written(write: (sink: FileSink) => Promise<void>): Promise<string> {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.safetensors`)
  const handle = await open(path, 'w')
  await write({ write: (bytes) => handle.writeFile(bytes) })
  await handle.close()
  return path
}

describe('what is written', () => {
  it('reads back bit for bit, odd shapes and special values included', async () => {
    const tensors = [
      { name: 'weight', shape: [2, 3], data: Float32Array.of(1, -0, NaN, Infinity, 1e-45, -3.5) },
      { name: 'empty', shape: [0, 4], data: new Float32Array(0) },
      { name: 'scalar "é"', shape: [], data: Float32Array.of(7) },
    ]
    const path = await written((sink) => writeSafetensors(sink, tensors))
    const prefix = await readFile(path)
    expect(Number(prefix.readBigUInt64LE()) % 8).toBe(0)
    await withSafetensors(path, async (reader) => {
      expect(reader.metadata).toEqual({ format: 'pt' })
      expect([...reader.tensors.keys()]).toEqual(tensors.map((t) => t.name))
      for (const { name, shape, data } of tensors) {
        expect(reader.tensors.get(name)!.shape).toEqual(shape)
        const back = new Float32Array(data.length)
        await reader.readFloat32(name, back)
        expect(new Uint32Array(back.buffer)).toEqual(new Uint32Array(data.buffer))
      }
    })
  })

  it('equals the bytes of the Python library where the header does', async () => {
    const golden = new URL('../../../golden/bert/models/gelu-3-labels/model.safetensors', import.meta.url)
      .pathname
    const tensors: { name: string; shape: readonly number[]; data: Float32Array }[] = []
    await withSafetensors(golden, async (reader) => {
      expect(reader.metadata).toEqual({ format: 'pt' })
      const inOrder = [...reader.tensors.values()].sort((a, b) => a.start - b.start)
      for (const { name, shape, byteLength } of inOrder) {
        const data = new Float32Array(byteLength / 4)
        await reader.readFloat32(name, data)
        tensors.push({ name, shape, data })
      }
    })
    const path = await written((sink) => writeSafetensors(sink, tensors))
    expect((await readFile(path)).equals(await readFile(golden))).toBe(true)
  })

  it('widens F16 and BF16 exactly', async () => {
    const half = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x7c00, 0x8000)
    const brain = Uint16Array.of(0x3f80, 0xc000, 0x7f7f, 0x0001, 0x3eaa)
    const data = Buffer.concat([Buffer.from(half.buffer), Buffer.from(brain.buffer)])
    const path = await file({ half: entry([7], 0, 14, 'F16'), brain: entry([5], 14, 24, 'BF16') }, data)
    await withSafetensors(path, async (reader) => {
      const [a, b] = [new Float32Array(7), new Float32Array(5)]
      await reader.readFloat32('half', a)
      await reader.readFloat32('brain', b)
      expect([...a]).toEqual([1, -2, 65504, 2 ** -24, 1023 * 2 ** -24, Infinity, -0])
      expect([...new Uint32Array(b.buffer)]).toEqual([...brain].map((bits) => (bits << 16) >>> 0))
    })
  })

  it('converts I64', async () => {
    const data = Buffer.from(BigInt64Array.of(-3n, 0n, 2n ** 40n).buffer)
    const path = await file({ ids: entry([3], 0, 24, 'I64') }, data)
    await withSafetensors(path, async (reader) => {
      const ids = new Float32Array(3)
      await reader.readFloat32('ids', ids)
      expect([...ids]).toEqual([-3, 0, 2 ** 40])
    })
  })

  it('writes float16, each value to the nearest', async () => {
    const values = Float32Array.of(
      1,
      -2,
      65504,
      2 ** -24,
      2 ** -26,
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      65520,
      -0,
      0.1,
    )
    const path = await written((sink) =>
      writeSafetensors(sink, [{ name: 'w', shape: [10], data: toFloat16(values) }]),
    )
    await withSafetensors(path, async (reader) => {
      expect(reader.tensors.get('w')).toMatchObject({ dtype: 'F16', shape: [10] })
      const back = new Float32Array(10)
      await reader.readFloat32('w', back)
      // Halfway cases go to the even neighbour; what is beyond the largest becomes infinite.
      expect([...back]).toEqual([1, -2, 65504, 2 ** -24, 0, 1, 1 + 2 ** -9, Infinity, -0, 0.0999755859375])
    })
  })

  it('says which type it cannot read', async () => {
    const path = await file({ mask: entry([2], 0, 2, 'BOOL') }, 2)
    await withSafetensors(path, (reader) =>
      expect(reader.readFloat32('mask', new Float32Array(2))).rejects.toThrow('mask is stored as BOOL'),
    )
  })
})

describe('files that lie are refused', () => {
  const good = { a: entry([2], 0, 8), b: entry([3], 8, 20) }
  const cases: [string, () => Promise<string>, RegExp][] = [
    ['shorter than a length', () => written((s) => s.write(new Uint8Array(3))), /shorter than 8/],
    ['empty', () => written((s) => s.write(new Uint8Array(0))), /shorter than 8/],
    ['a header longer than the file', () => file(good, 20, 5000n), /claims 5000 bytes, the file has/],
    ['a huge header', () => file(good, 20, BigInt(MAX_HEADER_BYTES) + 1n), /claims 100000001/],
    ['a header of 2⁶⁴ − 1', () => file(good, 20, 2n ** 64n - 1n), /18446744073709551615/],
    ['no JSON', () => file('{"a":', 0), /not JSON/],
    ['no object', () => file('[]', 0), /not an object/],
    ['space before its brace', () => file(' {}', 0), /begin with \{/],
    ['invalid UTF-8', () => file('', Uint8Array.of(0xff), 1n), /not JSON/],
    ['cut short', () => file(good, 19), /cut short/],
    ['bytes at the end', () => file(good, 21), /1 bytes at its end/],
    ['overlap', () => file({ a: entry([2], 0, 8), b: entry([3], 4, 16) }, 16), /b overlaps/],
    ['a hole', () => file({ a: entry([2], 0, 8), b: entry([3], 12, 24) }, 24), /4 bytes before b/],
    ['the wrong length for its type', () => file({ a: entry([2], 0, 8, 'F16') }, 8), /F16\[2\] in 8 bytes/],
    ['the wrong shape', () => file({ a: entry([3], 0, 8) }, 8), /F32\[3\] in 8 bytes/],
    ['a shape that overflows', () => file({ a: entry([2 ** 40, 2 ** 40], 0, 8) }, 8), /in 8 bytes/],
    ['negative offsets', () => file({ a: entry([2], -8, 0) }, 8), /data_offsets/],
    ['offsets the wrong way round', () => file({ a: entry([2], 8, 0) }, 8), /data_offsets/],
    ['a fraction in the shape', () => file({ a: entry([1.5], 0, 6) }, 6), /shape/],
    ['an unknown type', () => file({ a: entry([2], 0, 8, 'F42') }, 8), /F42/],
    [
      'a repeated tensor',
      () =>
        file(
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
          4,
        ),
      /a twice/,
    ],
    [
      'a repeated field',
      () => file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      /dtype twice/,
    ],
    [
      'a disguised repetition',
      () =>
        file(
          '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061" :{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
          4,
        ),
      /a twice/,
    ],
    ['metadata that is no map of strings', () => file({ __metadata__: { a: 1 } }, 0), /__metadata__/],
  ]
  it.each(cases)('%s', async (_, make, claim) => {
    await expect(SafetensorsReader.open(await make())).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(claim) as string,
    })
  })

  it('says where a missing file was looked for', async () => {
    const path = join(folder, 'nowhere.safetensors')
    await expect(SafetensorsReader.open(path)).rejects.toMatchObject({
      code: 'not-found',
      where: { file: path },
    })
  })
})
