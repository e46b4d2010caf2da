/** Which parameters of a run train, and how fast each learns. */
import type { TransferSettings } from '../../../shared/domain/transfer'
import { UserError } from '../../../shared/errors'
import type { OpenModel } from '../models/open'

/** @throws UserError `bad-config` for a layer or pattern that the model does not have, and where nothing is left to train. */
export function trainableTest(
  { model, lora }: Pick<OpenModel, 'model' | 'lora'>,
  { freeze, trainable_layers }: Pick<TransferSettings, 'freeze' | 'trainable_layers'>,
): (name: string) => boolean {
  if (lora) return (name) => lora.isTrained(name)
  const { encoder, parameters } = model
  if (trainable_layers !== null && trainable_layers > encoder.numLayers)
    throw new UserError('bad-config', `The model has ${encoder.numLayers} layers, not ${trainable_layers}.`, {
      where: { field: 'trainable_layers' },
      hint: 'Leave trainable_layers out to train all of it.',
    })
  const lowest = trainable_layers === null ? 0 : encoder.numLayers + 1 - trainable_layers
  const patterns = freeze.map((pattern) => ({ pattern, test: globTest(pattern) }))
  const idle = patterns.find(({ test }) => !parameters.some(({ name }) => test(name)))
  if (idle)
    throw new UserError('bad-config', `No parameter matches ${idle.pattern}.`, {
      where: { field: 'freeze' },
      hint: `Names are such as ${parameters[0]!.name} and ${parameters.at(-1)!.name}; * stands for any characters.`,
    })
  const trains = (name: string) => encoder.layerOf(name) >= lowest && !patterns.some(({ test }) => test(name))
  if (!parameters.some(({ name }) => trains(name)))
    throw new UserError('bad-config', 'Everything is frozen: there is nothing to train.', {
      where: { field: 'freeze' },
    })
  return trains
}

/** Factor on the learning rate: 1 for the head, `decay` for the top layer, `decay`² for the one below it, … */
export function layerwiseRate(
  { model: { encoder } }: Pick<OpenModel, 'model'>,
  { layerwise_lr_decay: decay }: Pick<TransferSettings, 'layerwise_lr_decay'>,
): (name: string) => number {
  return (name) => decay ** (encoder.numLayers + 1 - encoder.layerOf(name))
}

/** As Python's fnmatch: `*` is any characters, dots included, `?` one. */
function globTest(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  const expression = new RegExp(`^${source}$`)
  return (name) => expression.test(name)
}
