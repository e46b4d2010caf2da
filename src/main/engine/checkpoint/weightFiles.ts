/** The tensors of a Hugging Face folder: of model.safetensors, or of the shards that its index names. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { ioError } from './ioError'
import { withSafetensors } from './safetensors'
import type { TensorEntry } from './safetensorsHeader'

const WEIGHTS_FILE = 'model.safetensors'
const INDEX_FILE = 'model.safetensors.index.json'

/** Names without a path: nothing outside the folder is read. */
const Index = z.looseObject({ weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+\.safetensors$/)) })

export interface StoredTensor extends TensorEntry {
  file: string
}

/**
 * Headers only, by name.
 * @throws UserError `corrupt` where a file is damaged or the index lies; `unsupported` where there is only a pickle.
 */
export async function listTensors(folder: string): Promise<Map<string, StoredTensor>> {
  const single = join(folder, WEIGHTS_FILE)
  if (await isFile(single)) return tensorsOf([single])
  const index = join(folder, INDEX_FILE)
  if (await isFile(index)) return indexedTensors(folder, index)
  const pickle = (await readdir(folder)).find((name) => /\.(bin|pt|pth|ckpt|pkl)$/.test(name))
  if (pickle !== undefined)
    throw new UserError('unsupported', `${pickle} is a pickle file: loading one can run any program.`, {
      where: { file: join(folder, pickle) },
      hint: 'Save the model as model.safetensors (save_pretrained does by default).',
    })
  throw new UserError('not-found', 'There is no model.safetensors in this folder.', {
    where: { file: single },
  })
}

async function indexedTensors(folder: string, index: string): Promise<Map<string, StoredTensor>> {
  const lie = (claim: string) =>
    new UserError('corrupt', `The index of the shards is not sound: ${claim}.`, {
      where: { file: index },
      hint: 'Download or export the model again.',
    })
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(index, 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw ioError(error, index)
    throw lie('it is not JSON')
  }
  const checked = Index.safeParse(parsed)
  if (!checked.success) throw lie('its weight_map is missing or names files elsewhere')
  const placed = Object.entries(checked.data.weight_map)
  if (placed.length === 0) throw lie('it names no tensor')
  const files = [...new Set(placed.map(([, file]) => join(folder, file)))]
  const tensors = await tensorsOf(files, lie)
  for (const [name, file] of placed)
    if (tensors.get(name)?.file !== join(folder, file)) throw lie(`${name} is not in ${file}`)
  const unnamed = [...tensors.keys()].find((name) => !Object.hasOwn(checked.data.weight_map, name))
  if (unnamed !== undefined) throw lie(`it does not name ${unnamed}, which a shard holds`)
  return tensors
}

async function tensorsOf(
  files: readonly string[],
  lie?: (claim: string) => UserError,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>()
  for (const file of files)
    await withSafetensors(file, (reader) => {
      for (const entry of reader.tensors.values()) {
        if (lie && tensors.has(entry.name)) throw lie(`${entry.name} is in two shards`)
        tensors.set(entry.name, { ...entry, file })
      }
      return Promise.resolve()
    })
  return tensors
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
