/** The frame: every pane without serious accessibility faults, by keyboard, in both themes, in a small window. */
import AxeBuilder from '@axe-core/playwright'
import { openPane } from './pages/pane'
import { expect, test } from './studio'

const PANES = ['Data', 'Augment', 'Tokenize', 'Train', 'Runs', 'Models', 'Learn']

test('panes pass axe in both themes and nothing spills at 960 × 640', async ({ open }) => {
  const { app, page } = await open()
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(960, 640))
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme)
    for (const pane of PANES) {
      await openPane(page, pane)
      await expect(page.getByRole('region', { name: pane, exact: true })).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      expect(serious.map((v) => `${theme} ${pane}: ${v.id} ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual(
        [],
      )
      const spill = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(spill).toBeLessThanOrEqual(0)
    }
  }
})

test('the palette reaches a pane by keyboard and Escape returns', async ({ open }) => {
  const { page } = await open()
  await page.keyboard.press('Control+k')
  const search = page.getByRole('combobox', { name: 'Find a command' }).or(page.getByLabel('Find a command'))
  await expect(search.first()).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(search.first()).toBeHidden()
  await page.keyboard.press('Control+5')
  await expect(page.getByRole('region', { name: 'Runs', exact: true })).toBeVisible()
})

test('the page is sealed: no Node, no remote requests, no inline script', async ({ open }) => {
  const { page } = await open()
  const sealed = await page.evaluate(async () => {
    const remote = await fetch('https://example.invalid/').then(
      () => 'reached',
      () => 'refused',
    )
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.head.append(script)
    const scope = globalThis as unknown as Record<string, unknown>
    return {
      require: typeof scope.require,
      process: typeof scope.process,
      inline: scope.inlineRan === true,
      remote,
    }
  })
  expect(sealed).toEqual({ require: 'undefined', process: 'undefined', inline: false, remote: 'refused' })
})
