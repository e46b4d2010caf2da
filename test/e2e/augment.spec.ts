/** A recipe from the empty pane to a version with copies, and the answer whether it helps. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { AugmentPane } from './pages/augment'
import { DataPane } from './pages/data'
import { expect, test } from './studio'

const ANIMALS = 'dog horse cow sheep wolf'.split(' ')
const PLACES = 'river forest garden village market mountain'.split(' ')

function lines(count: number, split: string): string[] {
  return Array.from({ length: count }, (_, i) => {
    const label = i % 4 === 0 ? 'rare' : 'common'
    return `the big ${ANIMALS[i % 5]!} number ${i} of ${split} walks to the old ${PLACES[i % 6]!},${label},${split}`
  })
}

test('a recipe is written, looked at, applied and judged', async ({ open, home }) => {
  const file = join(home, 'animals.csv')
  writeFileSync(file, ['text,label,split', ...lines(60, 'train'), ...lines(24, 'validation')].join('\n'))
  const { page } = await open()
  const augment = new AugmentPane(page)
  const data = new DataPane(page)

  await augment.open()
  await expect(augment.pane).toContainText('No data yet')
  await data.open()
  await data.dropFile(file)
  await page.getByRole('link', { name: 'Augment', exact: true }).last().click({ timeout: 60_000 })
  await expect(augment.pane).toContainText('No steps yet')

  await augment.add('Synonym replacement')
  await expect(augment.copies.getByText('kept').first()).toBeVisible({ timeout: 30_000 })
  await expect(augment.copies.locator('ins').first()).toBeVisible()
  await augment.add('Random deletion')
  await expect(augment.steps).toHaveCount(2)

  // By keyboard: deletion first, then back.
  await augment.step('Random deletion').getByRole('button', { name: /^Move/ }).press('ArrowUp')
  await expect(augment.steps.first()).toContainText('Random deletion')
  await expect(augment.step('Random deletion').getByRole('button', { name: /^Move/ })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(augment.steps.last()).toContainText('Random deletion')

  // What is wrong is said at its field, and nothing can be written until it is mended.
  const p = augment.step('Random deletion').getByLabel('p', { exact: true })
  await p.fill('3')
  await expect(augment.step('Random deletion').getByRole('alert')).toContainText('at most 1')
  await expect(page.getByRole('button', { name: 'Write version 2' })).toBeDisabled()
  await p.fill('0.2')
  await augment.recipe.getByLabel('regular expressions, one a line').fill('(')
  await expect(augment.problems).toContainText('regular expression')
  await augment.recipe.getByLabel('regular expressions, one a line').fill('\\d+')
  await expect(augment.problems).toHaveCount(0)

  await augment.recipe.getByLabel('balance', { exact: true }).fill('largest')
  await augment.recipe.getByLabel('copies', { exact: true }).fill('4')
  await expect(augment.classes).toContainText('15 → 45')
  await expect(augment.classes).toContainText('30 copies planned')
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])

  // Over weeks; it is left alone half way.
  await augment.comparison.getByLabel('model', { exact: true }).fill('tunesmith-bag-of-embeddings')
  await augment.comparison.getByLabel('seeds', { exact: true }).fill('30')
  await augment.comparison.getByRole('button', { name: 'Find out' }).click()
  await augment.comparison.getByRole('button', { name: 'Cancel' }).click({ timeout: 30_000 })
  await augment.comparison.getByLabel('seeds', { exact: true }).fill('1')
  await augment.comparison.getByRole('button', { name: 'Find out' }).click()
  await expect(augment.comparison.getByRole('alert')).toBeVisible()
  await augment.comparison.getByLabel('seeds', { exact: true }).fill('2')
  await augment.comparison.getByRole('button', { name: 'Find out' }).click()
  await expect(augment.comparison.getByRole('status')).toContainText('over 2 seeds', { timeout: 60_000 })
  await expect(augment.comparison.getByRole('status')).not.toContainText('Not the recipe')

  await page.getByRole('button', { name: 'Write version 2' }).click()
  await expect(data.pane.getByRole('heading', { name: 'Version 2' })).toBeVisible({ timeout: 60_000 })
  await expect(data.rows).toContainText('augmented_from')

  // The version knows its recipe and what it came from.
  await data.pane.getByRole('button', { name: 'Open its recipe' }).click()
  await expect(augment.pane).toContainText('version 1, train split only, 60 rows')
  await expect(augment.steps).toHaveCount(2)
  await data.open()
  const versions = page.getByRole('region', { name: 'Versions' })
  await expect(versions).toContainText('copies by recipe (synonym_replacement, random_deletion), seed 42')
  await versions.getByRole('link', { name: 'Version 1' }).click()
  await expect(data.pane.getByRole('heading', { name: 'Version 1' })).toBeVisible()
})
