/** How rows are split, as options of the data commands. */
import type { SplitRule } from '../shared/ipc/datasets'
import type { Arguments, OptionSpec } from './arguments'

export const SPLIT_OPTIONS: readonly OptionSpec[] = [
  { name: 'validation', value: 'SHARE', help: 'Share of rows for validation.' },
  { name: 'test', value: 'SHARE', help: 'Share of rows for the test split.' },
  { name: 'seed', value: 'N', help: 'Which rows go where; the default is 42.' },
  { name: 'stratify-by', value: 'COLUMN', help: 'Keep the shares of this column’s values in every split.' },
  { name: 'group-by', value: 'COLUMN', help: 'Rows with the same value stay in one split.' },
  { name: 'time-by', value: 'COLUMN', help: 'The latest rows are test, those before them validation.' },
]

/** null where nothing was asked for: the file's own split column, or the default rule. */
export function splitRule(args: Arguments): SplitRule | null {
  const share = { least: 0, most: 0.9 }
  const validation = args.number('validation', share)
  const test = args.number('test', share)
  const seed = args.number('seed', { least: 0, most: 2 ** 32 - 1, isWhole: true })
  const stratifyBy = args.text('stratify-by')
  const groupBy = args.text('group-by')
  const timeBy = args.text('time-by')
  const given = [validation, test, seed, stratifyBy, groupBy, timeBy]
  if (given.every((value) => value === undefined)) return null
  return {
    validation: validation ?? 0.1,
    test: test ?? 0,
    seed: seed ?? 42,
    stratifyBy: stratifyBy ?? null,
    ...(groupBy !== undefined && { groupBy }),
    ...(timeBy !== undefined && { timeBy }),
  }
}
