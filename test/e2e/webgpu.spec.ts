/** A GPU chosen in the window: offered after its self-check, and three steps on it equal the processor's. */
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import type { RunSummary, Series } from '../../src/shared/domain/run'
import type { Envelope } from '../../src/shared/ipc/bridge'
import { DataPane } from './pages/data'
import { TrainPane } from './pages/train'
import { expect, test } from './studio'

/** The software adapter that comes with Electron. */
const adapter = join(dirname(createRequire(import.meta.url)('electron') as string), 'vk_swiftshader_icd.json')

test('three steps on the webgpu provider equal the cpu', async ({ open, home }) => {
  test.skip(!existsSync(adapter), `no software adapter at ${adapter}`)
  const file = join(home, 'tiny.csv')
  const words = ['red', 'green', 'blue', 'warm', 'cold', 'soft', 'hard', 'near', 'far', 'old']
  const rows = Array.from({ length: 60 }, (_, i) => `${words[i % 10]!} ${words[(i * 7) % 10]!},${i % 3}`)
  writeFileSync(file, ['text,label', ...rows].join('\n'))

  const { app, page } = await open({ VK_ICD_FILENAMES: adapter, VK_DRIVER_FILES: adapter })
  const data = new DataPane(page)
  await data.importFile(app, file)
  await data.trainOnThis.click({ timeout: 60_000 })
  const train = new TrainPane(page)
  const settings = {
    max_steps: 3,
    logging_steps: 1,
    per_device_train_batch_size: 4,
    eval_strategy: 'no',
    save_strategy: 'no',
  }

  await train.set({ ...settings, load_best_model_at_end: false, provider: 'webgpu', run_name: 'on webgpu' })
  await expect(train.form.getByRole('status').filter({ hasText: /passed|agrees/i })).toBeVisible({
    timeout: 90_000,
  })
  await train.start.click()
  await train.expectState('completed')
  await train.set({ provider: 'cpu', run_name: 'on cpu' })
  await train.start.click()
  await expect(train.live).toContainText('on cpu')
  await train.expectState('completed')

  const [onGpu, onCpu] = [await losses(page, 'on webgpu'), await losses(page, 'on cpu')]
  expect(onGpu).toHaveLength(3)
  for (const [i, loss] of onCpu.entries()) expect(Math.abs(onGpu[i]! - loss)).toBeLessThan(1e-4)
})

async function losses(page: Page, name: string): Promise<number[]> {
  const runs = await ask<RunSummary[]>(page, 'runs.list', {})
  const run = runs.find((r) => r.name === name)!.id
  const [loss] = await ask<Series[]>(page, 'runs.series', { run, names: ['loss'], points: 50 })
  return loss!.values
}

function ask<T>(page: Page, channel: string, input: unknown): Promise<T> {
  return page.evaluate(
    async ([name, value]) => {
      const { tunesmith } = globalThis as unknown as {
        tunesmith: { invoke(channel: string, input: unknown): Promise<Envelope> }
      }
      const answer = await tunesmith.invoke(name, value)
      if (!answer.ok) throw new Error(answer.error.message)
      return answer.value as T
    },
    [channel, input] as const,
  )
}
