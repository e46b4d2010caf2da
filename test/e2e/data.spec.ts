/** A dropped file: its leaks go with a click in Data and in Train, a label is corrected, and each makes a version that knows how. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DataPane } from './pages/data'
import { expect, test } from './studio'

const WORDS = 'river stone quiet market garden winter letter bridge window captain silver forest'.split(' ')

/** Rows of which no two are alike. */
function sentence(row: number): string {
  return Array.from(
    { length: 9 },
    (_, i) => `${WORDS[(row * 7 + i * i * (row + 3)) % 12]!}${row * 9 + i}`,
  ).join(' ')
}

test('leaks, labels and rejected rows of a dropped file', async ({ open, home }) => {
  const file = join(home, 'weather.csv')
  const lines = Array.from({ length: 60 }, (_, i) => `${sentence(i)},${i % 2 ? 'fair' : 'foul'},train`)
  const held = Array.from({ length: 8 }, (_, i) => `${sentence(100 + i)},fair,validation`)
  const leaking = [3, 4, 5].map((i) => `${sentence(i).toUpperCase()},fair,validation`)
  const near = [6, 7].map((i) => `${sentence(i)} again,fair,validation`)
  writeFileSync(
    file,
    ['text,label,split', ...lines, ...held, ...leaking, ...near, 'too,many,fields,here'].join('\n'),
  )

  const { app, page } = await open()
  const data = new DataPane(page)
  await data.dropFile(file)
  await expect(data.leaks).toContainText('validation in train', { timeout: 60_000 })
  await expect(data.leaks.getByRole('row', { name: /equal, ignoring case/ })).toContainText('3')

  const target = join(home, 'rejected.jsonl')
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, target)
  await data.rejected.getByRole('button', { name: 'Save as JSONL' }).click()
  await expect
    .poll(() => {
      try {
        return readFileSync(target, 'utf8')
      } catch {
        return ''
      }
    })
    .toContain('has 4 fields, the header has 3')

  await data.leaks
    .getByRole('row', { name: /equal, ignoring case/ })
    .getByRole('button')
    .click()
  await expect(data.pane.getByRole('heading', { name: 'Version 2' })).toBeVisible({ timeout: 60_000 })
  await expect(data.pane.getByRole('list', { name: 'Rows', exact: true })).toContainText('57train')
  await expect(data.rejected).toContainText('equal, ignoring case and spaces with validation row')

  await data.trainOnThis.click()
  const note = page.getByRole('note', { name: 'Leaks' })
  await expect(note).toContainText('Of 13 validation rows, 2 nearly equal to rows of train')
  await note.getByRole('button', { name: 'Remove them from train' }).click()
  await expect(note).toBeHidden({ timeout: 60_000 })
  const chosen = page.getByLabel('dataset', { exact: true }).locator('option:checked')
  await expect(chosen).toHaveText(/version 3: 2 rows removed from train.*, 55 rows/)
  await data.open()

  await data.rows.getByRole('row').filter({ hasText: 'foul' }).first().click()
  await data.rows.getByLabel('label of row 1').fill('mixed')
  await data.rows.getByLabel('label of row 1').press('Enter')
  await expect(data.rows).toContainText('1 label changed')
  await data.rows.getByRole('button', { name: 'Make a version' }).click()
  await expect(data.pane.getByRole('heading', { name: 'Version 4' })).toBeVisible({ timeout: 60_000 })
  await expect(data.classes).toContainText('mixed1')
})
