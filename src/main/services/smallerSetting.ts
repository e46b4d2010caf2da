/** What to try where a run outgrew the machine's memory. */
import type { RunConfig } from '../../shared/domain/runConfig'

type Settings = Pick<RunConfig, 'model' | 'adapter' | 'trainable_layers' | 'max_length' | 'optim'>

/** The change that saves most, as a sentence. Batches are cut into pieces anyway: their size is not it. */
export function smallerSetting({ model, adapter, trainable_layers, max_length, optim }: Settings): string {
  const isPretrained = typeof model === 'string' || !('architecture' in model)
  if (isPretrained && adapter === null && trainable_layers === null)
    return 'Try trainable_layers 2 or an adapter: frozen weights take a quarter of the memory.'
  if (max_length > 64)
    return `Try max_length ${2 ** (Math.ceil(Math.log2(max_length)) - 1)}: attention takes the square of it.`
  if (optim !== 'adafactor') return 'Try optim adafactor: it keeps next to no state.'
  return 'Try a smaller model.'
}
