/**
 * The header of a safetensors file: u64 little-endian length, JSON, then the tensors' bytes. Everything a hostile or
 * damaged file may lie about is checked here, before a byte of data is read (rules of the Rust reference reader).
 */
import { UserError } from '../../../shared/errors'

export const MAX_HEADER_BYTES = 100_000_000
const DTYPE_BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  F64: 64,
  I64: 64,
  U64: 64,
}

export interface TensorEntry {
  name: string
  dtype: string
  shape: readonly number[]
  /** First byte in the file. */
  start: number
  byteLength: number
}

export interface SafetensorsHeader {
  tensors: ReadonlyMap<string, TensorEntry>
  metadata: Readonly<Record<string, string>>
}

/** Length of the JSON part from the first 8 bytes. @throws UserError `corrupt`. */
export function headerLength(prefix: Uint8Array, fileBytes: number, file: string): number {
  if (prefix.byteLength < 8) throw corrupt(file, 'it is shorter than 8 bytes')
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER_BYTES)) throw corrupt(file, `its header claims ${length.toString()} bytes`)
  if (8 + Number(length) > fileBytes)
    throw corrupt(file, `its header claims ${length.toString()} bytes, the file has ${fileBytes}`)
  return Number(length)
}

/** @throws UserError `corrupt` naming the first thing that does not add up. */
export function parseHeader(json: Uint8Array, fileBytes: number, file: string): SafetensorsHeader {
  let text: string
  let parsed: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(json)
    parsed = JSON.parse(text)
  } catch {
    throw corrupt(file, 'its header is not JSON')
  }
  if (!isObject(parsed)) throw corrupt(file, 'its header is not an object')
  if (json[0] !== 0x7b) throw corrupt(file, 'its header does not begin with {')
  const repeated = repeatedKey(text)
  if (repeated !== undefined) throw corrupt(file, `its header names ${repeated} twice`)
  const { __metadata__: metadata = {}, ...entries } = parsed
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    throw corrupt(file, '__metadata__ is not a map of strings')
  const dataStart = 8 + json.byteLength
  const tensors = Object.entries(entries).map(([name, entry]) => tensorEntry(name, entry, dataStart, file))
  checkCoverage(tensors, dataStart, fileBytes, file)
  return {
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    metadata: metadata as Record<string, string>,
  }
}

function tensorEntry(name: string, entry: unknown, dataStart: number, file: string): TensorEntry {
  if (!isObject(entry)) throw corrupt(file, `the entry of ${name} is not an object`)
  const { dtype, shape, data_offsets: offsets } = entry
  const bits = typeof dtype === 'string' ? DTYPE_BITS[dtype] : undefined
  if (bits === undefined) throw corrupt(file, `${name} has the unknown type ${JSON.stringify(dtype)}`)
  if (!isCounts(shape)) throw corrupt(file, `${name} has no valid shape`)
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    throw corrupt(file, `${name} has no valid data_offsets`)
  const elements = shape.reduce((n, dim) => n * dim, 1)
  const byteLength = offsets[1]! - offsets[0]!
  if (!Number.isSafeInteger(elements) || (elements * bits) / 8 !== byteLength)
    throw corrupt(file, `${name} is ${String(dtype)}[${shape.join(',')}] in ${byteLength} bytes`)
  return { name, dtype: dtype as string, shape, start: dataStart + offsets[0]!, byteLength }
}

/** The tensors must tile the data exactly: no overlap, no hole, nothing beyond the end. */
function checkCoverage(tensors: TensorEntry[], dataStart: number, fileBytes: number, file: string): void {
  let at = dataStart
  for (const { name, start, byteLength } of [...tensors].sort(
    (a, b) => a.start - b.start || a.byteLength - b.byteLength,
  )) {
    if (start < at) throw corrupt(file, `${name} overlaps another tensor`)
    if (start > at) throw corrupt(file, `there are ${start - at} bytes before ${name} that belong to nothing`)
    at = start + byteLength
  }
  if (at > fileBytes)
    throw corrupt(file, `its tensors end at byte ${at}, the file has ${fileBytes}: it is cut short`)
  if (at < fileBytes) throw corrupt(file, `${fileBytes - at} bytes at its end belong to nothing`)
}

/** A key that some object of a valid JSON text holds twice, which JSON.parse would hide. */
function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1).trimEnd()) as string
      const keys = open.at(-1)
      if (keys?.has(key)) return key
      keys?.add(key)
    }
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
}

export function corrupt(file: string, claim: string): UserError {
  return new UserError('corrupt', `This is not a sound safetensors file: ${claim}.`, {
    where: { file },
    hint: 'Download or export the file again.',
  })
}
