/** All architectures by model_type, and the config of one checked. */
import { UserError } from '../../../shared/errors'
import { nearestName } from '../../../shared/nearest'
import type { Architecture } from './architecture'
import { albert } from './albert'
import { bagOfEmbeddings } from './bagOfEmbeddings'
import { bert } from './bert'
import { distilbert } from './distilbert'
import { electra } from './electra'
import { roberta } from './roberta'
import { textCnn } from './textCnn'

export const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map(
  [bert, distilbert, roberta, electra, albert, textCnn, bagOfEmbeddings].map((definition) => [
    definition.id,
    definition,
  ]),
)

/** @throws UserError `unsupported` naming those that are built. */
export function architectureNamed(id: unknown, file?: string): Architecture {
  const definition = typeof id === 'string' ? ARCHITECTURES.get(id) : undefined
  if (!definition)
    throw new UserError('unsupported', `The architecture ${JSON.stringify(id)} is not built.`, {
      where: { field: 'model_type', ...(file !== undefined && { file }) },
      hint: `Known: ${[...ARCHITECTURES.keys()].join(', ')}.`,
    })
  return definition
}

/** Fields of config.json that every architecture of Transformers has and that change nothing here. */
const COMMON_FIELDS = ['problem_type', 'num_labels', 'id2label', 'label2id']

/** Defaults filled in. @throws UserError `bad-config` naming the field. */
export function checkModelConfig(architecture: Architecture, raw: Record<string, unknown>): unknown {
  const parsed = architecture.config.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const field = issue.path.map(String).join('.')
  throw new UserError('bad-config', `${field} of the model: ${issue.message}.`, { where: { field } })
}

/** The config with fields changed. @throws UserError `bad-config` for a field that the architecture does not have. */
export function overrideConfig(
  architecture: Architecture,
  raw: Record<string, unknown>,
  overrides: Record<string, unknown>,
): Record<string, unknown> {
  const known = [
    ...Object.keys(checkModelConfig(architecture, {}) as object),
    ...Object.keys(raw),
    ...COMMON_FIELDS,
  ]
  for (const field of Object.keys(overrides)) {
    if (known.includes(field)) continue
    const near = nearestName(field, known)
    throw new UserError('bad-config', `A ${architecture.id} model has no field ${field}.`, {
      where: { field: `config_overrides.${field}` },
      ...(near !== undefined && { hint: `Did you mean ${near}?` }),
    })
  }
  return { ...raw, ...overrides }
}
