/** Dataset version files: import, pages, search, streams, splits, profile, refusals. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { openVersionFile, type VersionFile } from '../../../src/main/data/file/openVersion'
import { writeVersionFile } from '../../../src/main/data/file/writeVersion'
import { importDataset, type ImportSource } from '../../../src/main/data/importDataset'
import { profileRows } from '../../../src/main/data/profile'
import { semanticFieldsRows } from '../../../src/main/data/sample/semanticFields'
import type { SplitRule } from '../../../src/shared/ipc/datasets'

const folder = mkdtempSync(join(tmpdir(), 'tunesmith-data-'))
afterAll(() => rmSync(folder, { recursive: true }))
let names = 0
const newPath = (extension: string) => join(folder, `${++names}${extension}`)

function file(extension: string, content: string): string {
  const path = newPath(extension)
  writeFileSync(path, content)
  return path
}

async function withImport<T>(
  source: ImportSource,
  split: SplitRule | null,
  look: (version: VersionFile) => T | Promise<T>,
): Promise<T> {
  const path = newPath('.dataset')
  await importDataset(source, split, path)
  const version = openVersionFile(path)
  try {
    return await look(version)
  } finally {
    version.close()
  }
}

const RULE: SplitRule = { validation: 0.2, test: 0.1, seed: 7, stratifyBy: null }
const table = (rows: number) =>
  'text,label\n' +
  Array.from({ length: rows }, (_, i) => `"row ${i}, 100%_sure",${i % 10 === 0 ? 'rare' : 'often'}`).join(
    '\n',
  )

describe('a version file', () => {
  test('pages, search and streams give the rows back', () =>
    withImport({ kind: 'text', text: table(500) }, RULE, (version) => {
      expect(version.meta.rows).toEqual({ train: 350, validation: 100, test: 50 })
      const page = version.page({ offset: 495, limit: 10 })
      expect(page.total).toBe(500)
      expect(page.rows.map(({ ordinal }) => ordinal)).toEqual([495, 496, 497, 498, 499])
      expect(page.rows[0]!.cells).toEqual({ text: 'row 495, 100%_sure', label: 'often' })
      const train = [...version.iterate('train')]
      expect(train.length).toBe(350)
      expect(
        version.page({ offset: 10, limit: 5, split: 'train' }).rows.map(({ ordinal }) => ordinal),
      ).toEqual(train.slice(10, 15).map(({ ordinal }) => ordinal))
      expect(version.page({ offset: 0, limit: 50, search: 'ROW 49' }).total).toBe(11)
      expect(version.page({ offset: 0, limit: 5, search: '0%_s' }).total).toBe(500)
      expect(version.page({ offset: 0, limit: 5, search: '%r' }).total).toBe(0)
      expect(version.page({ offset: 0, limit: 5, search: 'rare', split: 'test' }).total).toBe(
        [...version.iterate('test')].filter(({ cells }) => cells.label === 'rare').length,
      )
      expect(version.column('label', 'validation').length).toBe(100)
      expect(() => version.column('lable')).toThrow('The dataset has no column "lable".')
    }))

  test('every kind of value, and columns that appear late', () =>
    withImport(
      { kind: 'text', text: '{"a":"x"}\n{"a":1.5,"b":[["p"],2]}\n{"c":true,"a":null}\n' },
      { ...RULE, test: 0 },
      (version) => {
        expect(version.meta.columns).toEqual(['a', 'b', 'c'])
        expect([...version.iterate()].map(({ cells }) => cells)).toEqual([
          { a: 'x', b: null, c: null },
          { a: 1.5, b: [['p'], 2], c: null },
          { a: null, b: null, c: true },
        ])
      },
    ))

  test('the same rows and rule give the same hash, another seed another', async () => {
    const sha = (rule: SplitRule) =>
      withImport({ kind: 'text', text: table(200) }, rule, ({ meta }) => meta.sha256)
    expect(await sha(RULE)).toBe(await sha(RULE))
    expect(await sha(RULE)).not.toBe(await sha({ ...RULE, seed: 8 }))
  })

  test('stratified: each label in the same share', () =>
    withImport({ kind: 'text', text: table(500) }, { ...RULE, stratifyBy: 'label' }, (version) => {
      const share = (split: 'train' | 'validation' | 'test') =>
        version.column('label', split).filter((label) => label === 'rare').length
      expect([share('train'), share('validation'), share('test')]).toEqual([35, 10, 5])
    }))

  test('a column "split" decides where no rule is given', () =>
    withImport({ kind: 'text', text: 'text,split\na,train\nb,dev\nc,test\nd,train\n' }, null, (version) => {
      expect(version.meta.rows).toEqual({ train: 2, validation: 1, test: 1 })
      expect(version.meta.splitRule).toBe('by the column "split"')
    }))

  test('a file for each split', () =>
    withImport(
      {
        kind: 'splits',
        train: file('.csv', table(30)),
        validation: file('.jsonl', '{"text":"v","label":"rare"}\n'),
      },
      null,
      (version) => {
        expect(version.meta.rows).toEqual({ train: 30, validation: 1, test: 0 })
        expect([...version.iterate('validation')][0]!.cells).toEqual({ text: 'v', label: 'rare' })
      },
    ))

  test('rejected rows are kept with their reasons', () =>
    withImport({ kind: 'text', text: 'text,label\na,b\nc\nd,e\n' }, { ...RULE, test: 0 }, (version) => {
      expect(version.meta.rejected).toBe(1)
      expect(version.rejected()).toEqual([
        { row: 3, field: null, reason: 'has 1 field, the header has 2', excerpt: 'c' },
      ])
    }))
})

describe('refusals', () => {
  test('nothing is left behind where an import fails or is cancelled', async () => {
    const path = newPath('.dataset')
    await expect(importDataset({ kind: 'text', text: 'text,label\n' }, RULE, path)).rejects.toThrow(
      'header but no rows',
    )
    const stop = new AbortController()
    async function* rows() {
      for (let i = 0; ; i++) {
        if (i === 3000) stop.abort()
        yield await Promise.resolve({ sourceRow: i, split: 'train' as const, cells: { text: 'x' } })
      }
    }
    await expect(
      writeVersionFile(
        path,
        rows(),
        {
          source: { kind: 'sample', name: 'x' },
          splitRule: '',
          rejected: () => ({ kept: [], count: 0 }),
          deal: null,
        },
        { signal: stop.signal },
      ),
    ).rejects.toMatchObject({ code: 'cancelled' })
    expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  test('a column to stratify by that is not there', async () => {
    const imported = importDataset(
      { kind: 'text', text: table(20) },
      { ...RULE, stratifyBy: 'class' },
      newPath('.dataset'),
    )
    await expect(imported).rejects.toMatchObject({ code: 'bad-config', hint: 'The columns are text, label.' })
  })

  test('too few rows for the splits', async () => {
    const imported = importDataset({ kind: 'text', text: table(1) }, RULE, newPath('.dataset'))
    await expect(imported).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('too few') as string,
    })
  })

  test('gone, damaged, newer', async () => {
    expect(() => openVersionFile(join(folder, 'absent.dataset'))).toThrow("The dataset's file is gone.")
    expect(() =>
      openVersionFile(file('.dataset', 'not a database, but long enough to be looked at')),
    ).toThrow('damaged')
    const path = newPath('.dataset')
    await importDataset({ kind: 'text', text: table(20) }, RULE, path)
    const db = new Database(path)
    db.pragma('user_version = 99')
    db.close()
    expect(() => openVersionFile(path)).toThrow('newer Tunesmith')
  })

  test('a sealed file cannot be written to through its reader', () =>
    withImport({ kind: 'text', text: table(20) }, RULE, (version) => {
      const { db } = version as unknown as { db: Database.Database }
      expect(() => db.exec('DELETE FROM rows')).toThrow(/readonly/)
    }))
})

describe('profile', () => {
  const profileOf = (text: string, rule: SplitRule = { ...RULE, test: 0 }) =>
    withImport({ kind: 'text', text }, rule, (version) =>
      profileRows(version.meta.columns, version.iterate(), version.meta.rows),
    )

  test('types, roles with reasons, lengths, balance, duplicates', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `${i},"the number ${i % 59} written in a sentence",${i % 3 ? 'odd' : 'even'},${i / 7},`,
    )
    const { columns, duplicates, warnings } = await profileOf(
      ['id,sentence,class,ratio,note', ...lines].join('\n'),
    )
    expect(columns.map(({ name, type, suggestedRole }) => [name, type, suggestedRole])).toEqual([
      ['id', 'number', null],
      ['sentence', 'text', 'text'],
      ['class', 'category', 'label'],
      ['ratio', 'number', null],
      ['note', 'empty', null],
    ])
    const [, sentence, label] = columns
    expect(sentence!.words).toEqual({ min: 7, median: 7, p95: 7, max: 7 })
    expect(label!.values.map(({ value, count }) => [value, count])).toEqual([
      ['odd', 40],
      ['even', 20],
    ])
    expect(label!.suggestedBecause).toBe('its name, and it has 2 different values')
    expect([duplicates, warnings]).toEqual([0, []])
  })

  test('one class only, copies and empty fields are said', async () => {
    const text = 'text,label\n' + 'the very same sentence again,a\n'.repeat(20) + '"",a\n'
    const { duplicates, warnings } = await profileOf(text)
    expect(duplicates).toBe(19)
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('1 row has an empty "text"') as string,
        expect.stringContaining('Every row has the same "label"') as string,
        '19 rows are exact copies of another.',
      ]),
    )
  })
})

describe('the sample', () => {
  test('semantic fields: counts, balance, nothing on both sides', async () => {
    const rows = await semanticFieldsRows()
    const train = rows.filter(({ split }) => split === 'train')
    const validation = rows.filter(({ split }) => split === 'validation')
    expect([train.length, validation.length]).toEqual([14_399, 2_399])
    expect(new Set(rows.map(({ cells }) => cells.text)).size).toBe(rows.length)
    const perLabel = new Map<string, number>()
    for (const { cells } of train) perLabel.set(cells.label, (perLabel.get(cells.label) ?? 0) + 1)
    expect([...perLabel.values()].sort()).toEqual([1199, ...Array.from({ length: 11 }, () => 1200)])
    expect(rows.some(({ cells }) => cells.text.includes('"'))).toBe(false)
  })

  test('imports as a version with roles found', () =>
    withImport({ kind: 'sample', name: 'semantic-fields' }, null, async (version) => {
      expect(version.meta.rows).toEqual({ train: 14_399, validation: 2_399, test: 0 })
      expect(version.meta.sha256).toMatch(/^[0-9a-f]{64}$/)
      const { columns, warnings } = await profileRows(
        version.meta.columns,
        version.iterate(),
        version.meta.rows,
      )
      expect(columns.map(({ suggestedRole }) => suggestedRole)).toEqual(['text', 'label'])
      expect(warnings).toEqual([])
    }))
})
