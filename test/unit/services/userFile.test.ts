import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFile, writeFiles, writeInParts } from '../../../src/main/services/userFile'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A folder of the file's name stands where it should go: everything succeeds but the last move. */
function blocked(name: string): string {
  mkdirSync(join(folder, name))
  return join(folder, name)
}

describe('a file of the user', () => {
  it('replaces the one before in one move', async () => {
    const file = join(folder, 'a.txt')
    writeFileSync(file, 'before')
    writeFile(file, 'after')
    expect(readFileSync(file, 'utf8')).toBe('after')
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`)
    await writeInParts(file, async (add) => {
      for (const line of lines) await add(line)
      expect(readFileSync(file, 'utf8')).toBe('after')
    })
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''))
    expect(readdirSync(folder)).toEqual(['a.txt'])
  })

  it('says where it cannot be written, and leaves nothing', async () => {
    const io = (file: string) => expect.objectContaining({ code: 'io', where: { file } }) as unknown
    const file = blocked('taken')
    expect(() => writeFile(file, 'text')).toThrow(io(file))
    await expect(writeInParts(file, (add) => add('text'))).rejects.toEqual(io(file))
    const nowhere = join(folder, 'missing', 'a.txt')
    expect(() => writeFile(nowhere, 'text')).toThrow(io(nowhere))
    await expect(writeInParts(nowhere, (add) => add('text'))).rejects.toEqual(io(nowhere))
    writeFileSync(join(folder, 'file'), '')
    const inFile = join(folder, 'file', 'deep')
    expect(() => writeFiles(inFile, new Map())).toThrow(io(inFile))
    expect(readdirSync(folder)).toEqual(['file', 'taken'])
  })

  it('is not there where its making fails', async () => {
    const failing = writeInParts(join(folder, 'a.txt'), async (add) => {
      await add('half')
      throw new Error('what makes it failed')
    })
    await expect(failing).rejects.toThrow('what makes it failed')
    expect(readdirSync(folder)).toEqual([])
  })
})
