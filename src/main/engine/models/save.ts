/** The files of a Hugging Face folder: config.json with every field it came with, and the weights. */
import { invariant } from '../../../shared/errors'
import { writeAdapter } from '../checkpoint/adapterFolder'
import type { FolderWriter } from '../checkpoint/folderWriter'
import { writeSafetensors } from '../checkpoint/safetensors'
import type { Lora } from './lora'
import type { OpenModel } from './open'

/** A finished model: one trained with an adapter is merged, and the adapter lies beside it in `adapter/`. */
export async function writeModel(
  writer: FolderWriter,
  opened: OpenModel,
  values: (name: string) => Float32Array,
): Promise<void> {
  const { lora } = opened
  await writer.json('config.json', opened.config)
  const tensors = opened.model.parameters
    .filter(({ name }) => !lora?.isUpdate(name))
    .map(({ name, shape }) => ({
      name,
      shape,
      // Merged when it is asked for: never two copies of the model.
      get data() {
        return lora ? lora.merged(name, values) : values(name)
      },
    }))
  await writer.file('model.safetensors', (sink) => writeSafetensors(sink, tensors))
  if (lora) await writeAdapterFiles(writer, opened, lora, values, 'adapter')
}

/** The adapter and the config of the model it makes: opens with the base model in its own folder. */
export async function writeAdapterModel(
  writer: FolderWriter,
  opened: OpenModel,
  lora: Lora,
  values: (name: string) => Float32Array,
): Promise<void> {
  await writer.json('config.json', opened.config)
  await writeAdapterFiles(writer, opened, lora, values)
}

async function writeAdapterFiles(
  writer: FolderWriter,
  { model, objective, weightsDir }: OpenModel,
  lora: Lora,
  values: (name: string) => Float32Array,
  folder?: string,
): Promise<void> {
  invariant(weightsDir !== undefined, 'an adapter stands beside the weights of a folder')
  const tensors = model.parameters
    .filter(({ name }) => lora.isTrained(name))
    .map(({ name, shape }) => ({ name, shape, data: values(name) }))
  const contents = {
    settings: lora.saved,
    baseDir: weightsDir,
    taskType: TASK_TYPES[objective.task],
    tensors,
  }
  await writeAdapter(writer, contents, folder)
}

/** PEFT's names of the tasks. */
const TASK_TYPES = {
  'sequence-classification': 'SEQ_CLS',
  'token-classification': 'TOKEN_CLS',
  'masked-lm': null,
} as const
