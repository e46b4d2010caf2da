/** The command line with the real engine: the golden run, its model, its bundle, and Ctrl-C in a real process. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nodeHost } from '../../../src/main/worker/nodeHost'
import { temporaryFolder } from '../store/temporary'
import { tunesmith, type Called } from './terminal'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const golden = join(root, 'test', 'golden', 'bert')
const cli = join(root, 'out', 'main', 'cli.js')

const call = (home: string, ...argv: string[]): Promise<Called> =>
  tunesmith(argv, { home, cwd: root, spawnWorker: nodeHost() })

interface Trajectory {
  steps: { loss: number; grad_norm: number; learning_rate: number }[]
}

describe('the golden run', () => {
  it('is the Trainer’s, from run.json to a bundle that predicts the same', async () => {
    const home = temporaryFolder()
    const folder = join(golden, 'trajectories', 'linear')
    const trained = await call(home, 'train', '--config', join(folder, 'run.json'), '--json')
    expect(trained.code).toBe(0)
    const { steps } = JSON.parse(readFileSync(join(folder, 'trajectory.json'), 'utf8')) as Trajectory
    const lines = trained.lines.filter((line) => line.event === 'step') as unknown as Trajectory['steps']
    expect(lines).toHaveLength(steps.length)
    for (const [i, step] of steps.entries())
      for (const name of ['loss', 'grad_norm', 'learning_rate'] as const)
        expect(Math.abs(lines[i]![name] - step[name])).toBeLessThanOrEqual(1e-4 * Math.abs(step[name]))

    const bundle = join(home, 'my-bundle')
    const exported = await call(home, 'bundle', 'export', '1', '--output', bundle, '--json')
    expect([exported.code, exported.lines[0]!.path]).toEqual([0, bundle])
    expect((await call(home, 'bundle', 'verify', bundle)).code).toBe(0)
    const input = join(golden, 'data', 'topics.validation.jsonl')
    const ofRun = await call(home, 'predict', '--model', '1', '--input', input)
    const ofBundle = await call(home, 'predict', '--model', bundle, '--input', input)
    expect(ofRun.lines).toHaveLength(readFileSync(input, 'utf8').trim().split('\n').length)
    expect(Object.keys(ofRun.lines[0]!)).toEqual(['label', 'scores'])
    expect(ofBundle.stdout).toBe(ofRun.stdout)

    writeFileSync(join(bundle, 'config.json'), `${readFileSync(join(bundle, 'config.json'), 'utf8')} `)
    const spoiled = await call(home, 'bundle', 'verify', bundle)
    expect([spoiled.code, spoiled.stdout]).toEqual([1, expect.stringContaining('config.json')])
  })

  it('measures labelled rows, and refuses a label the model does not know', async () => {
    const home = temporaryFolder()
    const model = join(golden, 'models', 'gelu-3-labels')
    const input = join(golden, 'data', 'topics.train.jsonl')
    const good = await call(home, 'eval', '--model', model, '--input', input, '--json')
    expect([good.code, good.lines[0]]).toEqual([
      0,
      expect.objectContaining({ event: 'evaluate', rows: 12 }) as unknown,
    ])
    const strange = join(home, 'strange.csv')
    writeFileSync(strange, 'text,label\nhello,politics\n')
    const bad = await call(home, 'eval', '--model', model, '--input', strange)
    expect([bad.code, bad.stdout]).toEqual([2, ''])
    expect(bad.stderr).toContain('politics')
  })
})

describe('Ctrl-C in a terminal', () => {
  const config = {
    task: 'sequence-classification',
    model: join(golden, 'models', 'gelu-3-labels'),
    dataset: { train: join(golden, 'data', 'topics.train.jsonl') },
    columns: { text: 'text', label: 'label' },
    max_length: 40,
    max_steps: 400,
    per_device_train_batch_size: 4,
    logging_steps: 1,
    save_strategy: 'no',
    num_threads: 1,
  }
  const weights = (home: string) => {
    const [run] = readFileSync(join(home, 'id'), 'utf8').split('\n')
    const file = join(home, 'runs', run!, 'model', 'model.safetensors')
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  }

  /** A process of its own group, as a shell starts it; `interruptAt` presses Ctrl-C for the whole group. */
  function start(home: string, argv: string[], interruptAt?: number): Promise<number | null> {
    const child = spawn(process.execPath, [cli, ...argv, '--home', home, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    let isInterrupted = false
    child.stdout.on('data', (chunk: Buffer) => {
      const text = chunk.toString()
      const id = /"event":"start","run":"(\w+)"/.exec(text)?.[1]
      if (id !== undefined) writeFileSync(join(home, 'id'), id)
      const steps = [...text.matchAll(/"event":"step","step":(\d+)/g)].map((match) => Number(match[1]))
      if (interruptAt === undefined || isInterrupted || !steps.some((step) => step >= interruptAt)) return
      isInterrupted = true
      process.kill(-child.pid!, 'SIGINT')
    })
    return new Promise((resolve) => child.on('close', resolve))
  }

  it('stops with a checkpoint, and resume ends with the same bits as a run never stopped', async () => {
    const [whole, stopped] = [temporaryFolder(), temporaryFolder()]
    for (const home of [whole, stopped]) writeFileSync(join(home, 'run.json'), JSON.stringify(config))
    expect(await start(whole, ['train', '--config', join(whole, 'run.json')])).toBe(0)
    expect(await start(stopped, ['train', '--config', join(stopped, 'run.json')], 60)).toBe(130)
    const shown = await call(stopped, 'runs', 'show', '1', '--json')
    const [checkpoint] = shown.lines[0]!.checkpoints as { path: string; step: number }[]
    expect([shown.lines[0]!.state, existsSync(join(checkpoint!.path, 'manifest.json'))]).toEqual([
      'cancelled',
      true,
    ])
    expect(await start(stopped, ['resume', '1'])).toBe(0)
    expect(weights(stopped)).toBe(weights(whole))
  })
})
