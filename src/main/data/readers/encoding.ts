/** Which encoding a file has, and its text: UTF-8 and UTF-16 are recognized, Latin-1 only where it is asked for. */
import { ENCODINGS, type Encoding } from '../../../shared/domain/sourceFormats'
import { cancelled, UserError } from '../../../shared/errors'
import type { ReadHooks } from './row'

export interface EncodingFound {
  encoding: Encoding
  /** Bytes of a byte order mark at the start. */
  bomBytes: number
}

/** @param head the first bytes of the file, some thousands */
export function sniffEncoding(head: Uint8Array): EncodingFound {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bomBytes: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomBytes: 2 }
  // Without a mark: text in UTF-16 has a zero byte in most pairs, text in UTF-8 has none.
  const pairs = Math.floor(head.length / 2)
  let evenZeros = 0
  let oddZeros = 0
  for (let i = 0; i < 2 * pairs; i += 2) {
    if (head[i] === 0) evenZeros++
    if (head[i + 1] === 0) oddZeros++
  }
  if (pairs >= 4 && oddZeros > pairs / 2 && evenZeros === 0) return { encoding: 'utf-16le', bomBytes: 0 }
  if (pairs >= 4 && evenZeros > pairs / 2 && oddZeros === 0) return { encoding: 'utf-16be', bomBytes: 0 }
  return { encoding: 'utf-8', bomBytes: 0 }
}

/** How an encoding is called where it is shown. */
export function encodingName({ encoding, bomBytes }: EncodingFound): string {
  const name = ENCODINGS[encoding]
  return bomBytes > 0 ? `${name} with BOM` : name
}

/**
 * Chunks of bytes → chunks of text.
 * @throws UserError('bad-input') with the byte offset and the line of the first byte that is not text
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  found: EncodingFound,
  file: string,
  totalBytes: number,
  hooks: ReadHooks,
): AsyncGenerator<string> {
  if (found.encoding === 'latin1') {
    yield* decodeLatin1(chunks, totalBytes, hooks)
    return
  }
  const decoder = new TextDecoder(found.encoding, { fatal: true, ignoreBOM: true })
  let offset = 0
  let line = 1
  let toSkip = found.bomBytes
  /** The last bytes of the chunk before: a character may begin there. */
  let tail: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (hooks.signal?.aborted) throw cancelled()
    const bytes = chunk.subarray(Math.min(toSkip, chunk.length))
    toSkip -= chunk.length - bytes.length
    let text: string
    try {
      text = decoder.decode(bytes, { stream: true })
    } catch {
      throw notText(found, file, tail, bytes, offset + chunk.length - bytes.length, line)
    }
    offset += chunk.length
    tail = bytes.slice(-3)
    line += countNewlines(text)
    hooks.onProgress?.(offset, totalBytes)
    if (text !== '') yield text
  }
  try {
    const rest = decoder.decode()
    if (rest !== '') yield rest
  } catch {
    throw new UserError('bad-input', `The file ends in the middle of a character (byte ${offset}).`, {
      where: { file, row: line },
      hint: 'It may have been cut off while it was copied.',
    })
  }
}

async function* decodeLatin1(
  chunks: AsyncIterable<Uint8Array>,
  totalBytes: number,
  hooks: ReadHooks,
): AsyncGenerator<string> {
  let offset = 0
  for await (const chunk of chunks) {
    if (hooks.signal?.aborted) throw cancelled()
    offset += chunk.length
    hooks.onProgress?.(offset, totalBytes)
    yield Buffer.from(chunk).toString('latin1')
  }
}

function notText(
  found: EncodingFound,
  file: string,
  tail: Uint8Array,
  bytes: Uint8Array,
  start: number,
  line: number,
): UserError {
  if (found.encoding !== 'utf-8') {
    return new UserError('bad-input', `The file is not valid ${encodingName(found)} after byte ${start}.`, {
      where: { file, row: line },
      hint: 'Save it as UTF-8 and import it again.',
    })
  }
  const joined = Buffer.concat([tail, bytes])
  let from = 0
  while (from < tail.length && (joined[from]! & 0xc0) === 0x80) from++
  const at = firstInvalidUtf8(joined, from)
  const row = line + countNewlines(joined.toString('latin1', tail.length, Math.max(tail.length, at)))
  const byte = joined[at]
  const shown = byte === undefined ? '' : ` (0x${byte.toString(16).toUpperCase().padStart(2, '0')})`
  return new UserError('bad-input', `Byte ${start - tail.length + at}${shown} is not valid UTF-8.`, {
    where: { file, row },
    hint: 'Save the file as UTF-8, or say that it is Latin-1.',
  })
}

/** Index of the first byte that cannot be part of UTF-8 text (Unicode 16, table 3-7); the length if there is none. */
export function firstInvalidUtf8(bytes: Uint8Array, from = 0): number {
  const isNext = (i: number, low = 0x80, high = 0xbf) =>
    i < bytes.length && bytes[i]! >= low && bytes[i]! <= high
  for (let i = from; i < bytes.length;) {
    const b = bytes[i]!
    if (b < 0x80) i++
    else if (b >= 0xc2 && b <= 0xdf && isNext(i + 1)) i += 2
    else if (
      b >= 0xe0 &&
      b <= 0xef &&
      isNext(i + 1, b === 0xe0 ? 0xa0 : 0x80, b === 0xed ? 0x9f : 0xbf) &&
      isNext(i + 2)
    ) {
      i += 3
    } else if (
      b >= 0xf0 &&
      b <= 0xf4 &&
      isNext(i + 1, b === 0xf0 ? 0x90 : 0x80, b === 0xf4 ? 0x8f : 0xbf) &&
      isNext(i + 2) &&
      isNext(i + 3)
    ) {
      i += 4
    } else return i
  }
  return bytes.length
}

function countNewlines(text: string): number {
  let count = 0
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count++
  return count
}
