/** Free space on the disk of a folder, and the sentence for too little of it. */
import { statfsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../shared/errors'
import { megabytes } from '../../shared/megabytes'

/** What a small run needs for checkpoints, tokens and logs, where nothing better is known. */
export const LEAST_FREE_BYTES = 200_000_000

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** @throws UserError `io` */
export function assertFree(folder: string, neededBytes: number, what: string): void {
  const free = freeBytes(folder)
  if (free >= neededBytes) return
  throw new UserError(
    'io',
    `${what} needs about ${megabytes(neededBytes)} of disk, ${megabytes(free)} are free.`,
    {
      where: { file: folder },
      hint: 'Free some space or delete old runs, then try again.',
    },
  )
}

/** Bytes of all files below a folder; 0 where it does not exist. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let total = 0
  for (const entry of entries)
    if (entry.isFile()) total += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0
  return total
}
