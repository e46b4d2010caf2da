// Where things of the set-up lie. Whatever is not in the clone goes to one cache folder of the user's.
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const modules = join(root, 'node_modules')
export const out = join(root, 'out')

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'tunesmith')
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'tunesmith', 'Cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'tunesmith')
  return join(homedir(), '.cache', 'tunesmith')
}
