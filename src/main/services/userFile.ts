/** Files written where the user said: whole or not at all, and what cannot be written is said, with the place. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../shared/errors'

const WRITTEN_AT_ONCE = 65_536

/** @param files texts by name @throws UserError `io` */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  makeFolder(folder)
  for (const [name, text] of files) writeFile(join(folder, name), text)
}

/** @throws UserError `io` */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw cannotWrite(folder, error)
  }
}

/** @throws UserError `io` */
export function writeFile(file: string, content: string | Uint8Array): void {
  const draft = draftOf(file)
  try {
    writeFileSync(draft, content)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw cannotWrite(file, error)
  }
}

/** A file made text by text; whatever `fill` throws leaves none. @throws UserError `io` */
export async function writeInParts(
  file: string,
  fill: (add: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const draft = draftOf(file)
  const worded = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw cannotWrite(file, error)
    })
  const handle = await worded(open(draft, 'w'))
  let waiting = ''
  async function add(text: string): Promise<void> {
    waiting += text
    if (waiting.length >= WRITTEN_AT_ONCE) await flush()
  }
  async function flush(): Promise<void> {
    await worded(handle.appendFile(waiting))
    waiting = ''
  }
  try {
    await fill(add)
      .then(flush)
      .finally(() => handle.close())
    await worded(rename(draft, file))
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function draftOf(file: string): string {
  return `${file}.${process.pid}.draft`
}

function cannotWrite(file: string, cause: unknown): UserError {
  return new UserError('io', 'The file cannot be written.', {
    where: { file },
    hint: 'Choose a folder that you may write to, on a disk with room.',
    cause,
  })
}
