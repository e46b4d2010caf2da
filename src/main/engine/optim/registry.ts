/** All optimizers by their Transformers name (`optim`). */
import { UserError } from '../../../shared/errors'
import { adafactor } from './adafactor'
import { adam, adamW, adamWFused } from './adam'
import { lion } from './lion'
import type { OptimizerDefinition } from './optimizer'
import { sgd } from './sgd'

export const OPTIMIZERS: ReadonlyMap<string, OptimizerDefinition> = new Map(
  [adamW, adamWFused, adam, sgd, adafactor, lion].map((definition) => [definition.id, definition]),
)

/** @throws UserError `bad-config` where there is no optimizer of that name. */
export function optimizerNamed(id: string): OptimizerDefinition {
  const definition = OPTIMIZERS.get(id)
  if (!definition)
    throw new UserError('bad-config', `There is no optimizer ${id}.`, {
      where: { field: 'optim' },
      hint: `Known: ${[...OPTIMIZERS.keys()].join(', ')}.`,
    })
  return definition
}
