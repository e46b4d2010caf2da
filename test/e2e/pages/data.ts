/** The Data pane, by what a user reads. */
import type { ElectronApplication, Locator, Page } from '@playwright/test'
import { openPane } from './pane'

export class DataPane {
  readonly pane: Locator
  readonly takeSample: Locator
  readonly rows: Locator
  readonly classes: Locator
  readonly rejected: Locator
  readonly leaks: Locator
  readonly trainOnThis: Locator

  constructor(readonly page: Page) {
    this.pane = page.getByRole('region', { name: 'Data', exact: true })
    this.takeSample = page.getByRole('button', { name: 'Take the sample' })
    this.rows = page.getByRole('region', { name: 'Rows', exact: true })
    this.classes = page.getByRole('region', { name: 'Classes' })
    this.rejected = page.getByRole('region', { name: 'Rejected rows' })
    this.leaks = page.getByRole('region', { name: 'Leaks' })
    this.trainOnThis = page.getByRole('button', { name: 'Train on this' })
  }

  async open(): Promise<void> {
    await openPane(this.page, 'Data')
  }

  /** Imports a file through the system's dialog, which answers with this path. */
  async importFile(app: ElectronApplication, path: string): Promise<void> {
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
    }, path)
    await this.page.getByRole('button', { name: 'Import', exact: true }).click()
  }

  /** Lets a file go over the pane, as a hand would from the desktop. */
  async dropFile(path: string): Promise<void> {
    // Only a real file input gives the page a File that knows its path.
    await this.page.evaluate(() => {
      const input = document.createElement('input')
      input.type = 'file'
      input.id = 'dropped'
      document.body.append(input)
    })
    await this.page.locator('#dropped').setInputFiles(path)
    await this.pane.evaluate((pane) => {
      const input = document.querySelector<HTMLInputElement>('#dropped')!
      const dataTransfer = new DataTransfer()
      const [file] = Array.from(input.files ?? [])
      if (file) dataTransfer.items.add(file)
      input.remove()
      for (const type of ['dragover', 'drop'])
        pane.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
    })
  }
}
