/** What the commands of `augment` are given. */
import { readFile } from 'node:fs/promises'
import { UserError } from '../shared/errors'

export async function readRecipe(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw noSuchFile(path)
  })
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new UserError('bad-input', 'The recipe is not JSON.', {
      where: { file: path },
      hint: cause instanceof Error ? cause.message : 'Check commas and quotes.',
      cause,
    })
  }
}

export function noSuchFile(file: string): UserError {
  return new UserError('not-found', 'There is no such file.', { where: { file } })
}
