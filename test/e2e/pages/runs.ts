/** The Runs pane: the history and one run's drawer. */
import type { Locator, Page } from '@playwright/test'

export class RunsPane {
  readonly pane: Locator

  constructor(readonly page: Page) {
    this.pane = page.getByRole('region', { name: 'Runs', exact: true })
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Panes' }).getByRole('link', { name: 'Runs' }).click()
  }

  row(name: string | RegExp): Locator {
    return this.pane.getByRole('row').filter({ hasText: name })
  }

  drawer(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }
}
