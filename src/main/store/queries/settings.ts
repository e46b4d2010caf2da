/** Settings: one JSON value a key. */
import { change, oneRow, type ReadableDB, type WritableDB } from '../handles'

export function readSetting(db: ReadableDB, key: string): unknown {
  const row = oneRow<{ value_json: string }>(db, 'SELECT value_json FROM settings WHERE key = $key', { key })
  return row === undefined ? undefined : (JSON.parse(row.value_json) as unknown)
}

export function writeSetting(db: WritableDB, key: string, value: unknown): void {
  change(
    db,
    `INSERT INTO settings (key, value_json) VALUES ($key, $value)
     ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json`,
    { key, value: JSON.stringify(value) },
  )
}
