import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTokenCache, tokenCacheFile, writeTokenCache } from '../../../src/main/worker/run/tokenCache'

const rows = {
  ids: Int32Array.of(2, 7, 3, 2, 3),
  offsets: Int32Array.of(0, 3, 5),
  typeIds: Int32Array.of(0, 0, 1, 0, 1),
  words: null,
  truncatedRows: 1,
}
const key = {
  dataSha256: 'd',
  tokenizerSha256: 't',
  split: 'train',
  columns: ['text', undefined, 'label'],
  maxLength: 16,
  byWord: false,
}

describe('token cache', () => {
  let folder = ''
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'tokens-'))))
  afterAll(() => rm(folder, { recursive: true }))

  it('gives back what was written, and leaves no drafts', async () => {
    for (const [name, value] of [
      ['pairs', rows],
      ['single', { ...rows, typeIds: null }],
      ['words', { ...rows, words: Int32Array.of(-1, 0, 1, -1, -1) }],
      ['words alone', { ...rows, typeIds: null, words: Int32Array.of(-1, 0, 1, -1, -1) }],
    ] as const) {
      const file = join(folder, name, 'a.tokens')
      await writeTokenCache(file, value)
      expect(await readTokenCache(file)).toEqual(value)
      expect(await readdir(join(folder, name))).toEqual(['a.tokens'])
    }
  })

  it('takes a damaged, short or missing file for absent', async () => {
    const file = join(folder, 'b.tokens')
    await writeTokenCache(file, rows)
    const bytes = await readFile(file)
    bytes[bytes.length - 1]! ^= 1
    await writeFile(file, bytes)
    expect(await readTokenCache(file)).toBeNull()
    await writeFile(file, bytes.subarray(0, 20))
    expect(await readTokenCache(file)).toBeNull()
    expect(await readTokenCache(join(folder, 'none'))).toBeNull()
  })

  it('has another file for every part of the key', () => {
    const others = [
      { dataSha256: 'e' },
      { tokenizerSha256: 'u' },
      { split: 'test' },
      { columns: ['text', 'b', 'label'] },
      { maxLength: 17 },
      { byWord: true },
    ]
    const files = [key, ...others.map((other) => ({ ...key, ...other }))].map((k) =>
      tokenCacheFile(folder, k),
    )
    expect(new Set(files).size).toBe(7)
    expect(tokenCacheFile(folder, { ...key })).toBe(files[0])
  })
})
