/** The Learn pane in the real app: search with a slip, links, back, "?" in place, own entries, figures, markup. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPane } from './pages/pane'
import { expect, test } from './studio'

test('is searched, read, extended and published', async ({ open, home }) => {
  const { app, page } = await open()
  await openPane(page, 'Learn')
  const reader = page.getByRole('region', { name: 'Entry' })
  const list = page.getByRole('navigation', { name: 'Terms and questions' })
  await expect(reader.getByRole('article', { name: 'From text to a tuned model' })).toBeVisible()

  await test.step('a search with a slip, by keyboard alone', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type('gradeint cliping')
    await expect(list.getByRole('link').first()).toContainText('Gradient clipping')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(reader.getByRole('article', { name: 'Gradient clipping' })).toBeVisible()
    await expect(reader.locator('math').first()).toBeVisible()
  })

  await test.step('its figure computes, and answers the handle', async () => {
    const figure = reader.getByRole('figure', { name: 'Gradients of four weights' })
    const caption = figure.getByRole('status')
    await expect(caption).toContainText('every gradient keeps')
    await figure.getByLabel('max_grad_norm').fill('3')
    await expect(caption).toContainText('nothing is clipped')
  })

  await test.step('a link, back and forward', async () => {
    await reader.getByRole('link', { name: 'Gradient norm' }).first().click()
    await expect(reader.getByRole('article', { name: 'Gradient norm' })).toBeVisible()
    await page.keyboard.press('Alt+ArrowLeft')
    await expect(reader.getByRole('article', { name: 'Gradient clipping' })).toBeVisible()
    await page.getByRole('button', { name: 'Forward' }).click()
    await expect(reader.getByRole('article', { name: 'Gradient norm' })).toBeVisible()
  })

  await test.step('"?" in Train opens in place, Escape returns the focus', async () => {
    await page.keyboard.press('Control+4')
    const question = page.getByRole('button', { name: 'What is max_grad_norm?' })
    await question.click()
    const row = page.locator('[data-field="max_grad_norm"]')
    await expect(row).toContainText('Shortens a gradient that is longer than a limit')
    await row.getByRole('link', { name: 'Open in Learn' }).focus()
    await page.keyboard.press('Escape')
    await expect(question).toBeFocused()
    await expect(row).not.toContainText('Shortens a gradient')
    await question.click()
    await row.getByRole('link', { name: 'Open in Learn' }).click()
    await expect(reader.getByRole('article', { name: 'Gradient clipping' })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Back to max_grad_norm' })).toBeVisible()
  })

  await test.step('an own term is added and found', async () => {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'New term or question' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Term', { exact: true }).fill('Zebra crossing')
    await dialog.getByLabel('Short answer').fill('too short')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByRole('alert')).toContainText('short')
    await dialog.getByLabel('Short answer').fill('A term of our own that is about stripes.')
    await dialog
      .getByRole('textbox', { name: 'Text' })
      .fill('Beside [BLEU](bleu), with $x^2$ and <b>no HTML</b>.')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(dialog.getByRole('alert')).toContainText('HTML')
    await dialog.getByRole('textbox', { name: 'Text' }).fill('Beside [BLEU](bleu), with $x^2$.')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(reader.getByRole('article', { name: 'Zebra crossing' })).toContainText('your own')
    await page.getByLabel('Search terms and questions').fill('zebar')
    await expect(list.getByRole('link').first()).toContainText('Zebra crossing')
  })

  await test.step('the markup is saved', async () => {
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] })
    }, home)
    await page.getByRole('button', { name: 'Publish…' }).click()
    await page.getByRole('dialog').getByRole('radio', { name: 'your own' }).click()
    await page.getByRole('button', { name: 'Save JSON-LD…' }).click()
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('knowledge.jsonld')
    const markup = JSON.parse(readFileSync(join(home, 'knowledge.jsonld'), 'utf8')) as {
      '@graph': { '@type': string }[]
    }
    expect(markup['@graph'].map((node) => node['@type'])).toEqual([
      'DefinedTermSet',
      'Article',
      'BreadcrumbList',
    ])
    await page.keyboard.press('Escape')
  })

  await test.step('every figure has its text', async () => {
    for (const [entry, words] of FIGURES) {
      await page.evaluate((id) => (location.hash = `#/learn/${id}`), entry)
      await expect(reader.getByRole('figure').getByRole('status'), entry).toContainText(words)
    }
  })
})

const FIGURES = [
  ['cosine-schedule', 'cosine: climbs over'],
  ['dropout', 'activations to zero'],
  ['l2-penalty', 'decoupled decay leaves'],
  ['batch-normalization', 'Only the batch'],
  ['causal-mask', 'looks most at'],
  ['temperature', 'At temperature'],
  ['f1', 'accuracy 0.950'],
  ['bleu', 'brevity penalty'],
  ['rouge', 'rougeL F1'],
  ['bpe', 'becomes'],
  ['wordpiece', 'becomes'],
  ['perplexity', 'wavered'],
  ['early-stopping', 'The best evaluation is that of epoch 8'],
  ['generalization-gap', 'gap'],
] as const
