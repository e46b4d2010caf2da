/** The files of a Hugging Face folder: config.json with every field it came with, and model.safetensors. */
import type { FolderWriter } from '../checkpoint/folderWriter'
import { writeSafetensors } from '../checkpoint/safetensors'
import type { OpenModel } from './open'

export async function writeModel(
  writer: FolderWriter,
  opened: Pick<OpenModel, 'config' | 'model'>,
  values: (name: string) => Float32Array,
): Promise<void> {
  await writer.json('config.json', opened.config)
  const tensors = opened.model.parameters.map(({ name, shape }) => ({ name, shape, data: values(name) }))
  await writer.file('model.safetensors', (sink) => writeSafetensors(sink, tensors))
}
