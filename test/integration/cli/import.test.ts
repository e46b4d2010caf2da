/** `data import` of folders, Parquet and other encodings, split by group; what cannot be read exits 2 with its place. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

const parquet = join(__dirname, '../../golden/parquet/zstd.parquet')
let home: string

beforeAll(() => {
  home = temporaryFolder()
})

const call = (...argv: string[]) => tunesmith(['data', ...argv, '--json'], { home, spawnWorker: nodeHost() })

function write(name: string, content: string | Uint8Array): string {
  const path = join(home, 'files', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

it('reads a folder of splits and classes', async () => {
  for (const split of ['train', 'test'])
    for (const label of ['pos', 'neg'])
      for (const i of [0, 1]) write(`imdb/${split}/${label}/${i}.txt`, `${split} ${label} ${i}`)
  const { code, lines } = await call('import', join(home, 'files', 'imdb'))
  expect(code).toBe(0)
  expect(lines[0]).toMatchObject({
    name: 'imdb',
    rows: { train: 4, validation: 0, test: 4 },
    splitRule: 'by the column "split"',
    source: { kind: 'file', format: 'folder', encoding: 'UTF-8' },
  })
})

it('reads Parquet, and says of a damaged file what and where', async () => {
  const { code, lines } = await call('import', parquet, '--validation', '0.25')
  expect(code).toBe(0)
  expect(lines[0]).toMatchObject({ rows: { train: 3, validation: 1 }, source: { format: 'parquet' } })
  const cut = write('cut.parquet', readFileSync(parquet).subarray(0, 1000))
  const refused = await call('import', cut)
  expect(refused.code).toBe(2)
  expect(refused.stderr).toMatch(/The Parquet file cannot be read.*\(cut\.parquet\)/)
})

it('takes format, encoding, delimiter and groups as they are given', async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `Grüße ${i}¦a¦author ${i % 8}`)
  const file = write('latin.dat', Buffer.from(['text¦label¦author', ...rows].join('\n'), 'latin1'))
  expect((await call('import', file)).code).toBe(2)
  const given = ['--encoding', 'latin1', '--delimiter', '¦', '--format', 'csv', '--group-by', 'author']
  const { code, lines } = await call('import', file, ...given, '--validation', '0.25')
  expect(code).toBe(0)
  expect(lines[0]).toMatchObject({
    rows: { train: 30, validation: 10 },
    splitRule: 'validation 25 %, whole groups of "author", seed 42',
    source: { format: 'csv', encoding: 'Latin-1', delimiter: '¦' },
  })
  const missing = await call('import', file, ...given.slice(0, -1), 'writer')
  expect(missing.code).toBe(2)
  expect(missing.stderr).toMatch(/no column "writer"[^]*text, label, author/)
  expect((await call('import', file, '--format', 'xls')).stderr).toMatch(/--format cannot be xls[^]*parquet/)
})
