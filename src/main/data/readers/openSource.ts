/** A file or a pasted text → its rows: encoding, format and delimiter are sniffed unless they are given. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { SourceSettings } from '../../../shared/domain/sourceFormats'
import { UserError } from '../../../shared/errors'
import { readConll } from './conll'
import { readDelimited } from './delimited'
import { sniffDelimiter } from './delimiter'
import { decodeText, encodingName, sniffEncoding, type EncodingFound } from './encoding'
import { readFolder, textFilesIn } from './folder'
import { readJson, readJsonLines } from './json'
import { readParquet } from './parquet'
import { sniffFormat } from './registry'
import { Rejects, type ReadHooks, type RowSource, type SourceRow } from './row'
import { readDocument, readParagraphs, readTextLines } from './text'

const HEAD_BYTES = 64 * 1024
const CHUNK_BYTES = 256 * 1024

/**
 * A file, or a folder of text files.
 * @throws UserError('not-found') if there is no such file, 'bad-input' if it is empty or no table
 */
export async function openFile(
  path: string,
  settings: SourceSettings = {},
  hooks: ReadHooks = {},
): Promise<RowSource> {
  const file = basename(path)
  const info = await stat(path).catch((cause: unknown) => {
    throw new UserError('not-found', 'There is no such file.', { where: { file: path }, cause })
  })
  if (info.isDirectory()) return openFolder(path, settings, hooks)
  if (!info.isFile()) throw new UserError('bad-input', 'This is not a file.', { where: { file: path } })
  const head = await readHead(path)
  if (head.length === 0) throw emptySource(file)
  if (isParquet(head)) return openParquet(path, file, hooks)
  refuseBinary(head, file, settings)
  const found = encodingOf(head, settings)
  const chunks = () => decodedFile(path, found, info.size, hooks)
  return source(chunks, headText(head, found), { file, name: file, found, settings })
}

function openParquet(path: string, file: string, hooks: ReadHooks): RowSource {
  const rejects = new Rejects()
  return {
    format: 'parquet',
    encoding: 'UTF-8',
    rejects,
    rows: () => refuseNothing(readParquet(path, file, rejects, hooks), rejects, file, false),
  }
}

async function openFolder(path: string, settings: SourceSettings, hooks: ReadHooks): Promise<RowSource> {
  const files = await textFilesIn(path)
  const rejects = new Rejects()
  const first = encodingOf(await readHead(files[0]!.path), settings)
  const readText = async (file: string) => {
    const found = encodingOf(await readHead(file), settings)
    const { size } = await stat(file)
    const parts: string[] = []
    const signal = hooks.signal
    for await (const part of decodedFile(file, found, size, signal ? { signal } : {})) parts.push(part)
    return parts.join('')
  }
  const rows = () => readFolder(files, readText, rejects, (done, total) => hooks.onProgress?.(done, total))
  return {
    format: 'folder',
    encoding: encodingName(first),
    rejects,
    rows: () => refuseNothing(rows(), rejects, basename(path), false),
  }
}

/** Pasted text. @throws UserError('bad-input') if it is empty */
export function openText(pasted: string, settings: SourceSettings = {}, hooks: ReadHooks = {}): RowSource {
  const file = 'pasted text'
  const text = pasted.replace(/^\ufeff/, '')
  if (text.trim() === '') throw emptySource(file)
  async function* chunks(): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += CHUNK_BYTES) {
      yield text.slice(at, at + CHUNK_BYTES)
      hooks.onProgress?.(Math.min(at + CHUNK_BYTES, text.length), text.length)
      await Promise.resolve()
    }
  }
  const found: EncodingFound = { encoding: 'utf-8', bomBytes: 0 }
  return source(chunks, text.slice(0, HEAD_BYTES), { file, name: null, found, settings })
}

interface SourceContext {
  file: string
  name: string | null
  found: EncodingFound
  settings: SourceSettings
}

