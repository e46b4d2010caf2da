/** Safetensors files (huggingface/safetensors), read and written tensor by tensor: no file is ever held whole. */
import { type FileHandle, open } from 'node:fs/promises'
import { invariant, UserError } from '../../../shared/errors'
import type { FileSink } from './folderWriter'
import { ioError } from './ioError'
import { headerLength, parseHeader, type SafetensorsHeader, type TensorEntry } from './safetensorsHeader'

const SLICE_BYTES = 16 << 20

export class SafetensorsReader {
  readonly #handle: FileHandle
  readonly #file: string
  readonly #header: SafetensorsHeader

  private constructor(handle: FileHandle, file: string, header: SafetensorsHeader) {
    this.#handle = handle
    this.#file = file
    this.#header = header
  }

  /** @throws UserError `corrupt` where the header lies, `not-found` or `io` where the file cannot be read. */
  static async open(file: string): Promise<SafetensorsReader> {
    let handle: FileHandle | undefined
    try {
      handle = await open(file, 'r')
      const { size } = await handle.stat()
      const prefix = new Uint8Array(Math.min(8, size))
      await readFully(handle, prefix, 0)
      const json = new Uint8Array(headerLength(prefix, size, file))
      await readFully(handle, json, 8)
      return new SafetensorsReader(handle, file, parseHeader(json, size, file))
    } catch (error) {
      await handle?.close()
      throw ioError(error, file)
    }
  }

  get tensors(): ReadonlyMap<string, TensorEntry> {
    return this.#header.tensors
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.#header.metadata
  }

  /** Reads F32, F16, BF16 or I64 into float32. @throws UserError `unsupported` for other types. */
  async readFloat32(name: string, target: Float32Array): Promise<void> {
    const entry = this.tensors.get(name)
    invariant(entry, `${this.#file} holds no tensor ${name}`)
    const widen = WIDEN[entry.dtype]
    if (!widen)
      throw new UserError(
        'unsupported',
        `${name} is stored as ${entry.dtype}; F32, F16, BF16 and I64 can be read.`,
        {
          where: { file: this.#file },
          hint: 'Save the model in float32.',
        },
      )
    invariant(target.length * widen.bytes === entry.byteLength, `${name} does not fit its target`)
    try {
      if (entry.dtype === 'F32') await readFully(this.#handle, bytesOf(target), entry.start)
      else await this.#convert(entry, target, widen)
    } catch (error) {
      throw ioError(error, this.#file)
    }
  }

  async #convert(entry: TensorEntry, target: Float32Array, { bytes, value }: Stored): Promise<void> {
    const slice = new Uint8Array(Math.min(target.length * bytes, SLICE_BYTES))
    const view = new DataView(slice.buffer)
    const most = slice.byteLength / bytes
    for (let done = 0; done < target.length; done += most) {
      const count = Math.min(most, target.length - done)
      await readFully(this.#handle, slice.subarray(0, count * bytes), entry.start + done * bytes)
      for (let i = 0; i < count; i++) target[done + i] = value(view, i * bytes)
    }
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** Opens, hands over, closes. */
export async function withSafetensors<T>(
  file: string,
  use: (reader: SafetensorsReader) => Promise<T>,
): Promise<T> {
  const reader = await SafetensorsReader.open(file)
  try {
    return await use(reader)
  } finally {
    await reader.close()
  }
}

export interface NamedTensor {
  name: string
  shape: readonly number[]
  /** Float32, or the bits of float16. */
  data: Float32Array | Uint16Array
}

/** Writes tensors in the order given; the header is padded so that they start at a multiple of 8. */
export async function writeSafetensors(
  sink: FileSink,
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  // Without a prototype: a tensor may be called valueOf.
  const header = Object.assign(Object.create(null) as Record<string, unknown>, { __metadata__: metadata })
  let at = 0
  for (const { name, shape, data } of tensors) {
    invariant(!(name in header), `two tensors are named ${name}`)
    const dtype = data instanceof Uint16Array ? 'F16' : 'F32'
    header[name] = { dtype, shape, data_offsets: [at, at + data.byteLength] }
    at += data.byteLength
  }
  const json = Buffer.from(JSON.stringify(header))
  const length = Math.ceil(json.byteLength / 8) * 8
  const prefix = Buffer.alloc(8 + length, ' ')
  prefix.writeBigUInt64LE(BigInt(length))
  json.copy(prefix, 8)
  await sink.write(prefix)
  for (const { data } of tensors) {
    const bytes = bytesOf(data)
    for (let done = 0; done < bytes.byteLength; done += SLICE_BYTES)
      await sink.write(bytes.subarray(done, done + SLICE_BYTES))
  }
}

const scratch = new DataView(new ArrayBuffer(4))

interface Stored {
  bytes: number
  value: (view: DataView, at: number) => number
}

/** What can be read, by its name in the header; all of it little-endian. */
const WIDEN: Readonly<Record<string, Stored>> = {
  F32: { bytes: 4, value: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, value: (view, at) => fromFloat16(view.getUint16(at, true)) },
  BF16: {
    bytes: 2,
    value: (view, at) => {
      scratch.setUint32(0, view.getUint16(at, true) << 16)
      return scratch.getFloat32(0)
    },
  },
  I64: { bytes: 8, value: (view, at) => Number(view.getBigInt64(at, true)) },
}

/** Value of IEEE 754 binary16 bits. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** IEEE 754 binary16 bits nearest to each value (ties to even); beyond ±65504 infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    scratch.setFloat32(0, value)
    const bits = scratch.getUint32(0)
    const sign = (bits >>> 16) & 0x8000
    const exponent = ((bits >>> 23) & 0xff) - 112
    if (exponent >= 31) return sign | 0x7c00 | (Number.isNaN(value) ? 0x200 : 0)
    if (exponent <= 0) return sign | roundHalfToEven(Math.abs(value) * 2 ** 24)
    // A carry out of the fraction goes on into the exponent, as it should.
    return sign | roundHalfToEven(((exponent << 23) | (bits & 0x7fffff)) / 2 ** 13)
  })
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

function bytesOf(view: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

async function readFully(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.byteLength;) {
    const length = Math.min(target.byteLength - done, 1 << 30)
    const { bytesRead } = await handle.read(target, done, length, position + done)
    if (bytesRead === 0) throw new UserError('corrupt', 'The file ended while it was read.')
    done += bytesRead
  }
}
