/** Tasks beyond one class a row: guessed from the data, trained, and answers shown as what they are. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DataPane } from './pages/data'
import { openPane } from './pages/pane'
import { TrainPane } from './pages/train'
import { expect, test } from './studio'

const NAMES = ['Anna', 'Bob', 'Carla', 'David']
const PLACES = ['Paris', 'Oslo', 'Rome']

test('a CoNLL file is tagged, and its tags stand beside the tokens', async ({ open, home }) => {
  const file = join(home, 'names.conll')
  const sentences = Array.from(
    { length: 240 },
    (_, i) => `${NAMES[i % 4]!} B-PER\n${i % 2 ? 'likes' : 'leaves'} O\n${PLACES[i % 3]!} B-LOC\n. O\n`,
  )
  writeFileSync(file, sentences.join('\n'))

  const { app, page } = await open()
  const data = new DataPane(page)
  await data.importFile(app, file)
  await expect(data.classes).toContainText('B-PER', { timeout: 60_000 })
  await data.trainOnThis.click()
  const train = new TrainPane(page)
  await expect(train.form.getByLabel('task', { exact: true })).toHaveValue('token-classification')
  await expect(train.form.getByLabel('tags column', { exact: true })).toHaveValue('tags')
  await train.set({ max_steps: 60 })
  await train.start.click()
  await train.expectState('completed')
  await expect(train.live).toContainText('entity F1, validation')
  await expect(train.findings).toContainText(/Entity F1 [01]\.\d/)
  await expect(train.predictions.getByText('B-PER').first()).toBeVisible()

  await train.live.getByRole('button', { name: 'Export bundle' }).first().click()
  await openPane(page, 'Models')
  const models = page.getByRole('region', { name: 'Models', exact: true })
  await models.getByRole('link', { name: /Run 1/ }).click({ timeout: 60_000 })
  await models.getByLabel('Text to ask about').fill('Carla likes Rome')
  await expect(models.getByRole('region', { name: 'Prediction' })).toContainText(/Carla\s*B-PER/, {
    timeout: 30_000,
  })
})

test('plain text fills its blanks, judged by pseudo-perplexity', async ({ open, home }) => {
  const file = join(home, 'lines.txt')
  const lines = Array.from({ length: 300 }, (_, i) => `the ${i % 2 ? 'red rose' : 'blue sky'} number ${i}`)
  writeFileSync(file, lines.join('\n'))

  const { app, page } = await open()
  const data = new DataPane(page)
  await data.importFile(app, file)
  await data.trainOnThis.click({ timeout: 60_000 })
  const train = new TrainPane(page)
  await expect(train.form.getByLabel('task', { exact: true })).toHaveValue('masked-lm')
  await expect(train.form.getByLabel('label column', { exact: true })).toHaveCount(0)
  await train.set({ max_steps: 40, mlm_probability: 0.3 })
  await train.start.click()
  await train.expectState('completed')
  await expect(train.live).toContainText('pseudo-perplexity, validation')
  await expect(train.findings).toContainText(/of the unigram baseline/)
})
