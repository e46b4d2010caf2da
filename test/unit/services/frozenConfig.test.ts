import { describe, expect, it } from 'vitest'
import { frozenConfig } from '../../../src/main/services/frozenConfig'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'
import { trainerScript } from '../../../src/shared/script/trainerScript'

describe('the config of a run from before an argument existed', () => {
  const config = parseRunConfig({
    task: 'sequence-classification',
    model: { architecture: 'bert' },
    dataset: { sample: 'semantic-fields' },
    learning_rate: 3e-4,
  })
  const { mixup_alpha: isLater, ...before } = config

  it('has its default, and keeps what it was started with', () => {
    expect(isLater).toBeNull()
    expect(frozenConfig({ config_json: JSON.stringify(before) })).toEqual(config)
  })

  it('still makes a script', () => {
    const old = frozenConfig({ config_json: JSON.stringify(before) })
    expect(trainerScript({ config: old, name: 'old', files: 'f' })).toContain('learning_rate=0.0003')
  })
})
