import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applySettings, readRunConfig } from '../../../src/cli/runConfigFile'

let root: string
const at = (...names: string[]) => join(root, ...names)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tunesmith-'))
  mkdirSync(at('project'))
  mkdirSync(at('here'))
  writeFileSync(at('project', 'train.csv'), '')
  writeFileSync(at('here', 'validation.csv'), '')
})
afterEach(() => rmSync(root, { recursive: true }))

describe('paths in run.json', () => {
  it('are relative to its folder, or to the current one where only that has the file', () => {
    const config = {
      dataset: { train: 'train.csv', validation: 'validation.csv', test: 'absent.csv' },
      model: '12',
      tokenizer: '/absolute',
      output_dir: 'out',
    }
    writeFileSync(at('project', 'run.json'), `\uFEFF${JSON.stringify(config)}`)
    expect(readRunConfig('../project/run.json', at('here'))).toEqual({
      dataset: {
        train: at('project', 'train.csv'),
        validation: at('here', 'validation.csv'),
        test: at('project', 'absent.csv'),
      },
      model: '12',
      tokenizer: '/absolute',
      output_dir: at('project', 'out'),
    })
  })

  it('leave samples, versions and architectures alone', () => {
    const config = { dataset: { sample: 'semantic-fields' }, model: { architecture: 'bert', config: {} } }
    writeFileSync(at('run.json'), JSON.stringify(config))
    expect(readRunConfig('run.json', root)).toEqual(config)
  })

  it.each(['[1]', '"a"', '{"a":', ''])('refuse %s', (text) => {
    writeFileSync(at('run.json'), text)
    expect(() => readRunConfig('run.json', root)).toThrow(/run config is not/)
  })
})

describe('--set', () => {
  it('changes values, reaches inside, and reads JSON or text', () => {
    const config = { model: { architecture: 'bert', config: { hidden_size: 128 } }, seed: 1 }
    const settings = [
      'seed=7',
      'model.config.hidden_size=64',
      'config_overrides.hidden_dropout_prob=0',
      'run_name=my run',
      'class_weights=balanced',
      'eval_steps=null',
    ]
    expect(applySettings(config, settings, root)).toEqual({
      model: { architecture: 'bert', config: { hidden_size: 64 } },
      seed: 7,
      config_overrides: { hidden_dropout_prob: 0 },
      run_name: 'my run',
      class_weights: 'balanced',
      eval_steps: null,
    })
    expect(config.model.config.hidden_size).toBe(128)
  })

  it('takes paths from the current folder', () => {
    expect(applySettings({}, ['output_dir=out'], at('here'))).toEqual({ output_dir: at('here', 'out') })
  })

  it('refuses what is not key=value', () => {
    expect(() => applySettings({}, ['seed'], root)).toThrow(/key=value/)
  })
})
