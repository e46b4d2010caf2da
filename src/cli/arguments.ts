/** Reading a command's arguments: long options with a value or without, the rest by position. Unknown ones are refused. */
import { UserError } from '../shared/errors'
import { nearestName } from '../shared/nearest'

export interface OptionSpec {
  name: string
  /** What stands for the value in the help; none for a switch. */
  value?: string
  /** May be given more than once. */
  isRepeated?: true
  help: string
}

export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { name: 'home', value: 'DIR', help: 'Data folder; the default is the platform’s user-data folder.' },
  { name: 'json', help: 'One JSON object a line on stdout, nothing else there.' },
  { name: 'help', help: 'Show help.' },
]

export class Arguments {
  constructor(
    readonly positionals: readonly string[],
    private readonly values: ReadonlyMap<string, readonly string[]>,
  ) {}

  has(name: string): boolean {
    return this.values.has(name)
  }

  text(name: string): string | undefined {
    return this.values.get(name)?.at(-1)
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? []
  }

  /** @throws UserError `bad-input` */
  required(name: string): string {
    const value = this.text(name)
    if (value !== undefined) return value
    throw new UserError('bad-input', `--${name} is missing.`, { where: { field: `--${name}` } })
  }

  /** @throws UserError `bad-input` where it is not a number in the range */
  number(name: string, range: { least: number; most: number; isWhole?: boolean }): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    const isGood = text.trim() !== '' && value >= range.least && value <= range.most
    if (isGood && (!range.isWhole || Number.isInteger(value))) return value
    const kind = range.isWhole ? 'a whole number' : 'a number'
    throw new UserError(
      'bad-input',
      `--${name} takes ${kind} from ${range.least} to ${range.most}, not ${text}.`,
    )
  }
}

/** @throws UserError `bad-input` for unknown options and missing values */
export function parseArguments(argv: readonly string[], options: readonly OptionSpec[]): Arguments {
  const known = [...options, ...GLOBAL_OPTIONS]
  const positionals: string[] = []
  const values = new Map<string, string[]>()
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!
    if (argument === '--') {
      positionals.push(...argv.slice(i + 1))
      break
    }
    if (!argument.startsWith('-') || argument === '-') {
      positionals.push(argument)
      continue
    }
    const [flag, inline] = splitAtEquals(argument === '-h' ? '--help' : argument)
    const option = known.find((candidate) => `--${candidate.name}` === flag)
    if (!option) throw unknownOption(flag, known)
    if (option.value === undefined && inline !== undefined)
      throw new UserError('bad-input', `${flag} takes no value.`)
    let value = inline ?? ''
    if (option.value !== undefined && inline === undefined) {
      const next = argv[++i]
      if (next === undefined || (next.startsWith('--') && next.length > 2))
        throw new UserError('bad-input', `${flag} needs a value: ${flag} ${option.value}.`)
      value = next
    }
    const former = values.get(option.name)
    if (former && !option.isRepeated) throw new UserError('bad-input', `${flag} is given twice.`)
    values.set(option.name, [...(former ?? []), value])
  }
  return new Arguments(positionals, values)
}

function splitAtEquals(argument: string): [flag: string, inline: string | undefined] {
  const at = argument.indexOf('=')
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)]
}

function unknownOption(flag: string, known: readonly OptionSpec[]): UserError {
  const near = nearestName(
    flag.replace(/^-+/, ''),
    known.map((option) => option.name),
  )
  return new UserError('bad-input', `Unknown option ${flag}.`, {
    hint: near ? `Did you mean --${near}?` : 'Add --help to see the options.',
  })
}
