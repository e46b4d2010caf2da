/** DATA on a command line: a file, a dataset version or the sample. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { SAMPLE_DATASET } from '../shared/domain/sampleRun'
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
