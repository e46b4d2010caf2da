/** SHA256SUMS of a bundle: the format of coreutils' `sha256sum`, paths with forward slashes, nothing outside the folder. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../../shared/errors'

export const SUMS_FILE = 'studio/SHA256SUMS'

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** Regular files below a folder, relative, sorted. @throws UserError `corrupt` at links and special files. */
export async function listFiles(folder: string, below = ''): Promise<string[]> {
  const names: string[] = []
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const name = below ? `${below}/${entry.name}` : entry.name
    if (entry.isDirectory()) names.push(...(await listFiles(folder, name)))
    else if (entry.isFile()) names.push(name)
    else
      throw new UserError(
        'corrupt',
        `${name} is a link or a special file; a bundle holds plain files only.`,
        {
          where: { file: join(folder, name) },
        },
      )
  }
  return below ? names : names.sort()
}

/** Text of SHA256SUMS for all files but itself. */
export async function checksumsOf(folder: string): Promise<string> {
  const names = (await listFiles(folder)).filter((name) => name !== SUMS_FILE)
  const lines: string[] = []
  for (const name of names) lines.push(`${await sha256OfFile(join(folder, name))}  ${name}\n`)
  return lines.join('')
}

/** @throws UserError `corrupt` where a line is not a checksum or names a file outside the bundle. */
export function parseChecksums(text: string, file: string): Map<string, string> {
  const sums = new Map<string, string>()
  text.split('\n').forEach((line, i) => {
    if (line === '') return
    const [, sum, name] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line.replace(/\r$/, '')) ?? []
    const refuse = (why: string) =>
      new UserError('corrupt', `SHA256SUMS: ${why}.`, { where: { file, row: i + 1 } })
    if (!sum || !name) throw refuse('this line is not a checksum and a file name')
    if (!isSafeName(name)) throw refuse(`${JSON.stringify(name)} is not a path inside the bundle`)
    if (sums.has(name)) throw refuse(`${name} is listed twice`)
    sums.set(name, sum)
  })
  return sums
}

/** A relative path with forward slashes that stays inside its folder on every system. */
export function isSafeName(name: string): boolean {
  return name.split('/').every((part) => {
    if (part === '' || part === '.' || part === '..') return false
    return (
      !/[\\:\0-\x1f]/.test(part) && !/[. ]$/.test(part) && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part)
    )
  })
}

export interface FileCheck {
  name: string
  sizeBytes: number
  sha256Ok: boolean
}

/** Every file against SHA256SUMS: altered, missing and unlisted files are named in words. */
export async function checkFiles(folder: string): Promise<{ files: FileCheck[]; problems: string[] }> {
  const present = (await listFiles(folder)).filter((name) => name !== SUMS_FILE)
  const sumsFile = join(folder, SUMS_FILE)
  const text = await readFile(sumsFile, 'utf8').catch(() => null)
  if (text === null)
    throw new UserError('bad-input', 'This folder is not a bundle: it has no studio/SHA256SUMS.', {
      where: { file: folder },
      hint: 'Choose a folder that was exported by Tunesmith.',
    })
  const sums = parseChecksums(text, sumsFile)
  const files: FileCheck[] = []
  const problems: string[] = []
  for (const name of present) {
    const { size } = await lstat(join(folder, name))
    const expected = sums.get(name)
    const sha256Ok = expected === (await sha256OfFile(join(folder, name)))
    files.push({ name, sizeBytes: size, sha256Ok })
    if (!expected) problems.push(`${name} is not listed in SHA256SUMS: it was added after the export.`)
    else if (!sha256Ok) problems.push(`${name} was altered after the export: its checksum differs.`)
  }
  for (const name of sums.keys()) if (!present.includes(name)) problems.push(`${name} is missing.`)
  return { files, problems }
}
