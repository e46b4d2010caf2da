/** A model of the Hub, from the search to a run that starts from it. The Hub is a server of this machine. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startHub } from '../helpers/hubServer'
import { trainOnTopics } from './pages/topics'
import { expect, networkLines, test } from './studio'

const MODEL = resolve(import.meta.dirname, '../golden/bert/models/gelu-3-labels')
const files = Object.fromEntries(readdirSync(MODEL).map((name) => [name, readFileSync(join(MODEL, name))]))

test('a model is searched, downloaded over a dropped connection, measured and trained', async ({
  open,
}, info) => {
  const hub = await startHub([
    { name: 'someone/tiny-bert', license: 'apache-2.0', files },
    { name: 'someone/tiny-gpt', files: { ...files, 'config.json': Buffer.from('{"model_type":"gpt2"}') } },
  ])
  try {
    const studio = await open()
    const { app, page } = studio
    const train = await trainOnTopics(studio)
    await train.form.getByRole('radio', { name: 'Hub' }).click()
    await page.getByRole('button', { name: 'Find on the Hub…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Find a model on the Hub' })
    await expect(dialog).toContainText('Search asks huggingface.co; nothing is sent before you press it.')
    expect(hub.asked).toEqual([])

    await dialog.getByRole('button', { name: 'Another address' }).click()
    await dialog.getByLabel('Address of the Hub').fill(`${hub.url}/`)
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await expect(dialog).toContainText(`Search asks ${new URL(hub.url).host}`)
    await dialog.getByRole('searchbox').fill('tiny')
    await dialog.getByRole('searchbox').press('Enter')
    await expect(dialog.getByRole('row', { name: /tiny-gpt/ })).toContainText('gpt2, not built')
    hub.faults = { dropAfter: 50_000 }
    await dialog.getByRole('button', { name: 'someone/tiny-bert' }).click()
    await expect(dialog.getByRole('region', { name: 'Chosen model' })).toContainText(
      /6 files, 130 kB, licence\s+apache-2\.0/,
    )
    await dialog.getByRole('button', { name: 'Download', exact: true }).click()
    await expect(dialog).toBeHidden({ timeout: 20_000 })
    await expect(train.form.getByLabel('model', { exact: true })).toHaveValue('someone/tiny-bert')
    await expect(train.form).toContainText('with its tokenizer, 130 kB, apache-2.0')
    await hub.close()

    await expect(train.form.getByRole('alert')).toHaveCount(0)
    await page.getByRole('button', { name: 'Measure' }).click()
    await expect(page.getByRole('region', { name: 'Estimate' })).toContainText('28.7 k', { timeout: 60_000 })
    await train.start.click()
    await train.expectState('completed')
    // The guard was there; beyond this machine Chromium's own network ends at the name.
    expect(networkLines(info.outputPath('network'), 'loaded')).toEqual(['loaded browser'])
    const resolved = await app.evaluate(({ session }) =>
      session.defaultSession.resolveHost('example.com').then(
        () => 'resolved',
        (error: unknown) => String(error),
      ),
    )
    expect(resolved).toContain('ERR_NAME_NOT_RESOLVED')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Commands' }).click()
    await page.getByRole('dialog').getByRole('combobox').fill('network')
    await page.keyboard.press('Enter')
    const requests = page.getByRole('region', { name: 'Network requests' })
    await expect(requests.getByRole('row', { name: /Download someone\/tiny-bert/ }).first()).toContainText(
      '206',
    )
    await expect(requests).not.toContainText('nobody asked')
  } finally {
    await hub.close()
  }
})
