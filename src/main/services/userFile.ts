/** Files written where the user said: what cannot be written is said, with the place. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../shared/errors'

/** @param files texts by name @throws UserError `io` */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw cannotWrite(folder, error)
  }
  for (const [name, text] of files) writeFile(join(folder, name), text)
}

/** @throws UserError `io` */
export function writeFile(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw cannotWrite(file, error)
  }
}

function cannotWrite(file: string, cause: unknown): UserError {
  return new UserError('io', 'The file cannot be written.', {
    where: { file },
    hint: 'Choose a folder that you may write to, on a disk with room.',
    cause,
  })
}
