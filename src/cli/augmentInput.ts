/** What the commands of `augment` are given: a recipe, and rows as a file, a dataset version or the sample. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SAMPLE_DATASET } from '../shared/domain/sampleRun'
import { UserError } from '../shared/errors'
import type { DatasetVersionId } from '../shared/ids'
import type { Services } from '../main/services/create'

/** The version of a file (imported where that was not done before), an id, or the name of the sample. */
export async function versionOfInput(
  { datasets }: Services,
  input: string,
  cwd: string,
): Promise<DatasetVersionId> {
  const path = resolve(cwd, input)
  if (existsSync(path)) return (await datasets.import({ kind: 'file', path }, null, null).finished).version.id
  if (input === SAMPLE_DATASET) return (await datasets.resolve({ sample: SAMPLE_DATASET })).version.id
  return datasets.find(input as DatasetVersionId).version.id
}

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
