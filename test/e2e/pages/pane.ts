/** What all panes have in common. */
import type { Page } from '@playwright/test'

export async function openPane(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Panes' }).getByRole('link', { name }).click()
}
