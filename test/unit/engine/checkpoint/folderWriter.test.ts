import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyFolder, writeFolder } from '../../../../src/main/engine/checkpoint/folderWriter'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'folder-'))
})
afterEach(() => rm(parent, { recursive: true }))

describe('a folder', () => {
  it('appears whole, with a manifest that verifies, and counts its bytes', async () => {
    const target = join(parent, 'checkpoint-1')
    const size = await writeFolder(target, async (writer) => {
      await writer.bytes('a.txt', 'one')
      await writer.json('deep/b.json', { two: 2 })
      await writer.copy('c.txt', new URL(import.meta.url).pathname)
      expect(await readdir(parent)).not.toContain('checkpoint-1')
    })
    expect(await readdir(parent)).toEqual(['checkpoint-1'])
    const manifest = await verifyFolder(target)
    expect(Object.keys(manifest.files)).toEqual(['a.txt', 'deep/b.json', 'c.txt'])
    const manifestBytes = (await readFile(join(target, 'manifest.json'))).byteLength
    expect(size).toBe(Object.values(manifest.files).reduce((n, f) => n + f.sizeBytes, manifestBytes))
  })

  it('replaces one of its name in one move', async () => {
    const target = join(parent, 'model')
    await writeFolder(target, (writer) => writer.bytes('old.txt', 'old'))
    await writeFolder(target, (writer) => writer.bytes('new.txt', 'new'))
    expect((await readdir(target)).sort()).toEqual(['manifest.json', 'new.txt'])
    expect(await readdir(parent)).toEqual(['model'])
  })

  it('leaves nothing, and what was there before, where writing fails', async () => {
    const target = join(parent, 'model')
    await writeFolder(target, (writer) => writer.bytes('old.txt', 'old'))
    const failing = writeFolder(target, async (writer) => {
      await writer.bytes('new.txt', 'new')
      await writer.copy('x', join(parent, 'missing'))
    })
    await expect(failing).rejects.toMatchObject({
      code: 'not-found',
      where: { file: join(parent, 'missing') },
    })
    expect(await readdir(parent)).toEqual(['model'])
    expect(await readFile(join(target, 'old.txt'), 'utf8')).toBe('old')
  })

  it('says in words why it cannot be written', async () => {
    await writeFile(join(parent, 'file'), '')
    const failing = writeFolder(join(parent, 'file', 'model'), () => Promise.resolve())
    await expect(failing).rejects.toMatchObject({ code: 'io', message: /file, not a folder/ })
  })

  it('is refused where a byte changed, a file is gone or the manifest is missing', async () => {
    const target = join(parent, 'model')
    const write = () => writeFolder(target, (writer) => writer.bytes('a.txt', 'abc'))
    await write()
    await writeFile(join(target, 'a.txt'), 'abd')
    await expect(verifyFolder(target)).rejects.toMatchObject({
      code: 'corrupt',
      where: { file: join(target, 'a.txt') },
    })
    await rm(join(target, 'a.txt'))
    await expect(verifyFolder(target)).rejects.toMatchObject({ code: 'not-found' })
    await mkdir(join(parent, 'unfinished'))
    await expect(verifyFolder(join(parent, 'unfinished'))).rejects.toMatchObject({ code: 'corrupt' })
  })
})
