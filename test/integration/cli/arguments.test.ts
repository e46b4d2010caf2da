/** Settings that come from elsewhere: Transformers arguments, presets, the learning-rate range test. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { CLASSIC_EXAMPLE } from '../../../src/shared/arguments/classicExample'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { ONE_LAYER_BERT } from '../../helpers/oneLayerBert'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

let home: string
let config: string

beforeEach(() => {
  home = temporaryFolder()
  mkdirSync(join(home, 'project'))
  config = join(home, 'project', 'run.json')
  const rows = Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 'a fine day,good' : 'a dull day,bad'))
  writeFileSync(join(home, 'project', 'rows.csv'), `text,label\n${rows.join('\n')}\n`)
  writeFileSync(
    config,
    JSON.stringify({
      task: 'sequence-classification',
      model: { architecture: 'bert', config: ONE_LAYER_BERT },
      dataset: { train: 'rows.csv', validation: 'rows.csv' },
      vocab_size: 120,
    }),
  )
})

/** The config of the run that is there, as the history has it. */
async function configOf(run: string): Promise<Record<string, unknown>> {
  const { lines } = await tunesmith(['runs', 'show', run, '--json'], { home })
  return lines[0]!.config as Record<string, unknown>
}

describe('train --import-arguments', () => {
  it('runs the classic example and tells what each argument became', async () => {
    const file = join(home, 'project', 'finetune.py')
    writeFileSync(file, CLASSIC_EXAMPLE)
    const { code, lines, stderr } = await tunesmith(
      ['train', '--config', config, '--import-arguments', file, '--set', 'weight_decay=0.02', '--json'],
      { home },
    )
    expect(code, stderr).toBe(0)
    const [imported] = lines
    expect(imported).toMatchObject({ event: 'import' })
    const outcomes = (imported!.report as { name: string; outcome: string }[]).map(({ name, outcome }) => [
      name,
      outcome,
    ])
    expect(outcomes).toContainEqual(['evaluation_strategy', 'mapped'])
    expect(outcomes).toContainEqual(['logging_dir', 'dropped'])
    expect(await configOf('1')).toMatchObject({
      num_train_epochs: 3,
      per_device_train_batch_size: 16,
      warmup_steps: 500,
      logging_steps: 10,
      eval_strategy: 'steps',
      weight_decay: 0.02, // --set goes over the file
      output_dir: join(home, 'project', 'results'), // relative to the file
    })
  })

  it('starts nothing where an argument is refused', async () => {
    const file = join(home, 'args.json')
    writeFileSync(file, '{"fp16": true, "learning_rate": 1e-4}')
    const { code, stderr } = await tunesmith(['train', '--config', config, '--import-arguments', file], {
      home,
    })
    expect(code).toBe(2)
    expect(stderr).toMatch(/fp16: Training computes in float32/)
    expect((await tunesmith(['runs', 'list', '--json'], { home })).stdout).toBe('')
  })
})

describe('train --preset', () => {
  it('begins with the settings of the preset, under the config', async () => {
    const { code, stderr } = await tunesmith(['train', '--preset', 'classic', '--config', config], { home })
    expect(code, stderr).toBe(0)
    expect(await configOf('1')).toMatchObject({
      warmup_steps: 500,
      weight_decay: 0.01,
      per_device_eval_batch_size: 64,
      model: { architecture: 'bert' },
    })
    const unknown = await tunesmith(['train', '--preset', 'clasic'], { home })
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean classic?')])
  })
})

describe('lr-find', () => {
  it('tells the loss at each rate, and a suggestion among them', async () => {
    const { code, lines, stderr } = await tunesmith(
      ['lr-find', '--config', config, '--from', '1e-5', '--to', '10', '--steps', '30', '--json'],
      { home, spawnWorker: nodeHost() },
    )
    expect(code, stderr).toBe(0)
    const found = lines[0] as {
      event: string
      rates: number[]
      losses: number[]
      smoothed: number[]
      suggestion: { steepest: number; minimumTenth: number } | null
    }
    expect(found.event).toBe('lr-find')
    expect(found.rates[0]).toBeCloseTo(1e-5, 12)
    expect(found.rates).toHaveLength(found.losses.length)
    expect(found.smoothed).toHaveLength(found.losses.length)
    const ratios = found.rates.slice(1).map((rate, i) => rate / found.rates[i]!)
    for (const ratio of ratios) expect(ratio).toBeCloseTo((10 / 1e-5) ** (1 / 29), 9)
    expect(found.losses[0]).toBeCloseTo(Math.log(2), 1) // Two classes, weights near zero.
    expect(found.suggestion!.steepest).toBeGreaterThan(1e-5)
    expect(found.suggestion!.steepest).toBeLessThan(10)
    // It leaves no run behind.
    expect((await tunesmith(['runs', 'list', '--json'], { home })).stdout).toBe('')
  }, 20_000)

  it('refuses a sweep that goes nowhere', async () => {
    const { code, stderr } = await tunesmith(['lr-find', '--config', config, '--from', '1', '--to', '0.1'], {
      home,
    })
    expect([code, stderr]).toEqual([2, expect.stringContaining('--from must be below --to')])
  })
})
