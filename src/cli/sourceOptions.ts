/** How a file is read, as options of the data commands; what is not given is found out. */
import { ENCODINGS, SOURCE_FORMATS, SourceSettings } from '../shared/domain/sourceFormats'
import { UserError } from '../shared/errors'
import type { Arguments, OptionSpec } from './arguments'

export const SOURCE_OPTIONS: readonly OptionSpec[] = [
  { name: 'format', value: 'FORMAT', help: `One of ${Object.keys(SOURCE_FORMATS).join(', ')}.` },
  { name: 'encoding', value: 'NAME', help: `One of ${Object.keys(ENCODINGS).join(', ')}.` },
  { name: 'delimiter', value: 'SIGN', help: 'What separates fields; \\t for a tab.' },
]

/** @throws UserError('bad-input') for a name that is none */
export function sourceSettings(args: Arguments): SourceSettings {
  const delimiter = args.text('delimiter')
  const given = {
    format: args.text('format'),
    encoding: args.text('encoding'),
    delimiter: delimiter === '\\t' ? '\t' : delimiter,
  }
  const settings = SourceSettings.safeParse(given)
  if (settings.success) return settings.data
  const field = String(settings.error.issues[0]!.path[0])
  throw new UserError('bad-input', `--${field} cannot be ${args.text(field)}.`, {
    where: { field: `--${field}` },
    hint: SOURCE_OPTIONS.find(({ name }) => name === field)!.help,
  })
}
