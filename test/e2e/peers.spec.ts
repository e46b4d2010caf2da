/** Window and command line are peers: a run started in a terminal shows live in the window. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RunsPane } from './pages/runs'
import { expect, test } from './studio'

const commandLine = resolve(import.meta.dirname, '../../out/main/cli.js')

test('a run of the command line appears live in the window', async ({ open, home }) => {
  const config = join(home, 'run.json')
  writeFileSync(
    config,
    JSON.stringify({
      task: 'sequence-classification',
      run_name: 'from the terminal',
      model: {
        architecture: 'bert',
        config: { hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 128 },
      },
      dataset: { sample: 'semantic-fields' },
      max_steps: 300,
      per_device_train_batch_size: 32,
      logging_steps: 5,
      learning_rate: 1e-3,
      num_threads: 1,
    }),
  )
  const { page } = await open()
  const runs = new RunsPane(page)
  await runs.open()
  const child = spawn(
    process.execPath,
    [commandLine, 'train', '--config', config, '--home', home, '--json'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = new Promise<number | null>((done) => child.on('close', done))

  const row = runs.row('from the terminal')
  await expect(row).toBeVisible({ timeout: 60_000 })
  await expect(row).toContainText('%', { timeout: 60_000 })
  const figures = await row.textContent()
  await expect(row).not.toHaveText(figures ?? '', { timeout: 30_000 })
  expect(await exit).toBe(0)
  await expect(row).toContainText(/completed|300/, { timeout: 20_000 })

  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string })
  expect(lines.at(-1)?.event).toBe('end')
})
