import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  checkFiles,
  checksumsOf,
  isSafeName,
  parseChecksums,
  SUMS_FILE,
} from '../../../src/main/engine/bundle/checksums'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('SHA256SUMS', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sums-'))
    await mkdir(join(folder, 'studio'))
    await writeFile(join(folder, 'config.json'), '{}')
    await writeFile(join(folder, 'studio', 'run.json'), '')
    await writeFile(join(folder, SUMS_FILE), await checksumsOf(folder))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('lists every file but itself, as sha256sum does', async () => {
    const text = await checksumsOf(folder)
    expect(text.split('\n')).toHaveLength(3)
    expect(text).toContain(`${EMPTY}  studio/run.json\n`)
  })

  it('finds nothing wrong with what was written', async () => {
    const { files, problems } = await checkFiles(folder)
    expect(problems).toEqual([])
    expect(files.map(({ name, sha256Ok }) => [name, sha256Ok])).toEqual([
      ['config.json', true],
      ['studio/run.json', true],
    ])
  })

  it('names altered, added and missing files', async () => {
    await writeFile(join(folder, 'config.json'), '{ }')
    await writeFile(join(folder, 'extra.bin'), 'x')
    await rm(join(folder, 'studio', 'run.json'))
    const { problems } = await checkFiles(folder)
    expect(problems).toHaveLength(3)
    expect(problems.join(' ')).toMatch(
      /config\.json was altered.*extra\.bin is not listed.*run\.json is missing/,
    )
  })

  it('refuses links', async () => {
    await symlink('/etc/hostname', join(folder, 'vocab.txt'))
    await expect(checkFiles(folder)).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('says that a folder without sums is no bundle', async () => {
    await rm(join(folder, SUMS_FILE))
    await expect(checkFiles(folder)).rejects.toMatchObject({ code: 'bad-input' })
  })

  it.each([
    '../a',
    '/etc/passwd',
    'a/../b',
    'C:\\a',
    'a\\b',
    'a//b',
    './a',
    'aux.txt',
    'a.',
    ' ',
    'a\u0000b',
  ])('refuses the name %j', (name) => {
    expect(isSafeName(name)).toBe(false)
    expect(() => parseChecksums(`${EMPTY}  ${name}\n`, 'f')).toThrow()
  })

  it('refuses lines that are no checksums and names listed twice', () => {
    expect(() => parseChecksums('abc  config.json\n', 'f')).toThrow(/not a checksum/)
    expect(() => parseChecksums(`${EMPTY}  a\n${EMPTY}  a\n`, 'f')).toThrow(/twice/)
    expect(parseChecksums(`${EMPTY} *onnx/model.onnx\r\n`, 'f').get('onnx/model.onnx')).toBe(EMPTY)
  })
})
