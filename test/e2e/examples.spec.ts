/** From a run's score to the rows it gets wrong, and from two runs to the rows that tell them apart. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Locator } from '@playwright/test'
import { RunsPane } from './pages/runs'
import { expect, test } from './studio'

const commandLine = resolve(import.meta.dirname, '../../out/main/cli.js')
const WORDS = ['goal', 'rain', 'bank'] as const
const LABELS = ['sport', 'weather', 'money'] as const

function csv(rows: number, shift: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const topic = (i + shift) % 3
    // Every ninth label is wrong: rows that no honest run gets right.
    const label = LABELS[i % 9 === 0 ? (topic + 1) % 3 : topic]!
    return `the ${WORDS[topic]!} of day ${i + shift}${i % 2 === 0 ? ' and of the day before' : ''},${label},${i % 4 === 0 ? 'web' : 'book'}`
  })
  return `text,label,source\n${lines.join('\n')}\n`
}

interface Line {
  event: string
  metrics: { loss: number; accuracy: number }
}

/** Trains by the command line; how many of the 90 validation rows the best evaluation gets wrong. */
function train(home: string, name: string, more: Record<string, unknown>): number {
  const file = (split: string) => join(home, `${split}.csv`)
  writeFileSync(file('train'), csv(180, 0))
  writeFileSync(file('validation'), csv(90, 500))
  const config = join(home, 'run.json')
  const settings = {
    task: 'sequence-classification',
    run_name: name,
    model: { architecture: 'tunesmith-bag-of-embeddings', config: { embedding_size: 16 } },
    dataset: { train: file('train'), validation: file('validation') },
    vocab_size: 200,
    per_device_train_batch_size: 30,
    learning_rate: 0.05,
    eval_strategy: 'epoch',
    num_threads: 1,
    ...more,
  }
  writeFileSync(config, JSON.stringify(settings))
  const told = execFileSync(
    process.execPath,
    [commandLine, 'train', '--config', config, '--home', home, '--json'],
    { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' },
  )
  const lines = told
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  const evaluations = lines.flatMap((line) => (line.event === 'evaluate' ? [line.metrics] : []))
  const best = evaluations.reduce((a, b) => (b.loss < a.loss ? b : a))
  return Math.round(90 * (1 - best.accuracy))
}

test('the rows behind a score, and what tells two runs apart', async ({ open, home }) => {
  const wrongOfShort = train(home, 'short', { num_train_epochs: 1, learning_rate: 1e-4 })
  const wrong = train(home, 'long', { num_train_epochs: 12 })
  expect(wrong).toBeLessThan(wrongOfShort)
  const { page } = await open()
  const runs = new RunsPane(page)
  await runs.open()
  await runs.row('long').first().click()
  const drawer = runs.drawer('long')
  await drawer.getByRole('tab', { name: 'Examples' }).click()
  const examples = drawer.getByRole('region', { name: 'Examples' })
  const grid = examples.getByRole('grid', { name: 'Examples' })
  const note = examples.getByRole('status')

  // Worst first: the wrong labels.
  await expect(note).toContainText(`90 rows, ${wrong} wrong`)
  await expect(grid.getByRole('row').nth(1)).toContainText('wrong')
  await expect(examples.getByRole('complementary', { name: 'The row' })).toContainText('Row ')
  await grid.getByRole('row').nth(1).focus()
  await page.keyboard.press('ArrowDown')
  await expect(grid.getByRole('row').nth(2)).toBeFocused()
  await examples.getByRole('radio', { name: 'wrong' }).click()
  await expect(note).toContainText(`${wrong} rows`)
  await examples.getByLabel('Search the texts').fill('goal of day')
  await expect(note).not.toContainText(`${wrong} rows`)
  await examples.getByLabel('Search the texts').fill('')
  await examples.getByRole('radio', { name: 'all' }).click()

  // A cell of the confusion matrix leads to its rows.
  await examples.getByRole('radio', { name: 'Confusions' }).click()
  const cell = examples.getByRole('button', { name: /of sport taken for/ }).filter({ hasText: /^\d$/ })
  const count = await cell.first().textContent()
  await cell.first().click()
  await expect(note).toContainText(`${count!.trim()} row`)
  await examples.getByRole('button', { name: /rows again that are not: is sport/ }).click()
  await examples.getByRole('button', { name: /rows again that are not: taken for/ }).click()

  // Classes, calibration, and a column of the data.
  await examples.getByRole('radio', { name: 'Classes' }).click()
  await expect(examples.getByRole('grid', { name: 'Classes' }).getByRole('row')).toHaveCount(4)
  await examples.getByRole('radio', { name: 'Calibration' }).click()
  await expect(examples).toContainText(/ECE 0\.\d{3}/)
  await expect(
    examples.getByRole('group', { name: 'Reliability diagram' }).getByRole('button'),
  ).not.toHaveCount(0)
  await examples.getByRole('radio', { name: 'Groups' }).click()
  await examples.getByLabel('Group the rows by').selectOption('source')
  await examples.getByRole('grid', { name: 'Groups' }).getByRole('button', { name: 'web' }).click()
  await expect(note).toContainText('23 rows')

  // Two runs on the same rows: a paired test, and the rows that only one has right.
  await runs.select('short', 0)
  await runs.select('long', 0)
  await runs.pane.getByRole('button', { name: /^Compare/ }).click()
  const comparison = page.getByRole('region', { name: 'Comparison', exact: true })
  await comparison.getByRole('tab', { name: 'Is it better?' }).click()
  const verdicts = comparison.getByRole('region', { name: 'Is it better' })
  await expect(verdicts).toContainText('McNemar', { timeout: 20_000 })
  await expect(verdicts).toContainText(/is better than .: accuracy [+−]\d/)
  await comparison.getByRole('tab', { name: 'Rows' }).click()
  const differing = comparison.getByRole('region', { name: 'Rows that differ' })
  const gained = await countOf(differing.getByRole('status'))
  await differing.getByRole('radio', { name: 'A right, B wrong' }).click()
  await expect(differing.getByRole('status')).not.toContainText(`${gained} row`)
  const lost = await countOf(differing.getByRole('status'))
  expect(Math.abs(gained - lost)).toBe(wrongOfShort - wrong)
})

async function countOf(note: Locator): Promise<number> {
  await expect(note).toContainText(/^\d+ row/)
  return Number.parseInt((await note.textContent())!, 10)
}
