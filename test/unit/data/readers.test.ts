/** Readers on good and on bad input: every refusal says what, where and what to do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import fc from 'fast-check'
import { openFile, openText } from '../../../src/main/data/readers/openSource'
import type { SourceSettings } from '../../../src/shared/domain/sourceFormats'
import type { RowSource } from '../../../src/main/data/readers/row'
import { firstInvalidUtf8 } from '../../../src/main/data/readers/encoding'
import type { UserErrorData } from '../../../src/shared/errors'

vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'tunesmith-readers-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function rowsOf(source: RowSource) {
  const rows = []
  for await (const row of source.rows()) rows.push(row)
  return rows
}

async function read(name: string, content: string | Uint8Array, settings: SourceSettings = {}) {
  const source = await openFile(file(name, content), settings)
  return { source, rows: await rowsOf(source) }
}

async function failure(name: string, content: string | Uint8Array): Promise<UserErrorData> {
  const error: unknown = await read(name, content).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'UserError' })
  return (error as { toData(): UserErrorData }).toData()
}

describe('delimited text', () => {
  test('quotes, doubled quotes and newlines in fields, CRLF, a byte order mark', async () => {
    const { source, rows } = await read(
      'a.csv',
      '\ufefftext,label\r\n"He said ""no"", then\r\nleft",b\r\nplain,a\r\n',
    )
    expect(rows).toEqual([
      { row: 2, cells: { text: 'He said "no", then\r\nleft', label: 'b' } },
      { row: 3, cells: { text: 'plain', label: 'a' } },
    ])
    expect(source).toMatchObject({ format: 'csv', encoding: 'UTF-8 with BOM', delimiter: ',' })
  })

  test.each([
    ['semicolons', 'text;label\none, two, three;a\nfour, five, six;b\n', ';'],
    ['tabs', 'text\tlabel\none, two\ta\nthree, four\tb\n', '\t'],
    ['bars', 'text|label\none|a\ntwo|b\n', '|'],
    ['one column', 'text\none\ntwo\n', ','],
    ['commas inside quotes', 'text,label\n"a;b;c;d",x\n"e;f;g;h",y\n', ','],
  ])('finds the delimiter: %s', async (_, content, delimiter) => {
    const { source, rows } = await read('sniff.csv', content)
    expect(source.delimiter).toBe(delimiter)
    expect(rows.length).toBe(2)
  })

  test.each([
    ['little-endian with a mark', [0xff, 0xfe], 'utf16le', 'UTF-16 LE with BOM'],
    ['little-endian without', [], 'utf16le', 'UTF-16 LE'],
  ] as const)('UTF-16 %s', async (_, mark, encoding, name) => {
    const bytes = Buffer.concat([Buffer.from(mark), Buffer.from('text,label\nnaïve,a\n', encoding)])
    const { source, rows } = await read('utf16.csv', bytes)
    expect(source.encoding).toBe(name)
    expect(rows).toEqual([{ row: 2, cells: { text: 'naïve', label: 'a' } }])
  })

  test('UTF-16 big-endian', async () => {
    const bytes = Buffer.from('\ufefftext,label\nnaïve,a\n', 'utf16le').swap16()
    const { source, rows } = await read('utf16be.csv', bytes)
    expect(source.encoding).toBe('UTF-16 BE with BOM')
    expect(rows[0]!.cells.text).toBe('naïve')
  })

  test('Latin-1 only where it is asked for', async () => {
    const bytes = Buffer.from('text,label\ncafé,a\n', 'latin1')
    expect(await failure('latin.csv', bytes)).toMatchObject({
      code: 'bad-input',
      message: 'Byte 14 (0xE9) is not valid UTF-8.',
      where: { file: 'latin.csv', row: 2 },
      hint: expect.stringContaining('Latin-1') as string,
    })
    const { rows, source } = await read('latin.csv', bytes, { encoding: 'latin1' })
    expect([rows[0]!.cells.text, source.encoding]).toEqual(['café', 'Latin-1'])
  })

  test('an invalid byte far into the file is named with its offset and line', async () => {
    const line = 'some text é here,a\n'
    const lines = 40_000
    const good = Buffer.from('text,label\n' + line.repeat(lines))
    const bytes = Buffer.concat([good, Buffer.from([0x62, 0xc3, 0x28, 0x0a])])
    expect(await failure('far.csv', bytes)).toMatchObject({
      message: `Byte ${good.length + 1} (0xC3) is not valid UTF-8.`,
      where: { row: lines + 2 },
    })
  })

  test('a file cut off inside a character', async () => {
    const bytes = Buffer.from('text,label\ncaf\u00e9').subarray(0, -1)
    expect((await failure('cut.csv', bytes)).message).toMatch(/ends in the middle of a character/)
  })

  test('empty file', async () => {
    expect(await failure('empty.csv', '')).toMatchObject({
      message: 'The file is empty.',
      where: { file: 'empty.csv' },
    })
  })

  test.each(['text,label\n', 'text,label', '\ufefftext,label\r\n\r\n'])(
    'header only: %j',
    async (content) => {
      expect(await failure('header.csv', content)).toMatchObject({
        message: 'The file has a header but no rows.',
        where: { file: 'header.csv' },
      })
    },
  )

  test('a column name that occurs twice', async () => {
    expect(await failure('twice.csv', 'text,label,text\na,b,c\n')).toMatchObject({
      message: 'The header has the column "text" twice.',
      where: { file: 'twice.csv', row: 1, field: 'text' },
      hint: expect.stringContaining('Rename') as string,
    })
  })

  test('rows with too few or too many fields are rejected with the reason', async () => {
    const { source, rows } = await read('ragged.csv', 'text,label\na,b\nc\nd,e,f\ng,h\n')
    expect(rows.map(({ row }) => row)).toEqual([2, 5])
    expect(source.rejects.count).toBe(2)
    expect(source.rejects.kept).toEqual([
      { row: 3, field: null, reason: 'has 1 field, the header has 2', excerpt: 'c' },
      { row: 4, field: null, reason: 'has 3 fields, the header has 2', excerpt: 'd | e | f' },
    ])
  })

  test('a quote that is never closed is rejected, not swallowed', async () => {
    const { source, rows } = await read('open.csv', 'text,label\na,b\n"c,d\ne,f\n')
    expect(rows.length).toBe(1)
    expect(source.rejects.kept[0]).toMatchObject({
      row: 3,
      reason: expect.stringContaining('never closed') as string,
    })
  })

  test('a single line of 10 MB is refused quickly', async () => {
    const started = performance.now()
    const error = await failure('long.csv', 'text,label\n' + 'x'.repeat(10 * 1024 * 1024) + ',a\n')
    expect(error).toMatchObject({
      message: 'No row could be read: row 2 is 10,485,760 characters long; the limit is 2,000,000.',
      where: { row: 2, field: 'text' },
    })
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  test('a spreadsheet by mistake', async () => {
    expect(await failure('book.csv', Buffer.from([0x50, 0x4b, 3, 4, 20, 0]))).toMatchObject({
      code: 'unsupported',
    })
  })

  test('no such file', async () => {
    await expect(openFile(join(folder, 'absent.csv'))).rejects.toMatchObject({ code: 'not-found' })
  })

  test('cancelling stops the reading', async () => {
    const stop = new AbortController()
    const source = await openFile(
      file('big.csv', 'text,label\n' + 'a,b\n'.repeat(300_000)),
      {},
      { signal: stop.signal },
    )
    const reading = (async () => {
      for await (const { row } of source.rows()) if (row === 10) stop.abort()
    })()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('any table survives writing and reading', async () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', ''))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (table) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = ['a,b', ...table.map((row) => row.map(quote).join(','))].join('\n')
        const rows = await rowsOf(openText(text, { format: 'csv', delimiter: ',' }))
        expect(rows.map(({ cells }) => [cells.a, cells.b])).toEqual(table)
      }),
      { numRuns: 200 },
    )
  })
})

describe('JSON', () => {
  test('lines: values keep their types, inner objects become columns', async () => {
    const { source, rows } = await read(
      'a.jsonl',
      '{"text":"a","label":1,"ok":true,"tags":["B","I"],"meta":{"by":"x"},"none":null}\n\n{"text":"b"}\r\n',
    )
    expect(rows).toEqual([
      { row: 1, cells: { text: 'a', label: 1, ok: true, tags: ['B', 'I'], 'meta.by': 'x', none: null } },
      { row: 3, cells: { text: 'b' } },
    ])
    expect(source.format).toBe('jsonl')
  })

  test('lines that are no objects are rejected with the reason', async () => {
    const { source, rows } = await read('b.jsonl', '{"text":"a"}\n{"text": \n[1]\n')
    expect(rows.length).toBe(1)
    expect(source.rejects.kept.map(({ row, reason }) => [row, reason.split(':')[0]])).toEqual([
      [2, 'is not valid JSON'],
      [3, 'is not a JSON object'],
    ])
  })

  test('a list of objects, and an object that holds one', async () => {
    expect((await read('a.json', '[{"t":"a"},{"t":"b"}]')).rows.map(({ row }) => row)).toEqual([1, 2])
    expect((await read('b.json', '{"version":1,"data":[{"t":"a"}]}')).rows[0]!.cells).toEqual({ t: 'a' })
    expect((await read('c.json', '{"t":"a"}\n{"t":"b"}\n')).source.format).toBe('jsonl')
  })

  test('not JSON, or no rows in it', async () => {
    expect(await failure('d.json', '[{"t":')).toMatchObject({ message: 'The file is not valid JSON.' })
    expect(await failure('e.json', '{\n"a": {"b": 1}}')).toMatchObject({
      message: 'The JSON file holds no list of rows.',
    })
    expect(await failure('f.json', '[]')).toMatchObject({ message: 'The file has no rows.' })
  })

  test('a single line of 10 MB', async () => {
    const { rows, source } = await read(
      'long.jsonl',
      `{"text":"ok"}\n{"text":"${'x'.repeat(10 * 1024 * 1024)}"}\n`,
    )
    expect(rows.length).toBe(1)
    expect(source.rejects.kept[0]).toMatchObject({ row: 2, field: 'text' })
  })
})

describe('pasted text and plain text', () => {
  test.each([
    ['text\tlabel\na\tb\n', 'tsv'],
    ['text,label\na,b\n', 'csv'],
    ['{"text":"a"}\n', 'jsonl'],
    ['[{"text":"a"}]', 'json'],
  ])('%j is %s', async (text, format) => {
    const source = openText(text)
    expect(source.format).toBe(format)
    expect((await rowsOf(source)).length).toBe(1)
  })

  test('nothing pasted', () => {
    expect(() => openText(' \n')).toThrow('The file is empty.')
  })

  test('a text file is a row a line, whatever ends the lines', async () => {
    const { rows } = await read('a.txt', 'one\rtwo\r\nthree\n\nfour')
    expect(rows.map(({ row, cells }) => [row, cells.text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
      [5, 'four'],
    ])
  })
})

test('the first invalid byte agrees with the platform decoder', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      (noise, text) => {
        const bytes = Buffer.concat([Buffer.from(text), noise])
        const at = firstInvalidUtf8(bytes)
        const isValid = (slice: Uint8Array) => {
          try {
            new TextDecoder('utf-8', { fatal: true }).decode(slice)
            return true
          } catch {
            return false
          }
        }
        expect(at === bytes.length).toBe(isValid(bytes))
        expect(isValid(bytes.subarray(0, at))).toBe(true)
      },
    ),
  )
})
