/** Errors of the file system in words: disk full, read-only, missing. */
import { UserError } from '../../../shared/errors'

const SENTENCES: Record<string, [message: string, hint: string]> = {
  ENOSPC: ['The disk is full.', 'Free some space, then try again.'],
  EDQUOT: ['The disk quota is used up.', 'Free some space, then try again.'],
  EROFS: ['The file system is read-only.', 'Choose another folder.'],
  EACCES: ['No permission.', 'Choose a folder you may write to.'],
  EPERM: ['No permission.', 'Choose a folder you may write to.'],
  ENOENT: ['There is no such file or folder.', 'Check the path.'],
  EIO: ['The disk reports an input/output error.', 'Check the disk before you go on.'],
  EISDIR: ['This is a folder, not a file.', 'Check the path.'],
  ENOTDIR: ['This is a file, not a folder.', 'Check the path.'],
}

/** The UserError for a failed file operation; errors that are not the file system's come back unchanged. */
export function ioError(error: unknown, file: string): Error {
  if (error instanceof UserError || !(error instanceof Error)) return error as Error
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error
  const [message, hint] = SENTENCES[code] ?? [
    `The file could not be read or written (${code}).`,
    'Try again.',
  ]
  return new UserError(code === 'ENOENT' ? 'not-found' : 'io', message, {
    where: { file },
    hint,
    cause: error,
  })
}
