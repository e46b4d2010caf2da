/** A study in the window: set up, followed, its points opened, its best taken to Train. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DataPane } from './pages/data'
import { openPane } from './pages/pane'
import { TrainPane } from './pages/train'
import { expect, test } from './studio'

test('a small study runs, shows what it found, and its best goes to Train', async ({ open, home }) => {
  const file = join(home, 'reviews.csv')
  const good = ['bright warm lovely film', 'a joy from start to end', 'splendid, moving, true']
  const bad = ['dull cold dreadful film', 'a bore from start to end', 'clumsy, hollow, false']
  const lines = Array.from({ length: 120 }, (_, i) =>
    i % 2 === 0 ? `"${good[i % 3]!} ${i}",good` : `"${bad[i % 3]!} ${i}",bad`,
  )
  writeFileSync(file, ['review,verdict', ...lines].join('\n'))
  const { app, page } = await open()
  const data = new DataPane(page)
  await data.importFile(app, file)
  await expect(data.classes).toContainText('good', { timeout: 60_000 })
  await data.trainOnThis.click()
  const train = new TrainPane(page)
  await train.set({ num_train_epochs: 1 })

  await openPane(page, 'Tune')
  const form = page.getByRole('region', { name: 'New study' })
  await form.getByLabel('Low of learning_rate').fill('0')
  await expect(form.getByRole('alert')).toContainText('logarithmic')
  await expect(form.getByRole('button', { name: 'Start study' })).toBeDisabled()
  await form.getByLabel('Low of learning_rate').fill('3e-4')
  await form.getByLabel('Trials').fill('3')
  await form.getByLabel('Name').fill('three tries')
  await form.getByRole('button', { name: 'Start study' }).click()

  const study = page.getByRole('region', { name: 'Study', exact: true })
  await expect(study).toContainText('All 3 trials were made.', { timeout: 90_000 })
  await expect(study.getByRole('region', { name: 'What it taught' })).toContainText('complete trials')
  await expect(study.getByRole('region', { name: 'Importance' })).toContainText('learning_rate')
  await expect(study.getByRole('region', { name: 'Trials', exact: true }).getByRole('row')).toHaveCount(4)
  await study
    .getByRole('region', { name: 'History' })
    .getByRole('link', { name: /^Trial 0/ })
    .click()
  await expect(page.getByRole('region', { name: 'Runs', exact: true })).toContainText('three tries · trial 0')
  await page.goBack()
  await page.getByRole('button', { name: 'Train with the best' }).click()
  await expect(train.start).toBeVisible()
})
