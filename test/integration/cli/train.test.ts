/** train and resume as the contract has them: events on stdout, exit codes, Ctrl-C. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

let home: string
let config: string

const settings = {
  task: 'sequence-classification',
  model: { architecture: 'bert', config: { hidden_size: 16, num_hidden_layers: 1 } },
  dataset: { train: 'train.csv', validation: 'validation.csv' },
}

beforeEach(() => {
  home = temporaryFolder()
  const folder = join(home, 'project')
  mkdirSync(folder)
  config = join(folder, 'run.json')
  writeFileSync(config, JSON.stringify(settings))
  for (const split of ['train', 'validation'])
    writeFileSync(join(folder, `${split}.csv`), 'text,label\na,b\n')
})

describe('train --json', () => {
  it('prints the events of the contract and nothing else, and exits 0', async () => {
    const { code, lines, stderr } = await tunesmith(['train', '--config', config, '--json', '--seed', '7'], {
      home,
    })
    expect(code).toBe(0)
    expect([...new Set(lines.map((line) => line.event))]).toEqual([
      'start',
      'step',
      'checkpoint',
      'evaluate',
      'end',
    ])
    expect(lines.filter((line) => line.event === 'step')).toHaveLength(20)
    expect(Object.keys(lines[0]!)[0]).toBe('event')
    const end = lines.at(-1)!
    expect(end).toMatchObject({ event: 'end', state: 'completed', metrics: { accuracy: 0.9 } })
    for (const key of ['run', 'train_samples_per_second', 'peak_rss_bytes', 'output_dir'])
      expect(end).toHaveProperty(key)
    expect(stderr).toContain('2 labels')
    const shown = await tunesmith(['runs', 'show', '1', '--json'], { home })
    expect(shown.lines[0]).toMatchObject({ seed: 7, state: 'completed' })
  })

  it('says how an engine died, exits 1, and resume ends it', async () => {
    const died = await tunesmith(['train', '--config', config, '--json', '--set', 'run_name=dies'], { home })
    expect(died.code).toBe(1)
    expect(died.lines.at(-1)).toMatchObject({ event: 'end', state: 'interrupted' })
    const resumed = await tunesmith(['resume', '1', '--json'], { home })
    expect([resumed.code, resumed.lines.at(-1)!.state]).toEqual([0, 'completed'])
    expect(resumed.lines.find((line) => line.event === 'step')!.step).toBe(11)
  })

  it('stops with a checkpoint at Ctrl-C and exits 130', async () => {
    let interrupt: () => void = () => undefined
    const { code, lines } = await tunesmith(
      ['train', '--config', config, '--json', '--set', 'run_name=long'],
      {
        home,
        onStart: (press) => (interrupt = press),
        onStdout: (text) => text.includes('"step":8,') && interrupt(),
      },
    )
    expect(code).toBe(130)
    expect(lines.at(-1)).toMatchObject({ event: 'end', state: 'cancelled' })
    expect(lines.at(-2)).toMatchObject({ event: 'checkpoint' })
  })
})

describe('bad usage exits 2 with one sentence and an empty stdout', () => {
  const cases: [string, string[], RegExp][] = [
    ['an unknown option', ['train', '--confg', 'run.json'], /Unknown option --confg.*--config/],
    ['an unknown command', ['trian'], /Unknown command trian.*Did you mean train/],
    ['a missing value', ['train', '--config'], /--config needs a value/],
    ['a missing file', ['train', '--config', 'absent.json'], /run config cannot be read/],
    [
      'an unknown setting',
      ['train', '--config', 'CONFIG', '--set', 'learning_rte=1'],
      /learning_rte.*learning_rate/,
    ],
    ['an ill-typed setting', ['train', '--config', 'CONFIG', '--set', 'learning_rate=fast'], /learning_rate/],
    [
      'a missing column',
      ['train', '--config', 'CONFIG', '--set', 'columns.label=lable'],
      /no column lable.*label/,
    ],
    [
      'a missing dataset',
      ['train', '--config', 'CONFIG', '--set', 'dataset.train=no.csv'],
      /no such file.*no\.csv/,
    ],
    ['a missing run', ['resume', '9'], /There is no run 9/],
    ['a missing study', ['tune', '--config', 'study.json'], /study config cannot be read.*study\.json/],
    ['text to generate', ['generate', '--model', 'm', '--prompt', 'x'], /generate is not built yet/],
  ]
  it.each(cases)('%s', async (_, argv, sentence) => {
    const given = argv.map((word) => (word === 'CONFIG' ? config : word))
    const { code, stdout, stderr } = await tunesmith([...given, '--json'], { home })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('a config that is no JSON', async () => {
    writeFileSync(config, '{"task":')
    const { code, stderr } = await tunesmith(['train', '--config', config], { home })
    expect([code, stderr]).toEqual([2, expect.stringContaining('not valid JSON')])
  })
})

describe('the sample', () => {
  it('trains, exports, and says where everything is', async () => {
    const { code, stdout } = await tunesmith(['sample'], { home })
    expect(code).toBe(0)
    expect(stdout).toContain(join(home, 'bundles', 'run-1'))
  })
})
