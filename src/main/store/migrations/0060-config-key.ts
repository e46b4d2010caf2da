/** What runs that differ in their seeds alone have in common. */
import type { Migration } from '../migrate'
import { configKey } from '../runParams'

export const configKeys: Migration = {
  version: 60,
  name: 'config-key',
  up(db) {
    db.exec('ALTER TABLE runs ADD COLUMN config_key TEXT')
    const runs = db.prepare('SELECT id, config_json FROM runs').all() as { id: string; config_json: string }[]
    const write = db.prepare('UPDATE runs SET config_key = ? WHERE id = ?')
    for (const run of runs) write.run(configKey(JSON.parse(run.config_json) as object), run.id)
  },
}
