import { describe, expect, it } from 'vitest'
import { configKey } from '../../../src/main/store/runParams'

describe('the key of a config', () => {
  const config = { learning_rate: 1e-3, seed: 42, run_name: 'a', columns: { text: 'text' } }

  it('is equal for runs that differ in seed and name alone, whatever the order', () => {
    const other = { columns: { text: 'text' }, run_name: 'b', seed: 43, learning_rate: 1e-3 }
    expect(configKey(other)).toBe(configKey(config))
  })

  it('differs with any setting, nested ones too', () => {
    expect(configKey({ ...config, learning_rate: 1e-4 })).not.toBe(configKey(config))
    expect(configKey({ ...config, columns: { text: 'body' } })).not.toBe(configKey(config))
  })
})
