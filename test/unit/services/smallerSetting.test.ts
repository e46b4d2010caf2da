import { expect, it } from 'vitest'
import { smallerSetting } from '../../../src/main/services/smallerSetting'
import { parseRunConfig, RUN_CONFIG_KEYS } from '../../../src/shared/domain/runConfig'

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
  const sentence = smallerSetting(config)
  expect(sentence).toContain(advice)
  // What it says to try can be set, as it is written, and leads to the next advice.
  const named = /^Try (\w+) (\w+)[ :]/.exec(sentence)
  const [, name, value] = named ?? []
  if (name === undefined || !RUN_CONFIG_KEYS.includes(name)) return
  const smaller = parseRunConfig({ ...config, [name]: Number(value) || value })
  expect(smaller[name as 'optim']).toEqual(Number(value) || value)
  expect(smallerSetting(smaller)).not.toBe(sentence)
})
