/** Starts the built app in a home folder of its own; the fixture closes it and removes the folder. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test as base, _electron, type ElectronApplication, type Page } from '@playwright/test'

export interface Studio {
  app: ElectronApplication
  page: Page
  home: string
  close(): Promise<void>
}

const root = resolve(import.meta.dirname, '../..')

export async function openStudio(home: string, env: Record<string, string> = {}): Promise<Studio> {
  const asRoot = process.getuid?.() === 0
  const app = await _electron.launch({
    args: [...(asRoot ? ['--no-sandbox'] : []), root],
    cwd: root,
    env: { ...inherited(), TUNESMITH_HOME: home, ...env },
  })
  const page = await app.firstWindow()
  await page.waitForLoadState('domcontentloaded')
  return { app, page, home, close: () => app.close() }
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((e): e is [string, string] => e[1] !== undefined),
  )
}

/** `home`: an empty folder; `open`: starts the studio in it, as often as a test likes (a restart). */
export const test = base.extend<{ home: string; open: (env?: Record<string, string>) => Promise<Studio> }>({
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), 'tunesmith-e2e-'))
    await use(home)
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  },
  open: async ({ home }, use, info) => {
    const opened: Studio[] = []
    await use(async (env) => {
      const studio = await openStudio(home, env)
      opened.push(studio)
      return studio
    })
    for (const studio of opened) {
      if (info.status !== info.expectedStatus)
        await studio.page
          .screenshot({ path: info.outputPath(`window-${opened.indexOf(studio)}.png`) })
          .catch(() => undefined)
      await studio.app.close().catch(() => undefined)
    }
  },
})

export { expect } from '@playwright/test'
