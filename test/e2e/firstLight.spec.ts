/** From an empty folder to a trained model that other tools load, and a restart in between. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DataPane } from './pages/data'
import { openPane } from './pages/pane'
import { RunsPane } from './pages/runs'
import { TrainPane } from './pages/train'
import { expect, test } from './studio'

test('the sample trains, survives a restart, and exports a bundle that verifies', async ({ open }) => {
  const first = await open()
  const data = new DataPane(first.page)
  await data.takeSample.click()
  await expect(data.classes).toContainText('animal1,400', { timeout: 60_000 })
  await data.trainOnThis.click()

  const train = new TrainPane(first.page)
  await train.set({ max_steps: 150, run_name: 'first light' })
  await train.start.click()
  await train.expectState('running', 60_000)
  await train.expectChartMoves()
  await expect(
    train.predictions.getByRole('listitem').or(train.predictions.getByRole('row')).first(),
  ).toBeVisible()
  await train.expectState('completed')
  await expect(train.findings).toContainText(/accuracy/i)
  await first.close()

  const second = await open()
  const runs = new RunsPane(second.page)
  await runs.open()
  await runs.row('first light').click()
  const drawer = runs.drawer('first light')
  await expect(drawer).toContainText('completed')
  await expect(drawer).toContainText('14,39')
  await drawer.getByRole('button', { name: 'Export bundle' }).first().click()
  const models = second.page.getByRole('region', { name: 'Models', exact: true })
  await openPane(second.page, 'Models')
  await models.getByRole('link', { name: /first light/ }).click({ timeout: 120_000 })
  await expect(models.getByRole('region', { name: 'Parity' })).toContainText('onnx/model.onnx')
  await models.getByRole('button', { name: 'Verify' }).click()
  await expect(models.getByRole('region', { name: 'Parity' })).toContainText(/verified/i, { timeout: 60_000 })
  await models.getByLabel('Text to ask about').fill('a small furry animal that eats nuts')
  await expect(models.getByRole('region', { name: 'Prediction' })).toContainText('animal', {
    timeout: 60_000,
  })
})

test('an imported CSV with broken rows trains as recommended', async ({ open, home }) => {
  const file = join(home, 'reviews.csv')
  const good = ['bright warm lovely film', 'a joy from start to end', 'splendid, moving, true']
  const bad = ['dull cold dreadful film', 'a bore from start to end', 'clumsy, hollow, false']
  const lines = Array.from({ length: 240 }, (_, i) =>
    i % 2 === 0 ? `"${good[i % 3]!} ${i}",good` : `"${bad[i % 3]!} ${i}",bad`,
  )
  writeFileSync(file, ['review,verdict', ...lines, 'one,two,three,four'].join('\n'))

  const { app, page } = await open()
  const data = new DataPane(page)
  await data.importFile(app, file)
  await expect(data.classes).toContainText('good', { timeout: 60_000 })
  await expect(data.rejected).toContainText('242')
  await data.trainOnThis.click()
  const train = new TrainPane(page)
  await train.start.click()
  await train.expectState('completed')
  await expect(train.findings).toContainText(/accuracy/i)
})
