/** The Data pane, by what a user reads. */
import type { ElectronApplication, Locator, Page } from '@playwright/test'

export class DataPane {
  readonly pane: Locator
  readonly takeSample: Locator
  readonly rows: Locator
  readonly classes: Locator
  readonly rejected: Locator
  readonly trainOnThis: Locator

  constructor(readonly page: Page) {
    this.pane = page.getByRole('region', { name: 'Data', exact: true })
    this.takeSample = page.getByRole('button', { name: 'Take the sample' })
    this.rows = page.getByRole('region', { name: 'Rows' })
    this.classes = page.getByRole('region', { name: 'Classes' })
    this.rejected = page.getByRole('region', { name: 'Rejected rows' })
    this.trainOnThis = page.getByRole('button', { name: 'Train on this' })
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Panes' }).getByRole('link', { name: 'Data' }).click()
  }

  /** Imports a file through the system's dialog, which answers with this path. */
  async importFile(app: ElectronApplication, path: string): Promise<void> {
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    }, path)
    await this.page.getByRole('button', { name: 'Import', exact: true }).click()
  }
}
