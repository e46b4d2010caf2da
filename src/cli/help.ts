/** Help texts, made from the commands themselves. */
import { GLOBAL_OPTIONS, type OptionSpec } from './arguments'
import type { Command } from './command'

export function overview(commands: readonly Command[]): string {
  const rows = commands.map((command): [string, string] => [
    [...command.path, ...command.positionals].join(' '),
    command.summary,
  ])
  return [
    'Usage: tunesmith COMMAND [OPTIONS]',
    '',
    ...columns(rows),
    '',
    'Options of every command:',
    ...columns(GLOBAL_OPTIONS.map(optionRow)),
    '',
    'Exit codes: 0 done, 1 failed, 2 bad usage or input, 130 cancelled.',
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const options = [...command.options, ...GLOBAL_OPTIONS].map(optionRow)
  return [
    `Usage: tunesmith ${[...command.path, ...command.positionals].join(' ')} [OPTIONS]`,
    '',
    command.summary,
    '',
    ...columns(options),
  ].join('\n')
}

function optionRow(option: OptionSpec): [string, string] {
  return [`--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help]
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)
}
