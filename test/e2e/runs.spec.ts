/** The history: found, grouped, marked, kept as a view and remembered; runs side by side. */
import { generateHistory } from '../../bench/history/generate'
import { RunsPane } from './pages/runs'
import { expect, test } from './studio'

test('runs are found, grouped, tagged, archived, and the table is as it was left', async ({ open, home }) => {
  generateHistory(home, { runs: 60, metricRows: 60 * 7 * 20 }, () => undefined)
  const { page } = await open()
  const runs = new RunsPane(page)
  await runs.open()
  await expect(runs.table).toHaveAttribute('aria-rowcount', '61')

  await test.step('a mistake is marked at its characters, and the list stays', async () => {
    await runs.filter.fill('acuracy > 0.9 and tags = keep')
    await expect(runs.pane.getByRole('alert')).toContainText('Did you mean accuracy? character 1')
    await expect(runs.table).toHaveAttribute('aria-rowcount', '61')
  })

  await test.step('what could follow is offered and taken by keyboard', async () => {
    await runs.filter.fill('tags = bas')
    await expect(runs.pane.getByRole('option', { name: 'baseline' })).toBeVisible()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(runs.filter).toHaveValue('tags = baseline ')
    await expect(runs.pane).toContainText('30 of 60')
    await page.keyboard.press('Escape')
  })

  await test.step('seeds of one config are one row with mean and deviation', async () => {
    await runs.search('')
    await runs.groupBy.selectOption({ label: 'learning_rate' })
    const group = runs.row('learning_rate 5e-5')
    await expect(group).toContainText(/15 runs.*0\.\d{3} ± 0\.\d{3}/)
    await expect(runs.table).toHaveAttribute('aria-rowcount', '5')
    await group.getByRole('button').click()
    await expect(runs.table).toHaveAttribute('aria-rowcount', '20')
    await runs.groupBy.selectOption({ label: 'no groups' })
  })

  await test.step('selected runs are tagged and archived', async () => {
    await runs.select('enc-4x128, seed 46', 0)
    await runs.select('enc-4x128, seed 45', 0)
    await runs.choose('Tags…')
    await page.getByLabel('Tags to add').fill('odd one, second')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await expect(runs.row('odd one')).toHaveCount(2)
    await runs.choose('Archive')
    await expect(runs.table).toHaveAttribute('aria-rowcount', '59')
    await runs.search('archived = true')
    await expect(runs.row('odd one')).toHaveCount(2)
  })

  await test.step('a view is kept, and the table is remembered over a restart', async () => {
    await runs.pane.getByRole('button', { name: 'Saved views' }).click()
    await page.getByLabel('Name of the view').fill('put away')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('button', { name: 'put away', exact: true })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.reload()
    await expect(runs.filter).toHaveValue('archived = true')
    await expect(runs.table).toHaveAttribute('aria-rowcount', '3')
    await runs.search('')
    await runs.pane.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('button', { name: 'put away', exact: true }).click()
    await expect(runs.filter).toHaveValue('archived = true')
  })

  await test.step('a column is added and pinned, and two runs are compared', async () => {
    await page.keyboard.press('Escape')
    await runs.pane.getByRole('button', { name: /^Columns/ }).click()
    await page.getByLabel('Find a column').fill('eval_loss min')
    await page.getByRole('button', { name: /metrics\.eval_loss\.min/ }).click()
    await page.keyboard.press('Escape')
    await expect(runs.table.getByRole('columnheader', { name: 'eval_loss, min' })).toBeAttached()
    await runs.table.getByLabel('Select all runs shown').check()
    await page.keyboard.press('c')
    const comparison = page.getByRole('region', { name: 'Comparison' })
    await expect(comparison.getByRole('region', { name: 'Settings that differ' })).toContainText('seed')
    await comparison.getByRole('tab', { name: 'Curves' }).click()
    await comparison.getByRole('radio', { name: 'tokens' }).click()
    const loss = comparison.getByRole('region', { name: 'loss', exact: true })
    const plot = (await loss.getByRole('img', { name: /^loss by tokens. A: from/ }).boundingBox())!
    await page.mouse.move(plot.x + plot.width / 2, plot.y + 50)
    await page.mouse.down()
    await page.mouse.move(plot.x + plot.width - 60, plot.y + 50, { steps: 4 })
    await page.mouse.up()
    await expect(comparison.getByRole('button', { name: /show all/ })).toBeVisible()
    await comparison.getByRole('tab', { name: 'Parallel coordinates' }).click()
    await comparison.getByRole('slider', { name: /seed/ }).press('ArrowUp')
    await expect(comparison.getByRole('status')).toHaveText('1 of 2 runs')
    await comparison.getByRole('tab', { name: 'Scatter' }).click()
    await expect(comparison.getByRole('link', { name: /^A enc-4x128, seed 46: / })).toBeVisible()
  })

  await test.step('a run has a note in Markdown, tags and a lineage', async () => {
    await page.keyboard.press('Escape')
    await runs.search('')
    await runs.row('enc-4x128, seed 44').first().click()
    const drawer = runs.drawer('enc-4x128, seed 44')
    await drawer.getByRole('tab', { name: 'Notes' }).click()
    await drawer.getByRole('button', { name: 'Write a note' }).click()
    await drawer.getByLabel('Note in Markdown').fill('Worse, **because** of the rate.')
    await drawer.getByRole('button', { name: 'Save' }).click()
    await expect(drawer.locator('strong', { hasText: 'because' })).toBeVisible()
    await expect(drawer.getByRole('region', { name: 'Lineage' })).toContainText('wordnet, version 1')
    await runs.search('note like "%because%"')
    await expect(runs.table).toHaveAttribute('aria-rowcount', '2')
  })
})
