/** Plain text by line, paragraph and file; folders of texts by class. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openFile, openText } from '../../../src/main/data/readers/openSource'
import { MAX_CELL_CHARACTERS, type RowSource, type SourceRow } from '../../../src/main/data/readers/row'

const root = mkdtempSync(join(tmpdir(), 'tunesmith-texts-'))
afterAll(() => rmSync(root, { recursive: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

async function rowsOf(source: RowSource): Promise<SourceRow[]> {
  const rows = []
  for await (const row of source.rows()) rows.push(row)
  return rows
}

const TEXT = 'one\ntwo\n\n \nthree\r\nfour\r\n\r\n\r\nfive'

describe('plain text', () => {
  test('a row a line, a paragraph, or one', async () => {
    const read = (format: 'txt' | 'paragraphs' | 'document') => rowsOf(openText(TEXT, { format }))
    expect((await read('txt')).map(({ row, cells }) => [row, cells.text])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [5, 'three'],
      [6, 'four'],
      [9, 'five'],
    ])
    expect(await read('paragraphs')).toEqual([
      { row: 1, cells: { text: 'one\ntwo' } },
      { row: 5, cells: { text: 'three\nfour' } },
      { row: 9, cells: { text: 'five' } },
    ])
    expect(await read('document')).toEqual([{ row: 1, cells: { text: TEXT } }])
  })

  test.each(['txt', 'paragraphs', 'document'] as const)(
    '%s: a text beyond the limit is refused',
    async (format) => {
      const source = openText(`fine\n\n${'x'.repeat(3 * MAX_CELL_CHARACTERS)}`, { format })
      const rows = await rowsOf(source).catch(() => [])
      expect(rows.map(({ cells }) => cells.text)).toEqual(format === 'document' ? [] : ['fine'])
      expect(source.rejects.kept[0]).toMatchObject({ row: format === 'document' ? 1 : 3, field: 'text' })
      expect(source.rejects.kept[0]!.reason).toMatch(/the limit is 2,000,000/)
    },
  )
})

describe('a folder', () => {
  test('of classes: a row a file, in the order of their paths', async () => {
    write('reviews/good/b.txt', 'Fine.\n')
    write('reviews/good/a.txt', 'Grüße')
    write('reviews/bad/notes/c.md', 'Poor.')
    write('reviews/bad/picture.png', 'not read')
    const source = await openFile(join(root, 'reviews'))
    expect(source).toMatchObject({ format: 'folder', encoding: 'UTF-8' })
    expect(await rowsOf(source)).toEqual([
      { row: 1, cells: { text: 'Poor.', label: 'bad/notes', file: 'bad/notes/c.md' } },
      { row: 2, cells: { text: 'Grüße', label: 'good', file: 'good/a.txt' } },
      { row: 3, cells: { text: 'Fine.', label: 'good', file: 'good/b.txt' } },
    ])
  })

  test('of splits and classes', async () => {
    write('imdb/train/pos/0.txt', 'a')
    write('imdb/test/neg/0.txt', 'b')
    expect((await rowsOf(await openFile(join(root, 'imdb')))).map(({ cells }) => cells)).toEqual([
      { text: 'b', label: 'neg', file: 'test/neg/0.txt', split: 'test' },
      { text: 'a', label: 'pos', file: 'train/pos/0.txt', split: 'train' },
    ])
  })

  test('files that are empty or in another encoding are refused, the others stay', async () => {
    write('mixed/a/1.txt', ' \n')
    write('mixed/a/2.txt', Uint8Array.of(0x47, 0x72, 0xfc))
    write('mixed/a/3.txt', 'good')
    const source = await openFile(join(root, 'mixed'))
    expect(await rowsOf(source)).toHaveLength(1)
    expect(source.rejects.kept).toEqual([
      { row: 1, field: 'text', reason: 'is empty', excerpt: 'a/1.txt' },
      {
        row: 2,
        field: 'text',
        reason: expect.stringMatching(/cannot be read: .*not valid UTF-8/) as string,
        excerpt: 'a/2.txt',
      },
    ])
    const latin = await rowsOf(await openFile(join(root, 'mixed'), { encoding: 'latin1' }))
    expect(latin.map(({ cells }) => cells.text)).toEqual(['Grü', 'good'])
  })

  test('without a text file says what belongs there', async () => {
    mkdirSync(join(root, 'empty'))
    await expect(openFile(join(root, 'empty'))).rejects.toMatchObject({
      code: 'bad-input',
      message: 'The folder holds no text files.',
      where: { file: join(root, 'empty') },
    })
  })
})
