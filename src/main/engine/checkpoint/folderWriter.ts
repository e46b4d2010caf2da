/**
 * A folder that appears whole or not at all (Pillai et al., OSDI 2014): files are written and synced under a
 * temporary name, the manifest with their SHA-256 last, then the folder is renamed and its parent synced.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { ioError } from './ioError'

export const MANIFEST_FILE = 'manifest.json'

const Manifest = z.object({
  version: z.literal(1),
  files: z.record(z.string(), z.object({ sizeBytes: z.int().min(0), sha256: z.string() })),
})
export type Manifest = z.infer<typeof Manifest>

/** Where the bytes of one file go; they are hashed on the way. */
export interface FileSink {
  write(bytes: Uint8Array): Promise<void>
}

export class FolderWriter {
  readonly #target: string
  readonly #temporary: string
  readonly #files: Manifest['files'] = {}

  private constructor(target: string, temporary: string) {
    this.#target = target
    this.#temporary = temporary
  }

  /** @throws UserError `io` where the folder cannot be made. */
  static async create(target: string): Promise<FolderWriter> {
    const temporary = temporaryName(target)
    try {
      await mkdir(temporary, { recursive: true })
    } catch (error) {
      throw ioError(error, target)
    }
    return new FolderWriter(target, temporary)
  }

  async file(name: string, produce: (sink: FileSink) => Promise<void>): Promise<void> {
    const path = join(this.#temporary, name)
    const hash = createHash('sha256')
    let sizeBytes = 0
    let handle: FileHandle | undefined
    try {
      await mkdir(dirname(path), { recursive: true })
      handle = await open(path, 'wx')
      const opened = handle
      await produce({
        async write(bytes) {
          hash.update(bytes)
          sizeBytes += bytes.byteLength
          await opened.writeFile(bytes)
        },
      })
      await handle.sync()
    } catch (error) {
      throw ioError(error, join(this.#target, name))
    } finally {
      await handle?.close()
    }
    this.#files[name] = { sizeBytes, sha256: hash.digest('hex') }
  }

  async bytes(name: string, content: Uint8Array | string): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    await this.file(name, (sink) => sink.write(bytes))
  }

  async json(name: string, value: unknown): Promise<void> {
    await this.bytes(name, `${JSON.stringify(value, null, 2)}\n`)
  }

  async copy(name: string, from: string): Promise<void> {
    let content: Uint8Array
    try {
      content = await readFile(from)
    } catch (error) {
      throw ioError(error, from)
    }
    await this.bytes(name, content)
  }

  /** Puts the folder in place, replacing one of that name. Returns its size. */
  async commit(): Promise<number> {
    const manifest: Manifest = { version: 1, files: this.#files }
    const files = { ...this.#files }
    await this.json(MANIFEST_FILE, manifest)
    const sizeBytes = Object.values({ ...files, ...this.#files }).reduce((sum, f) => sum + f.sizeBytes, 0)
    const replaced = `${this.#temporary}.replaced`
    try {
      await syncFolder(this.#temporary)
      const isReplacing = await exists(this.#target)
      if (isReplacing) await rename(this.#target, replaced)
      try {
        await rename(this.#temporary, this.#target)
      } catch (error) {
        if (isReplacing) await rename(replaced, this.#target)
        throw error
      }
      await syncFolder(dirname(this.#target))
      if (isReplacing) await rm(replaced, { recursive: true, force: true })
    } catch (error) {
      throw ioError(error, this.#target)
    }
    return sizeBytes
  }

  /** Removes what was written so far. */
  async discard(): Promise<void> {
    await rm(this.#temporary, { recursive: true, force: true })
  }
}

/** Writes a folder through `fill`; nothing is left of it where `fill` or the commit fails. Returns its size. */
export async function writeFolder(
  target: string,
  fill: (writer: FolderWriter) => Promise<void>,
): Promise<number> {
  const writer = await FolderWriter.create(target)
  try {
    await fill(writer)
    return await writer.commit()
  } catch (error) {
    await writer.discard()
    throw error
  }
}

/** Takes the folder away at once, then its files: what is left of it half-way has a temporary name. */
export async function removeFolder(target: string): Promise<void> {
  const removed = temporaryName(target)
  try {
    await rename(target, removed)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw ioError(error, target)
  }
  await rm(removed, { recursive: true, force: true })
}

/**
 * Clears up after interrupted writes of folders whose names begin with `prefix`. A folder that was about to be replaced
 * gets its place back where its successor did not come to take it.
 */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  const names = await readdir(folder).catch(() => [] as string[])
  for (const name of names) {
    const [, target, replaced] = /^\.(.+)\.[0-9a-f]{12}\.partial(\.replaced)?$/.exec(name) ?? []
    if (!target?.startsWith(prefix)) continue
    if (replaced && !names.includes(target)) await rename(join(folder, name), join(folder, target))
    else await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Checks every file of a folder against its manifest. @throws UserError `corrupt` naming the file that differs. */
export async function verifyFolder(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder)
  for (const [name, { sizeBytes, sha256 }] of Object.entries(manifest.files)) {
    const file = join(folder, name)
    let content: Uint8Array
    try {
      content = await readFile(file)
    } catch (error) {
      throw ioError(error, file)
    }
    const isIntact =
      content.byteLength === sizeBytes && createHash('sha256').update(content).digest('hex') === sha256
    if (!isIntact)
      throw new UserError('corrupt', 'The file is not what was written: its checksum differs.', {
        where: { file },
        hint: 'Use an earlier checkpoint.',
      })
  }
  return manifest
}

/** @throws UserError `corrupt` where the manifest is missing or unreadable: the folder was never finished. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST_FILE)
  try {
    return Manifest.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    throw new UserError('corrupt', 'This folder has no readable manifest: it was not written to its end.', {
      where: { file },
      hint: 'Use an earlier checkpoint.',
      cause: error,
    })
  }
}

function temporaryName(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.partial`)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Windows cannot sync a folder and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
