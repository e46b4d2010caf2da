/** The Runs pane: the history and one run's drawer. */
import type { Locator, Page } from '@playwright/test'
import { openPane } from './pane'

export class RunsPane {
  readonly pane: Locator
  readonly table: Locator
  readonly filter: Locator
  readonly groupBy: Locator

  constructor(readonly page: Page) {
    this.pane = page.getByRole('region', { name: 'Runs', exact: true })
    this.table = this.pane.getByRole('grid', { name: 'Runs' })
    this.filter = this.pane.getByRole('combobox', { name: 'Filter runs' })
    this.groupBy = this.pane.getByLabel('Group by')
  }

  async open(): Promise<void> {
    await openPane(this.page, 'Runs')
  }

  /** Types a filter and puts away what is offered to follow. */
  async search(filter: string): Promise<void> {
    await this.filter.fill(filter)
    await this.filter.press('Escape')
  }

  row(name: string | RegExp): Locator {
    return this.pane.getByRole('row').filter({ hasText: name })
  }

  async select(name: string, nth: number): Promise<void> {
    await this.row(name).nth(nth).getByRole('checkbox').check()
  }

  /** An action on the selected runs. */
  async choose(action: string): Promise<void> {
    await this.pane.getByRole('button', { name: 'Selected runs' }).click()
    await this.page.getByRole('menuitem', { name: action }).click()
  }

  drawer(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }
}
