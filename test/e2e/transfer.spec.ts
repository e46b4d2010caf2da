/** Training a part of a model: what the form offers, measures and starts. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { trainOnTopics } from './pages/topics'
import { expect, test } from './studio'

const MODEL = resolve(import.meta.dirname, '../golden/bert/models/gelu-3-labels')

test("an adapter is chosen, measured, trained and kept in PEFT's format", async ({ open, home }) => {
  const studio = await open()
  const { page } = studio
  const train = await trainOnTopics(studio)
  await train.form.getByRole('radio', { name: 'folder' }).click()
  await train.form.getByLabel('folder', { exact: true }).fill(MODEL)
  await train.form.getByLabel('folder', { exact: true }).blur()

  const what = train.form.getByLabel('what trains', { exact: true })
  await what.selectOption('the head alone')
  await expect(train.form.getByRole('switch', { name: 'keep features' })).not.toBeChecked()
  await what.selectOption('the last layers and the head')
  await train.form.getByLabel('layers', { exact: true }).fill('1')
  await what.selectOption('a LoRA adapter')
  await train.form.getByLabel('r', { exact: true }).fill('none')
  await expect(train.form.getByRole('alert')).toContainText('adapter.r')
  await train.form.getByLabel('r', { exact: true }).fill('4')
  await expect(train.form.getByRole('alert')).toHaveCount(0)
  await expect(train.form.getByLabel('learning_rate', { exact: true })).toHaveValue('5e-4')

  await page.getByRole('button', { name: 'Measure' }).click()
  await expect(page.getByRole('region', { name: 'Estimate' })).toContainText(/1\.12 k\s+of 29\.8 k/, {
    timeout: 60_000,
  })
  await train.start.click()
  await train.expectState('completed')
  const run = await page.evaluate(() => window.location.hash.split('/').at(-1))
  const adapter = join(home, 'runs', run!, 'model', 'adapter', 'adapter_model.safetensors')
  expect(existsSync(adapter), adapter).toBe(true)
})
