/** What a run is about: the rows and their columns, and the model it starts from. */
import type { ColumnProfile, ColumnRole } from '../../../shared/domain/dataset'
import { isHubName } from '../../../shared/domain/hub'
import { isRandom, type ColumnRoles, type ModelSource } from '../../../shared/domain/runConfig'
import { DEFAULT_STARTER } from '../../../shared/domain/starters'
import { ROLES_OF, type Task } from '../../../shared/domain/tasks'
import { encoderConfig, presetOf, type EncoderPreset } from './presets'

export type Columns = Record<ColumnRole, string | null>
export const NO_COLUMNS: Columns = { text: null, text_pair: null, label: null, tokens: null, tags: null }

export type StartingPoint =
  /** An encoder that comes with the studio. */
  | { kind: 'starter'; name: string }
  | { kind: 'random'; preset: EncoderPreset }
  /** A Hugging Face folder, a bundle, or the id of a run or checkpoint. */
  | { kind: 'folder'; path: string }
  /** A model of the Hub that was downloaded; none yet where the name is empty. */
  | { kind: 'hub'; name: string }
  /** A config of no preset's shape, as a cloned run may bring. */
  | { kind: 'custom'; architecture: string; config: Record<string, unknown> }

export const DEFAULT_START: StartingPoint = { kind: 'starter', name: DEFAULT_STARTER }

/** Those of the task: a column with another role is not used. */
export function suggestedColumns(columns: readonly ColumnProfile[], task: Task): Columns {
  const named = (role: ColumnRole): string | null =>
    columns.find((column) => column.suggestedRole === role)?.name ?? null
  return { ...NO_COLUMNS, ...Object.fromEntries(ROLES_OF[task].map((role) => [role, named(role)])) }
}

export function columnRoles(columns: Columns): ColumnRoles {
  return Object.fromEntries(Object.entries(columns).filter(([, name]) => name !== null))
}

/** A folder or download that was not chosen yet is no model. */
export function hasModel(start: StartingPoint): boolean {
  return start.kind === 'hub' ? start.name !== '' : start.kind !== 'folder' || start.path !== ''
}

export function modelSource(start: StartingPoint): ModelSource {
  switch (start.kind) {
    case 'starter':
      return { starter: start.name }
    case 'random':
      return { architecture: 'bert', config: encoderConfig(start.preset) }
    case 'folder':
      return start.path
    case 'hub':
      return start.name
    case 'custom':
      return { architecture: start.architecture, config: start.config }
  }
}

export function startingPoint(model: ModelSource): StartingPoint {
  if (typeof model === 'string')
    return isHubName(model) ? { kind: 'hub', name: model } : { kind: 'folder', path: model }
  if (!isRandom(model)) return { kind: 'starter', name: model.starter }
  const preset = model.architecture === 'bert' ? presetOf(model.config) : undefined
  return preset
    ? { kind: 'random', preset }
    : { kind: 'custom', architecture: model.architecture, config: model.config }
}
