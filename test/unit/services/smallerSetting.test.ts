import { expect, it } from 'vitest'
import { smallerSetting } from '../../../src/main/services/smallerSetting'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'

const random = { architecture: 'bert', config: {} }

it.each([
  [{ model: 'folder' }, 'trainable_layers 2'],
  [{ model: 'folder', trainable_layers: 2, max_length: 200 }, 'max_length 128'],
  [{ model: random, max_length: 128 }, 'max_length 64'],
  [{ model: random, max_length: 64 }, 'adafactor'],
  [{ model: random, max_length: 32, optim: 'adafactor' }, 'smaller model'],
])('%j: try %s', (settings, advice) => {
  const config = parseRunConfig({
    task: 'sequence-classification',
    dataset: { train: 'rows.csv' },
    ...settings,
  })
  expect(smallerSetting(config)).toContain(advice)
})
