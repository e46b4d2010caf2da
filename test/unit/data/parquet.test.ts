/** Parquet files of pyarrow, with every compression it has; what is cut off or no text is refused with its place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openFile } from '../../../src/main/data/readers/openSource'
import type { RowSource, SourceRow } from '../../../src/main/data/readers/row'

const golden = (name: string): string => join(__dirname, '../../golden/parquet', `${name}.parquet`)
const folder = mkdtempSync(join(tmpdir(), 'tunesmith-parquet-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function rowsOf(source: RowSource): Promise<SourceRow[]> {
  const rows = []
  for await (const row of source.rows()) rows.push(row)
  return rows
}

const at = '2024-05-06T07:08:09.000Z'
const ROWS: SourceRow['cells'][] = [
  {
    text: 'Grüße aus Köln',
    label: 'a',
    stars: 1,
    score: 0.5,
    tokens: ['Grüße', 'aus'],
    'meta.author': 'Ann',
    'meta.on': true,
    at,
  },
  { text: 'two', label: 'b', stars: 2, score: null, tokens: [], 'meta.author': null, 'meta.on': false, at },
  { text: null, label: 'a', stars: null, score: 1, tokens: null, at },
  {
    text: '猫が好き 🐈',
    label: 'b',
    // Beyond what a number holds exactly.
    stars: '9007199254740993',
    score: -2.25,
    tokens: ['猫'],
    'meta.author': 'Bo',
    'meta.on': true,
    at,
  },
]

test.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])('rows of two groups, %s', async (name) => {
  const source = await openFile(golden(name))
  expect(source.format).toBe('parquet')
  expect(await rowsOf(source)).toEqual(ROWS.map((cells, i) => ({ row: i + 1, cells })))
  expect(source.rejects.count).toBe(0)
})

test('bytes that are no text refuse their row', async () => {
  const source = await openFile(golden('bytes'))
  expect(await rowsOf(source)).toEqual([{ row: 1, cells: { text: 'fine', picture: null } }])
  expect(source.rejects.kept).toEqual([
    { row: 2, field: 'picture', reason: 'holds bytes that are no text', excerpt: 'fffe00' },
  ])
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40), /cannot be read/, undefined],
  [
    'damaged inside',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(200, 0xee), bytes.subarray(204)]),
    /cannot be read/,
    1,
  ],
  ['no Parquet at all', () => Buffer.from('text,label\na,b\n'), /not a Parquet file/, undefined],
] as const)('a file that is %s', async (name, change, message, row) => {
  const path = join(folder, `${name}.parquet`)
  writeFileSync(path, change(readFileSync(golden('zstd'))))
  const error: unknown = await openFile(path)
    .then(rowsOf)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'bad-input', where: { file: `${name}.parquet` } })
  expect((error as Error).message).toMatch(message)
  expect((error as { where: { row?: number } }).where.row).toBe(row)
})