function source(chunks: () => AsyncIterable<string>, head: string, context: SourceContext): RowSource {
  const { file, found, settings } = context
  const rejects = new Rejects()
  const format = settings.format ?? sniffFormat(context.name, head)
  const isDelimited = format === 'csv' || format === 'tsv'
  const delimiter = settings.delimiter ?? (format === 'tsv' ? '\t' : sniffDelimiter(head))
  const read = (): AsyncIterable<SourceRow> => {
    switch (format) {
      case 'csv':
      case 'tsv':
        return readDelimited(chunks(), { delimiter, file }, rejects)
      case 'jsonl':
        return readJsonLines(chunks(), rejects)
      case 'json':
        return readJson(chunks(), file, rejects)
      case 'conll':
        return readConll(chunks(), rejects)
      case 'txt':
        return readTextLines(chunks(), rejects)
      case 'paragraphs':
        return readParagraphs(chunks(), rejects)
      case 'document':
        return readDocument(chunks(), rejects)
      case 'parquet':
      case 'folder':
        throw new UserError(
          'bad-input',
          `This is not a ${format === 'folder' ? 'folder' : 'Parquet file'}.`,
          {
            where: { file },
            hint: 'Choose another format, or let it be found out.',
          },
        )
    }
  }
  return {
    format,
    encoding: encodingName(found),
    ...(isDelimited && { delimiter }),
    rejects,
    rows: () => refuseNothing(read(), rejects, file, isDelimited),
  }
}

/** @throws UserError('bad-input') if not a single row came through */
async function* refuseNothing(
  rows: AsyncIterable<SourceRow>,
  rejects: Rejects,
  file: string,
  hasHeader: boolean,
): AsyncGenerator<SourceRow> {
  let count = 0
  for await (const row of rows) {
    count++
    yield row
  }
  if (count > 0) return
  const first = rejects.kept[0]
  if (first) {
    throw new UserError('bad-input', `No row could be read: row ${first.row} ${first.reason}.`, {
      where: { file, row: first.row, ...(first.field !== null && { field: first.field }) },
      hint: 'Check the format and, for delimited files, the delimiter.',
    })
  }
  throw new UserError(
    'bad-input',
    hasHeader ? 'The file has a header but no rows.' : 'The file has no rows.',
    {
      where: { file },
      ...(hasHeader && { hint: 'The first row names the columns; the data begins in the second.' }),
    },
  )
}

function emptySource(file: string): UserError {
  return new UserError('bad-input', 'The file is empty.', { where: { file } })
}

function isParquet(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1'
}

/** Archives and spreadsheets that people drop by mistake, and what is Parquet by its name alone. */
function refuseBinary(head: Uint8Array, file: string, { format }: SourceSettings): void {
  if (format === 'parquet' || /\.parquet$/i.test(file))
    throw new UserError('bad-input', 'This is not a Parquet file: it does not begin as one.', {
      where: { file },
      hint: 'It may be damaged, encrypted, or another kind of file with this name.',
    })
  const isZip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  if (!isZip && !isGzip) return
  throw new UserError(
    'unsupported',
    `The file is ${isZip ? 'a ZIP archive or a spreadsheet' : 'compressed'}.`,
    {
      where: { file },
      hint: 'Export or unpack it as CSV, JSON lines or Parquet first.',
    },
  )
}

function encodingOf(head: Uint8Array, { encoding }: SourceSettings): EncodingFound {
  const found = sniffEncoding(head)
  return encoding ? { encoding, bomBytes: found.bomBytes } : found
}

function decodedFile(
  path: string,
  found: EncodingFound,
  size: number,
  hooks: ReadHooks,
): AsyncIterable<string> {
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  return decodeText(bytes as AsyncIterable<Uint8Array>, found, basename(path), size, hooks)
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function headText(head: Uint8Array, found: EncodingFound): string {
  const bytes = head.subarray(found.bomBytes)
  if (found.encoding === 'latin1') return Buffer.from(bytes).toString('latin1')
  return new TextDecoder(found.encoding).decode(bytes)
}
