import { describe, expect, it } from 'vitest'
import {
  settingsOf,
  shownModules,
  transferSettings,
  typedModules,
  WHAT_TRAINS,
  whatTrains,
} from '../../../src/renderer/src/form/whatTrains'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'

const RUN = { task: 'sequence-classification', model: 'folder', dataset: { train: 'rows.csv' } }

describe('what trains', () => {
  it.each(WHAT_TRAINS.map((choice) => [choice]))('%s is read back from its own settings', (choice) => {
    const settings = settingsOf(choice)
    expect(whatTrains(transferSettings(settings))).toBe(choice)
    expect(whatTrains(parseRunConfig({ ...RUN, ...settings }))).toBe(choice)
  })

  it('undoes what would contradict a choice made before', () => {
    const before = { ...settingsOf('head'), cache_features: true, freeze: ['*'] }
    expect(() => parseRunConfig({ ...RUN, ...before, ...settingsOf('lora') })).not.toThrow()
    expect(parseRunConfig({ ...RUN, ...before, ...settingsOf('last') }).cache_features).toBe(false)
  })

  it.each([
    ['', null],
    [' query , value ', ['query', 'value']],
    ['query', ['query']],
    ['all-linear', 'all-linear'],
    ['.*\\.(query|key)', '.*\\.(query|key)'],
  ])('modules typed as %j', (text, modules) => {
    expect(typedModules(text)).toEqual(modules)
    expect(typedModules(shownModules(modules))).toEqual(modules)
  })
})
