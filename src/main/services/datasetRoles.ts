/** Which column plays which role, and whether a dataset suits a run: checked before a run exists. */
import type { ColumnProfile, DatasetVersion } from '../../shared/domain/dataset'
import type { ConfigProblem, RunConfig } from '../../shared/domain/runConfig'
import { crossFieldProblems } from '../../shared/domain/runConfigRules'
import { isNeeded, problemOf, problemTypeOf, ROLES_OF } from '../../shared/domain/tasks'
import { nearestName } from '../../shared/nearest'
import { completeRoles } from '../data/roles'
import type { StoredProfile } from '../store/queries/datasets'

/** More classes than this are most likely not classes. */
const MOST_CLASSES = 1_000

/** The config with the roles of its columns, and what its labels are, written out. */
export function completeSubject(config: RunConfig, columns: readonly ColumnProfile[]): RunConfig {
  const roles = completeRoles(config.columns, columns, config.task)
  if (config.task !== 'sequence-classification') return { ...config, columns: roles }
  const label = columns.find((column) => column.name === roles.label)
  // A number is a class as well as a value: only who asks for a regression gets one.
  const found = label?.type === 'list' ? problemTypeOf(label) : 'single_label_classification'
  return { ...config, columns: roles, problem_type: config.problem_type ?? found }
}

export function datasetProblems(
  config: RunConfig,
  version: DatasetVersion,
  profile: StoredProfile,
): ConfigProblem[] {
  const complete = completeSubject(config, profile.columns)
  const missing = columnProblems(complete, profile.columns)
  if (missing.length > 0) return missing
  return [
    ...crossFieldProblems(complete),
    ...labelProblems(complete, profile.columns),
    ...splitProblems(config, version),
  ]
}

function columnProblems(config: RunConfig, columns: readonly ColumnProfile[]): ConfigProblem[] {
  const names = columns.map((column) => column.name)
  const { columns: roles, task } = config
  const problems: ConfigProblem[] = []
  for (const role of ROLES_OF[task]) {
    const name = roles[role]
    if (name === undefined) {
      if (isNeeded(role))
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

function labelProblems(config: RunConfig, columns: readonly ColumnProfile[]): ConfigProblem[] {
  const named = (name: string | undefined) => columns.find((column) => column.name === name)
  const label = named(config.columns.label)
  switch (problemOf(config)) {
    case 'single-label':
      return label ? classProblems(label) : []
    case 'multi-label':
      return label ? severalProblems(label, config) : []
    case 'regression':
      return label ? numberProblems(label) : []
    case 'token-classification':
      return (['tokens', 'tags'] as const).flatMap((role) => listProblems(role, named(config.columns[role])))
    case 'masked-lm':
      return []
  }
}

function classProblems(label: ColumnProfile): ConfigProblem[] {
  if (label.type === 'list')
    return [
      problem('columns.label', `The column ${label.name} holds lists, not one class a row.`, {
        hint: 'Choose another column, or train on several labels a row.',
        fixes: [{ label: 'Several labels a row', set: { problem_type: 'multi_label_classification' } }],
      }),
    ]
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
        {
          hint: 'Choose the column that holds the class of each row.',
          ...(label.type === 'number' && {
            fixes: [{ label: 'Predict the number', set: { problem_type: 'regression' } }],
          }),
        },
      ),
    ]
  return []
}

function severalProblems(label: ColumnProfile, config: RunConfig): ConfigProblem[] {
  if (label.type === 'list' || config.label_delimiter !== null) return []
  return [
    problem('label_delimiter', `The column ${label.name} holds texts, not lists of labels.`, {
      hint: 'Set label_delimiter to what separates the labels of a row.',
      fixes: [';', ',', '|'].map((sign) => ({ label: `Split at ${sign}`, set: { label_delimiter: sign } })),
    }),
  ]
}

function numberProblems(label: ColumnProfile): ConfigProblem[] {
  const isNumber =
    label.type === 'number' ||
    (label.type === 'category' && label.values.every(({ value }) => Number.isFinite(Number(value))))
  if (isNumber) return []
  return [
    problem('columns.label', `The column ${label.name} does not hold numbers.`, {
      hint: 'Choose the column of the number to predict, or train on classes.',
      fixes: [{ label: 'One class a row', set: { problem_type: 'single_label_classification' } }],
    }),
  ]
}

function listProblems(role: 'tokens' | 'tags', column: ColumnProfile | undefined): ConfigProblem[] {
  if (!column || column.type === 'list') return []
  return [
    problem(`columns.${role}`, `The column ${column.name} holds no lists, so it cannot be the ${role}.`, {
      hint: 'Tagged tokens come as two lists of the same length a row (JSON lines), or as a CoNLL file.',
    }),
  ]
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
