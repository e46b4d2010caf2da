/** Which column plays which role, and whether a dataset suits a run: checked before a run exists. */
import type { ColumnProfile, DatasetVersion } from '../../shared/domain/dataset'
import type { ColumnRoles, ConfigProblem, RunConfig } from '../../shared/domain/runConfig'
import { nearestName } from '../../shared/nearest'
import type { StoredProfile } from '../store/queries/datasets'

const ROLES = ['text', 'text_pair', 'label'] as const
/** More classes than this are most likely not classes. */
const MOST_CLASSES = 1_000

/** The roles that were given, completed by those a first look suggests. A pair is suggested only where nothing was given. */
export function completeRoles(given: ColumnRoles, columns: readonly ColumnProfile[]): ColumnRoles {
  const suggested = (role: (typeof ROLES)[number]) =>
    columns.find((column) => column.suggestedRole === role)?.name
  const isBlank = Object.keys(given).length === 0
  const roles: ColumnRoles = { ...given }
  for (const role of ROLES) {
    if (roles[role] !== undefined || (role === 'text_pair' && !isBlank)) continue
    const name = suggested(role)
    if (name !== undefined && !Object.values(roles).includes(name)) roles[role] = name
  }
  return roles
}

export function datasetProblems(
  config: RunConfig,
  version: DatasetVersion,
  profile: StoredProfile,
): ConfigProblem[] {
  const roles = completeRoles(config.columns, profile.columns)
  return [
    ...columnProblems(roles, profile.columns),
    ...labelProblems(roles, profile.columns),
    ...splitProblems(config, version),
  ]
}

function columnProblems(roles: ColumnRoles, columns: readonly ColumnProfile[]): ConfigProblem[] {
  const names = columns.map((column) => column.name)
  const problems: ConfigProblem[] = []
  for (const role of ROLES) {
    const name = roles[role]
    if (name === undefined) {
      if (role !== 'text_pair')
        problems.push(
          problem(`columns.${role}`, `No column was found for ${role}.`, {
            hint: `Set columns.${role} to one of: ${names.join(', ')}.`,
          }),
        )
    } else if (!names.includes(name)) {
      const near = nearestName(name, names)
      problems.push(
        problem(`columns.${role}`, `The dataset has no column ${name}; it has ${names.join(', ')}.`, {
          ...(near !== undefined && {
            hint: `Did you mean ${near}?`,
            fixes: [{ label: `Use ${near}`, set: { columns: { ...roles, [role]: near } } }],
          }),
        }),
      )
    }
  }
  return problems
}

function labelProblems(roles: ColumnRoles, columns: readonly ColumnProfile[]): ConfigProblem[] {
  const label = columns.find((column) => column.name === roles.label)
  if (!label) return []
  if (label.distinct < 2)
    return [
      problem('columns.label', `The column ${label.name} has only one class: there is nothing to learn.`, {
        hint: 'Choose another column, or import data with at least two classes.',
      }),
    ]
  if (label.distinct > MOST_CLASSES)
    return [
      problem(
        'columns.label',
        `The column ${label.name} has ${label.distinct} different values: these are not classes.`,
        { hint: 'Choose the column that holds the class of each row.' },
      ),
    ]
  return []
}

function splitProblems(config: RunConfig, version: DatasetVersion): ConfigProblem[] {
  if (version.rows.train === 0)
    return [
      problem('dataset', 'The dataset has no training rows.', { hint: 'Import it with another split.' }),
    ]
  if (config.eval_strategy !== 'no' && version.rows.validation === 0)
    return [
      problem('eval_strategy', 'The dataset has no validation rows to evaluate on.', {
        hint: 'Import it with a validation split, or set eval_strategy to no.',
        fixes: [
          {
            label: 'Train without evaluating',
            set: {
              eval_strategy: 'no',
              load_best_model_at_end: false,
              early_stopping_patience: null,
              ...(config.save_strategy === 'best' && { save_strategy: 'epoch' }),
            },
          },
        ],
      }),
    ]
  return []
}

function problem(field: string, message: string, more: Pick<ConfigProblem, 'hint' | 'fixes'>): ConfigProblem {
  return { code: 'bad-input', message, where: { field }, ...more }
}
