/** PEFT's adapter folders: adapter_config.json and adapter_model.safetensors, names as PEFT 0.21 writes them. */
import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { LoraSettings } from '../../../shared/domain/transfer'
import { UserError } from '../../../shared/errors'
import type { FolderWriter } from './folderWriter'
import { ioError } from './ioError'
import { type NamedTensor, withSafetensors, writeSafetensors } from './safetensors'

export const ADAPTER_CONFIG_FILE = 'adapter_config.json'
const ADAPTER_WEIGHTS_FILE = 'adapter_model.safetensors'
/** What PEFT puts before the names of the model it wraps. */
const PREFIX = 'base_model.model.'

const nothing = z.union([z.null(), z.literal(false), z.array(z.never()), z.record(z.string(), z.never())])

/** Fields that change what the weights mean; others say how they were first drawn. */
const AdapterConfig = z.looseObject({
  peft_type: z.literal('LORA'),
  base_model_name_or_path: z.string().min(1),
  r: LoraSettings.shape.r,
  lora_alpha: LoraSettings.shape.lora_alpha,
  lora_dropout: LoraSettings.shape.lora_dropout,
  use_rslora: LoraSettings.shape.use_rslora,
  target_modules: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  modules_to_save: z.union([z.null(), z.array(z.string())]).default(null),
  bias: z.literal('none').default('none'),
  use_dora: nothing.optional(),
  fan_in_fan_out: nothing.optional(),
  lora_bias: nothing.optional(),
  rank_pattern: nothing.optional(),
  alpha_pattern: nothing.optional(),
  layers_to_transform: nothing.optional(),
  exclude_modules: nothing.optional(),
  target_parameters: nothing.optional(),
  trainable_token_indices: nothing.optional(),
  layer_replication: nothing.optional(),
})

export interface AdapterFolder {
  readonly settings: LoraSettings
  /** Folder of the model that the adapter stands beside. */
  readonly baseDir: string
  /** The model's own config.json, where one lies beside the adapter. */
  readonly hasModelConfig: boolean
  /** Reads tensors by the names of the model's parameters. @throws UserError where one is missing or does not fit. */
  read(
    specs: readonly { name: string; shape: readonly number[] }[],
    into: (name: string) => Float32Array,
  ): Promise<void>
}

/** `undefined` where the folder holds no adapter. @throws UserError naming the field that is not supported. */
export async function readAdapterFolder(folder: string): Promise<AdapterFolder | undefined> {
  const file = join(folder, ADAPTER_CONFIG_FILE)
  if (!(await exists(file))) return undefined
  const config = await readConfig(file)
  const { r, lora_alpha, lora_dropout, use_rslora, target_modules, modules_to_save } = config
  const weights = join(folder, ADAPTER_WEIGHTS_FILE)
  return {
    settings: {
      type: 'lora',
      r,
      lora_alpha,
      lora_dropout,
      use_rslora,
      target_modules,
      modules_to_save: modules_to_save ?? [],
    },
    baseDir: await baseFolder(folder, config.base_model_name_or_path),
    hasModelConfig: await exists(join(folder, 'config.json')),
    read: (specs, into) =>
      withSafetensors(weights, async (reader) => {
        for (const { name, shape } of specs) {
          const stored = reader.tensors.get(PREFIX + name)
          if (stored?.shape.join() !== shape.join())
            throw new UserError(
              'bad-input',
              stored
                ? `${name} is [${stored.shape.join(',')}] in the adapter and [${shape.join(',')}] in the model.`
                : `The adapter holds no ${name}.`,
              {
                where: { file: weights },
                hint: 'The adapter was made for another model, or for other labels than config.json names.',
              },
            )
          await reader.readFloat32(PREFIX + name, into(name))
        }
      }),
  }
}

export interface AdapterContents {
  settings: LoraSettings
  baseDir: string
  taskType: 'SEQ_CLS' | 'TOKEN_CLS' | null
  /** Under the names of the model's parameters. */
  tensors: readonly NamedTensor[]
}

/** Writes the adapter into `folder` of the writer (the top where it is empty). */
export async function writeAdapter(
  writer: FolderWriter,
  { settings, baseDir, taskType, tensors }: AdapterContents,
  folder = '',
): Promise<void> {
  const { r, lora_alpha, lora_dropout, use_rslora, target_modules, modules_to_save } = settings
  await writer.json(join(folder, ADAPTER_CONFIG_FILE), {
    peft_type: 'LORA',
    task_type: taskType,
    base_model_name_or_path: baseDir,
    revision: null,
    r,
    lora_alpha,
    lora_dropout,
    target_modules,
    modules_to_save,
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    use_rslora,
    use_dora: false,
    inference_mode: true,
  })
  const named = tensors.map((tensor) => ({ ...tensor, name: PREFIX + tensor.name }))
  await writer.file(join(folder, ADAPTER_WEIGHTS_FILE), (sink) => writeSafetensors(sink, named))
}

async function readConfig(file: string): Promise<z.output<typeof AdapterConfig>> {
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw ioError(error, file)
    throw new UserError('corrupt', `${ADAPTER_CONFIG_FILE} is not JSON.`, { where: { file } })
  }
  const checked = AdapterConfig.safeParse(parsed)
  if (checked.success) return checked.data
  const field = checked.error.issues[0]!.path.map(String).join('.')
  const value = JSON.stringify((parsed as Record<string, unknown> | null)?.[field])
  throw new UserError('unsupported', `This adapter cannot be read: ${field} is ${value}.`, {
    where: { file, field },
    hint: 'Plain LoRA adapters of PEFT are supported, one rank for all layers, without biases.',
  })
}

/** The base as the adapter names it: a path, or one relative to the adapter's folder. */
async function baseFolder(folder: string, name: string): Promise<string> {
  const dir = isAbsolute(name) ? name : resolve(folder, name)
  if (await exists(join(dir, 'config.json'))) return dir
  throw new UserError('not-found', `The adapter's base model is not here: ${name}.`, {
    where: { file: join(folder, ADAPTER_CONFIG_FILE), field: 'base_model_name_or_path' },
    hint: 'Put the base model into a folder and name that folder there.',
  })
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
