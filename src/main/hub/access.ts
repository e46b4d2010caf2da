/** How the Hub is reached: where it is, who asks, and the one function every request goes through. */
import { DEFAULT_ENDPOINT } from '../../shared/domain/hub'
import { UserError } from '../../shared/errors'

type Env = Readonly<Record<string, string | undefined>>

export interface HubAccess {
  /** Without a slash at its end. */
  readonly endpoint: string
  /** Sent to the endpoint alone: a redirect to another host goes without it. */
  readonly token: string | undefined
  readonly fetch: typeof fetch
}

/**
 * `HF_ENDPOINT` before the setting before the Hub itself; the token from `HF_TOKEN` alone, so that no file of ours holds it.
 * @throws UserError `bad-config` for an address or token that cannot be one; `unsupported` under `HF_HUB_OFFLINE`.
 */
export function hubAccess(setting: string | null, env: Env = process.env): HubAccess {
  if (isOn(env['HF_HUB_OFFLINE']))
    throw new UserError('unsupported', 'HF_HUB_OFFLINE is set: nothing is asked of the Hub.', {
      hint: 'Use a model that is on this machine, or unset it.',
    })
  const endpoint = endpointOf(setting, env)
  return { endpoint, token: tokenFor(endpoint, env), fetch }
}

/** @throws UserError `bad-config` */
export function endpointOf(setting: string | null, env: Env = process.env): string {
  const fromEnv = env['HF_ENDPOINT']
  const given = fromEnv || setting || DEFAULT_ENDPOINT
  const url = URL.canParse(given) ? new URL(given) : null
  if (url && ['http:', 'https:'].includes(url.protocol)) return given.replace(/\/+$/, '')
  throw new UserError('bad-config', `${given} is no address of a Hub.`, {
    where: { field: fromEnv ? 'HF_ENDPOINT' : 'hubEndpoint' },
    hint: `It looks like ${DEFAULT_ENDPOINT}.`,
  })
}

function tokenFor(endpoint: string, env: Env): string | undefined {
  const token = env['HF_TOKEN']?.trim()
  if (!token) return undefined
  if (!token.startsWith('hf_'))
    throw new UserError('bad-config', 'HF_TOKEN is no token of the Hub.', {
      where: { field: 'HF_TOKEN' },
      hint: 'Tokens begin with hf_.',
    })
  const { protocol, hostname } = new URL(endpoint)
  const isPrivate = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return isPrivate ? token : undefined
}

function isOn(flag: string | undefined): boolean {
  return flag !== undefined && !['', '0', 'false', 'no', 'off'].includes(flag.toLowerCase())
}
