/**
 * run.json for a command: paths in it are relative to its own folder (or to the current one, where only that exists),
 * paths given with --set to the current one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { UserError } from '../shared/errors'

type Raw = Record<string, unknown>

/** @throws UserError `not-found`, `bad-config` */
export function readRunConfig(file: string, cwd: string): Raw {
  const path = resolve(cwd, file)
  return mapPaths(readObject(path, 'run config'), (given) => firstExisting(given, [dirname(path), cwd]))
}

/** study.json; the paths in its `run` as in run.json. @throws UserError `not-found`, `bad-config` */
export function readStudyConfig(file: string, cwd: string): Raw {
  const path = resolve(cwd, file)
  const raw = readObject(path, 'study config')
  const { run } = raw
  if (typeof run !== 'object' || run === null || Array.isArray(run)) return raw
  return { ...raw, run: mapPaths(run as Raw, (given) => firstExisting(given, [dirname(path), cwd])) }
}

function readObject(path: string, what: string): Raw {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UserError('not-found', `The ${what} cannot be read.`, {
      where: { file: path },
      cause: error,
    })
  }
  let raw: unknown
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UserError('bad-config', `The ${what} is not valid JSON: ${(error as Error).message}.`, {
      where: { file: path },
      cause: error,
    })
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new UserError('bad-config', `The ${what} is not a JSON object.`, { where: { file: path } })
  return raw as Raw
}

/** Applies `key=value` pairs; a key may reach inside (`model.config.hidden_size`), a value is JSON or else a text. */
export function applySettings(config: Raw, settings: readonly string[], cwd: string): Raw {
  const changed = structuredClone(config)
  for (const setting of settings) {
    const at = setting.indexOf('=')
    if (at < 1)
      throw new UserError('bad-input', `--set takes key=value, not ${setting}.`, {
        hint: 'As in --set learning_rate=3e-5',
      })
    const keys = setting.slice(0, at).split('.')
    const value = valueOf(setting.slice(at + 1))
    let place = changed
    for (const key of keys.slice(0, -1)) {
      const inside = place[key]
      const next = typeof inside === 'object' && inside !== null && !Array.isArray(inside) ? inside : {}
      place[key] = next
      place = next as Raw
    }
    place[keys.at(-1)!] = value
  }
  const touched = new Set(settings.map((setting) => setting.split(/[.=]/)[0]!))
  const given = Object.fromEntries(Object.entries(changed).filter(([key]) => touched.has(key)))
  return { ...changed, ...mapPaths(given, (path) => firstExisting(path, [cwd])) }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function mapPaths(raw: Raw, map: (path: string) => string): Raw {
  const mapped = { ...raw }
  for (const key of ['model', 'tokenizer', 'output_dir'])
    if (typeof raw[key] === 'string') mapped[key] = key === 'model' ? modelPath(raw[key], map) : map(raw[key])
  const { dataset } = raw
  if (typeof dataset === 'object' && dataset !== null && 'train' in dataset)
    mapped.dataset = Object.fromEntries(
      Object.entries(dataset).map(([split, file]) => [split, typeof file === 'string' ? map(file) : file]),
    )
  return mapped
}

/** A model may also be a run's id or number: what is no folder stays as it is. */
function modelPath(given: string, map: (path: string) => string): string {
  const path = map(given)
  return existsSync(path) ? path : given
}

function firstExisting(given: string, folders: readonly string[]): string {
  if (isAbsolute(given)) return given
  const candidates = folders.map((folder) => resolve(folder, given))
  return candidates.find((candidate) => existsSync(candidate)) ?? candidates[0]!
}
