/** The Augment pane, by what a user reads. */
import type { Locator, Page } from '@playwright/test'
import { openPane } from './pane'

export class AugmentPane {
  readonly pane: Locator
  readonly recipe: Locator
  readonly steps: Locator
  readonly copies: Locator
  readonly classes: Locator
  readonly comparison: Locator
  readonly problems: Locator

  constructor(readonly page: Page) {
    this.pane = page.getByRole('region', { name: 'Augment', exact: true })
    this.recipe = page.getByRole('form', { name: 'Recipe' })
    this.steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
    this.copies = page.getByRole('region', { name: 'Copies' })
    this.classes = page.getByRole('region', { name: 'Class counts' })
    this.comparison = page.getByRole('region', { name: 'Does it help?' })
    this.problems = this.recipe.getByRole('alert')
  }

  async open(): Promise<void> {
    await openPane(this.page, 'Augment')
  }

  async add(augmenter: string): Promise<void> {
    await this.recipe.getByRole('button', { name: 'Add a step' }).click()
    await this.page.getByRole('menuitem', { name: augmenter, exact: true }).click()
  }

  step(title: string): Locator {
    return this.recipe.getByRole('region', { name: new RegExp(`^Step \\d+, ${title}$`) })
  }
}
