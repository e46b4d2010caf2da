/** `optim_args` as Transformers writes them, `key=value` pairs with commas between, and what each optimizer takes. */
import { UserError } from './errors'

interface OptimArgs {
  optim_args: string | null
}

export interface SgdArgs {
  momentum: number
  dampening: number
  nesterov: boolean
}

/** @throws UserError `bad-config` for a key or value that sgd does not take. */
export function sgdArgs(settings: OptimArgs): SgdArgs {
  const pairs = pairsOf(settings, ['momentum', 'dampening', 'nesterov'])
  const momentum = numberOf(pairs, 'momentum', (x) => x >= 0 && x < 1)
  const dampening = numberOf(pairs, 'dampening', (x) => x >= 0 && x <= 1)
  const nesterov = flagOf(pairs, 'nesterov')
  if (nesterov && (momentum === 0 || dampening !== 0))
    throw refused('Nesterov momentum needs a momentum and no dampening.', 'As in momentum=0.9,nesterov=true.')
  return { momentum, dampening, nesterov }
}

/** @throws UserError `bad-config` where the optimizer does not take them. */
export function checkOptimArgs({ optim, ...settings }: OptimArgs & { optim: string }): void {
  if (optim === 'sgd') sgdArgs(settings)
  else pairsOf(settings, [])
}

function pairsOf({ optim_args: given }: OptimArgs, known: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const pair of (given ?? '').replaceAll(' ', '').split(',')) {
    if (pair === '') continue
    const [key, value, ...rest] = pair.split('=')
    if (!key || !value || rest.length > 0)
      throw refused(`optim_args takes key=value, not ${pair}.`, 'As in momentum=0.9,nesterov=true.')
    if (!known.includes(key))
      throw refused(
        `This optimizer takes no ${key} in optim_args.`,
        known.length > 0 ? `It takes ${known.join(', ')}.` : 'It takes none: leave optim_args empty.',
      )
    pairs.set(key, value)
  }
  return pairs
}

/** 0 where it is not given. */
function numberOf(
  pairs: ReadonlyMap<string, string>,
  key: string,
  isValid: (value: number) => boolean,
): number {
  const text = pairs.get(key) ?? '0'
  const value = Number(text)
  if (!Number.isFinite(value) || !isValid(value)) throw refused(`optim_args: ${key} cannot be ${text}.`)
  return value
}

/** true, 1 and yes are true, as in Transformers; false, 0 and no are not. */
function flagOf(pairs: ReadonlyMap<string, string>, key: string): boolean {
  const text = pairs.get(key)?.toLowerCase() ?? 'false'
  if (['true', '1', 'yes'].includes(text)) return true
  if (['false', '0', 'no'].includes(text)) return false
  throw refused(`optim_args: ${key} is true or false, not ${text}.`)
}

function refused(message: string, hint?: string): UserError {
  return new UserError('bad-config', message, { where: { field: 'optim_args' }, ...(hint && { hint }) })
}
