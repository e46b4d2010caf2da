/** The Train pane: settings on the left, the live run on the right. */
import { expect, type Locator, type Page } from '@playwright/test'

export class TrainPane {
  readonly form: Locator
  readonly live: Locator
  readonly start: Locator
  readonly lossChart: Locator
  readonly predictions: Locator
  readonly findings: Locator

  constructor(readonly page: Page) {
    this.form = page.getByRole('form', { name: 'Run settings' })
    this.live = page.getByRole('region', { name: 'Live run' })
    this.start = page.getByRole('button', { name: /^Start run/ })
    this.lossChart = this.live.getByRole('img', { name: /^Loss by/ })
    this.predictions = this.live.getByRole('region', { name: 'Predictions' })
    this.findings = this.live.getByRole('region', { name: 'Findings' })
  }

  /** Sets arguments by their names; groups are opened and all arguments shown first. */
  async set(values: Record<string, string | number | boolean>): Promise<void> {
    await this.form.getByText('all', { exact: true }).click()
    const closed = this.form.locator('h2 button[aria-expanded="false"]')
    while ((await closed.count()) > 0) await closed.first().click()
    for (const [name, value] of Object.entries(values)) {
      const control = this.form.getByLabel(name, { exact: true })
      const tag = await control.evaluate((element) => element.tagName)
      if (typeof value === 'boolean') await control.setChecked(value)
      else if (tag === 'SELECT') await control.selectOption(String(value))
      else if (tag === 'INPUT') {
        await control.fill(String(value))
        await control.blur()
      } else await control.getByText(String(value), { exact: true }).click()
    }
  }

  async expectState(state: string, timeoutMs = 120_000): Promise<void> {
    await expect(this.live.getByRole('group', { name: 'Run' })).toContainText(state, {
      timeout: timeoutMs,
      ignoreCase: true,
    })
  }

  /** The loss curve grows: its text alternative changes while the run goes. */
  async expectChartMoves(): Promise<void> {
    await expect(this.lossChart).toBeVisible({ timeout: 60_000 })
    const first = await this.lossChart.getAttribute('aria-label')
    await expect(this.lossChart).not.toHaveAttribute('aria-label', first ?? '', { timeout: 30_000 })
  }
}
