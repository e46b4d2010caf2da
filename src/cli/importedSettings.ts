/** `--import-arguments`: Transformers arguments from a file, with a table of what each became. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ImportedArgument, importArguments } from '../shared/arguments/importArguments'
import { UserError } from '../shared/errors'
import type { CommandContext } from './command'
import { table } from './format'

/**
 * The settings the file asks for; output_dir is relative to its folder.
 * @throws UserError `not-found`, `bad-input`, and `unsupported` where an argument is refused
 */
export function importedSettings(
  { out, cwd }: Pick<CommandContext, 'out' | 'cwd'>,
  given: string | undefined,
): Record<string, unknown> {
  if (given === undefined) return {}
  const file = resolve(cwd, given)
  const { settings, report } = importArguments(read(file))
  out.json({ event: 'import', report })
  out.say(table(['argument', 'given', '', 'here'], report.map(row)))
  const refused = report.filter(({ outcome }) => outcome === 'refused')
  if (refused.length > 0)
    throw new UserError('unsupported', refused.map(({ name, note }) => `${name}: ${note}`).join(' '), {
      where: { file, field: refused[0]!.name },
      hint: 'Change or remove them in the file, then run the command again.',
    })
  const { output_dir: folder } = settings
  return {
    ...settings,
    ...(typeof folder === 'string' && { output_dir: resolve(dirname(file), folder) }),
  }
}

function row({ name, given, outcome, set, note }: ImportedArgument): string[] {
  const becomes = Object.entries(set)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}`)
    .join(', ')
  return [name, given, outcome, [becomes, note].filter(Boolean).join(' · ')]
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UserError('not-found', 'The arguments cannot be read.', { where: { file }, cause: error })
  }
}
