/** The data folder: where it is, what lies in it, and how paths in the database relate to it. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UserError } from '../../shared/errors'

export interface Home {
  root: string
  database: string
  datasets: string
  runs: string
  bundles: string
  tokenizers: string
  /** Downloaded from the Hub. */
  models: string
  cache: string
  logs: string
}

const APP_NAME = 'Tunesmith'

/** TUNESMITH_HOME, or the platform's user-data folder: the same for the window and the command line. */
export function defaultHome(
  env: Record<string, string | undefined> = process.env,
  platform: string = process.platform,
): string {
  if (env.TUNESMITH_HOME) return resolve(env.TUNESMITH_HOME)
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', APP_NAME)
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), APP_NAME)
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), APP_NAME)
}

/** Makes the folders where they are missing. @throws UserError `io` */
export function openHome(root: string): Home {
  const at = (name: string) => join(root, name)
  const home = {
    root,
    database: at('tunesmith.db'),
    datasets: at('datasets'),
    runs: at('runs'),
    bundles: at('bundles'),
    tokenizers: at('tokenizers'),
    models: at('models'),
    cache: at('cache'),
    logs: at('logs'),
  }
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    const { datasets, runs, bundles, tokenizers, models, cache, logs } = home
    for (const folder of [datasets, runs, bundles, tokenizers, models, cache, logs])
      mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new UserError('io', 'The data folder cannot be written.', {
      where: { file: root },
      hint: 'Check its permissions and the free space, or choose another with --home or TUNESMITH_HOME.',
      cause: error,
    })
  }
  return home
}

/** A path as the database keeps it: relative with forward slashes inside the data folder, absolute outside. */
export function toStored(home: Home, path: string): string {
  if (!isAbsolute(path)) return path
  const inside = relative(home.root, path)
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/')
}

export function fromStored(home: Home, path: string): string {
  return isAbsolute(path) ? path : join(home.root, ...path.split('/'))
}
