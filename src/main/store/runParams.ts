/** A run's config as rows: one setting a name, nested ones joined by dots. */
import { createHash } from 'node:crypto'
import { settingsKey } from '../../shared/domain/comparison'
import { change, type WritableDB } from './handles'

type Scalar = string | number

/** `{model: {architecture: 'bert'}, freeze: ['a']}` → `model.architecture` 'bert', `freeze` '["a"]'. Nulls are left out. */
export function flatParams(config: unknown, prefix = ''): [name: string, value: Scalar][] {
  if (typeof config !== 'object' || config === null) return []
  return Object.entries(config).flatMap(([key, value]: [string, unknown]): [string, Scalar][] => {
    const name = prefix + key
    if (value === null || value === undefined) return []
    if (typeof value === 'number' || typeof value === 'string') return [[name, value]]
    if (typeof value === 'boolean') return [[name, String(value)]]
    return Array.isArray(value) ? [[name, JSON.stringify(value)]] : flatParams(value, `${name}.`)
  })
}

/** Equal for runs whose settings are, seeds and names aside. */
export function configKey(config: object): string {
  return createHash('sha256').update(settingsKey(config)).digest('hex').slice(0, 12)
}

export function writeRunParams(db: WritableDB, run: string, config: unknown): void {
  for (const [name, value] of flatParams(config))
    change(db, 'INSERT INTO run_params (name, run_id, value) VALUES ($name, $run, $value)', {
      name,
      run,
      value,
    })
}
