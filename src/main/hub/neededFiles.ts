/** Which files of a repository training needs: config, weights in safetensors, tokenizer. Nothing else is downloaded. */
import type { HubFile } from '../../shared/domain/hub'
import { UserError } from '../../shared/errors'

const CONFIG = 'config.json'
const WEIGHTS = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'
const SHARD = /^model-\d{5}-of-\d{5}\.safetensors$/
const PICKLE = /\.(bin|pt|pth|ckpt|pkl|h5|msgpack)$/
const TOKENIZER = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
]

/**
 * The small ones first: what is wrong with them is known before the weights come.
 * @throws UserError `unsupported` where the weights are a pickle, `not-found` where there are none
 */
export function neededFiles(name: string, files: readonly HubFile[]): HubFile[] {
  const at = new Map(files.map((file) => [file.path, file]))
  const refuse = (code: 'unsupported' | 'not-found', message: string, hint: string) =>
    new UserError(code, message, { where: { file: name }, hint })
  const config = at.get(CONFIG)
  if (!config)
    throw refuse(
      'not-found',
      'This repository holds no model: config.json is missing.',
      'Choose another model.',
    )
  const single = at.get(WEIGHTS)
  const shards = files.filter(({ path }) => SHARD.test(path))
  const index = at.get(INDEX)
  const weights = single ? [single] : index && shards.length > 0 ? [index, ...shards] : []
  if (weights.length === 0) {
    const pickle = files.find(({ path }) => PICKLE.test(path))
    if (pickle)
      throw refuse(
        'unsupported',
        `Its weights are ${pickle.path}, a pickle file, which can run code when it is opened; ${WEIGHTS} is missing.`,
        'Choose a model with safetensors, or a revision of this one that has them (refs/pr/… of its conversion).',
      )
    throw refuse(
      'not-found',
      `This repository holds no weights: ${WEIGHTS} is missing.`,
      'Choose another model.',
    )
  }
  const tokenizer = TOKENIZER.flatMap((path) => at.get(path) ?? [])
  return [config, ...tokenizer, ...weights]
}
