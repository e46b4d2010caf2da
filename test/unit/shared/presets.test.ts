import { describe, expect, it } from 'vitest'
import { CLASSIC_EXAMPLE } from '../../../src/shared/arguments/classicExample'
import { importArguments } from '../../../src/shared/arguments/importArguments'
import { presetArguments, presetNamed, RUN_PRESETS } from '../../../src/shared/domain/presets'
import { parseRunConfig } from '../../../src/shared/domain/runConfig'

describe('presets', () => {
  it('names every argument of the classic example', () => {
    const { output_dir: folder, ...named } = importArguments(CLASSIC_EXAMPLE).settings
    expect(folder).toBe('./results')
    expect(presetArguments(presetNamed('classic'))).toEqual(named)
  })

  it.each(RUN_PRESETS.map((preset) => [preset.id, preset] as const))(
    '%s is a run, given data',
    (_, preset) => {
      const config = parseRunConfig({ dataset: { sample: 'semantic-fields' }, ...preset.settings })
      expect(config).toMatchObject(preset.settings)
    },
  )

  it('refuses an unknown one with the nearest name', () => {
    expect(() => presetNamed('clasic')).toThrow(expect.objectContaining({ hint: 'Did you mean classic?' }))
  })
})
