/** Room on the disk, asked for before it is needed: a write that would fail half-way is not begun. */
import { mkdir, statfs } from 'node:fs/promises'
import { UserError } from '../../../shared/errors'
import { megabytes } from '../../../shared/megabytes'
import { ioError } from './ioError'

/** For what lies beside the tensors, and for the database. */
const MARGIN_BYTES = 20_000_000

/** Makes the folder where it is missing. @throws UserError `io` where so many bytes do not fit beside a margin. */
export async function assertRoom(folder: string, bytes: number, what: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    const { bavail, bsize } = await statfs(folder)
    const [free, needed] = [bavail * bsize, bytes + MARGIN_BYTES]
    if (free >= needed) return
    throw new UserError('io', `${what} needs ${megabytes(needed)} of disk, ${megabytes(free)} are free.`, {
      where: { file: folder },
      hint: 'Free some space or delete old runs.',
    })
  } catch (error) {
    throw ioError(error, folder)
  }
}
