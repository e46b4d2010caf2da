/** A bundle's folder appears whole or not at all, and never takes the place of something that is not a bundle. */
import { randomBytes } from 'node:crypto'
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { UserError } from '../../../shared/errors'
import { ioError } from '../checkpoint/ioError'
import { checksumsOf, listFiles, SUMS_FILE } from './checksums'

export class BundleFolder {
  private constructor(
    readonly target: string,
    /** Where the files are until `commit`. */
    readonly draft: string,
  ) {}

  /** @throws UserError `conflict` where the target holds something else, `io` where nothing can be written. */
  static async create(outputDir: string): Promise<BundleFolder> {
    const target = resolve(outputDir)
    await refuseForeign(target)
    const draft = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.draft`)
    try {
      await mkdir(join(draft, 'onnx'), { recursive: true })
      await mkdir(join(draft, 'studio'))
    } catch (error) {
      throw ioError(error, target)
    }
    return new BundleFolder(target, draft)
  }

  path(name: string): string {
    return join(this.draft, name)
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    try {
      const handle = await open(this.path(name), 'w')
      try {
        await handle.writeFile(content)
        await handle.sync()
      } finally {
        await handle.close()
      }
    } catch (error) {
      throw ioError(error, join(this.target, name))
    }
  }

  async json(name: string, value: unknown): Promise<void> {
    await this.write(name, `${JSON.stringify(value, null, 2)}\n`)
  }

  async copy(name: string, from: string): Promise<void> {
    try {
      await copyFile(from, this.path(name))
      const handle = await open(this.path(name), 'r+')
      await handle.sync().finally(() => handle.close())
    } catch (error) {
      throw ioError(error, from)
    }
  }

  /** Writes the checksums and puts the folder in place, of an older bundle too. */
  async commit(): Promise<{ sizeBytes: number; sums: string }> {
    const sums = await checksumsOf(this.draft)
    await this.write(SUMS_FILE, sums)
    let sizeBytes = 0
    for (const name of await listFiles(this.draft)) sizeBytes += (await stat(this.path(name))).size
    const replaced = `${this.draft}.replaced`
    try {
      const isReplacing = await exists(this.target)
      if (isReplacing) await rename(this.target, replaced)
      try {
        await rename(this.draft, this.target)
      } catch (error) {
        if (isReplacing) await rename(replaced, this.target)
        throw error
      }
      if (isReplacing) await rm(replaced, { recursive: true })
    } catch (error) {
      throw ioError(error, this.target)
    }
    return { sizeBytes, sums }
  }

  async discard(): Promise<void> {
    await rm(this.draft, { recursive: true, force: true })
  }
}

async function refuseForeign(target: string): Promise<void> {
  const found = await stat(target).catch(() => null)
  if (!found) return
  const refuse = (message: string) =>
    new UserError('conflict', message, {
      where: { file: target },
      hint: 'Choose a new or empty folder, or one that holds an older bundle.',
    })
  if (!found.isDirectory()) throw refuse('There is a file of that name.')
  const entries = await readdir(target)
  if (entries.length > 0 && !(await exists(join(target, SUMS_FILE))))
    throw refuse('The folder holds files that are not a bundle; they would be lost.')
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
