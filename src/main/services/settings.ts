/** The user's settings; what is missing or no longer valid falls back to its default. */
import { Settings } from '../../shared/ipc/app'
import { inTransaction } from '../store/handles'
import { readSetting, writeSetting } from '../store/queries/settings'
import type { ServiceContext } from './context'

const DEFAULTS: Settings = { theme: 'system', onCloseWhileTraining: 'ask', hubEndpoint: null }

export type SettingsChanges = { [K in keyof Settings]?: Settings[K] | undefined }

export interface SettingsService {
  read(): Settings
  save(changes: SettingsChanges): Settings
}

export function settingsService(ctx: ServiceContext): SettingsService {
  function read(): Settings {
    const settings = { ...DEFAULTS }
    for (const key of Object.keys(DEFAULTS) as (keyof Settings)[]) {
      const stored = Settings.partial().safeParse({ [key]: readSetting(ctx.db, key) })
      if (stored.success) Object.assign(settings, stored.data[key] === undefined ? {} : stored.data)
    }
    return settings
  }
  return {
    read,
    save(changes) {
      inTransaction(ctx.db, () => {
        for (const [key, value] of Object.entries(changes))
          if (value !== undefined) writeSetting(ctx.db, key, value)
      })
      return read()
    },
  }
}
