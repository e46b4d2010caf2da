/** Tokenizers in the window: two trained on the sample, side by side on a text, a word and the whole split. */
import { DataPane } from './pages/data'
import { openPane } from './pages/pane'
import { expect, test } from './studio'

test('two tokenizers are trained and compared', async ({ open }) => {
  const { page } = await open()
  const data = new DataPane(page)
  await data.takeSample.click()
  await expect(data.classes).toContainText('animal1,400', { timeout: 60_000 })
  await openPane(page, 'Tokenize')
  const pane = page.getByRole('region', { name: 'Tokenize', exact: true })
  await expect(pane).toContainText('No tokenizers yet')

  for (const [type, size] of [
    ['WordPiece', '2000'],
    ['byteBpe', '1000'],
  ] as const) {
    await pane.getByRole('button', { name: 'Train a tokenizer' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Train a tokenizer' })
    await dialog.getByLabel('type').selectOption(type)
    await dialog.getByLabel('vocab_size').fill(size)
    await dialog.getByRole('button', { name: 'Train', exact: true }).click()
    const name = type === 'WordPiece' ? 'wordpiece-2k' : 'byte-bpe-1k'
    await expect(pane.getByRole('heading', { level: 1 })).toContainText(name, { timeout: 60_000 })
  }

  await pane.getByLabel('Text to tokenize').fill('a furry animal 猫')
  const wordPiece = pane.getByRole('region', { name: 'wordpiece-2k' }).last()
  await expect(wordPiece).toContainText('1 unknown')
  await expect(wordPiece.getByTitle('[UNK], id 1, characters 15–16, 3 bytes, unknown')).toBeVisible()
  await expect(pane.getByRole('region', { name: 'byte-bpe-1k' }).last()).toContainText('lone bytes')

  await pane.getByLabel('Word to take apart').fill('unkindly')
  await expect(pane.getByRole('region', { name: 'Steps of byte-bpe-1k' })).toContainText('merge')
  await expect(pane.getByRole('region', { name: 'Steps of wordpiece-2k' })).toContainText('longest known')

  const figures = pane.getByRole('region', { name: 'On a dataset' })
  await expect(figures.getByRole('row', { name: 'unknown tokens' })).toContainText('none possible', {
    timeout: 60_000,
  })
  await expect(figures.getByRole('row', { name: 'tokens a word' })).toContainText('+')
})
