/**
 * Starts the built app in a home folder of its own; the fixture closes it and removes the folder. No studio of a test can
 * leave this machine, and a test whose studio tries to fails.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test as base, _electron, type ElectronApplication, type Page } from '@playwright/test'

export interface Studio {
  app: ElectronApplication
  page: Page
  home: string
  close(): Promise<void>
}

const root = resolve(import.meta.dirname, '../..')
const networkGuard = resolve(import.meta.dirname, '../helpers/networkGuard.cjs')

export async function openStudio(home: string, env: Record<string, string> = {}): Promise<Studio> {
  const asRoot = process.getuid?.() === 0
  const app = await _electron.launch({
    args: [...(asRoot ? ['--no-sandbox'] : []), '-r', networkGuard, root],
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
    const guard = { NETWORK_GUARD_LOG: info.outputPath('network') }
    await use(async (env) => {
      const studio = await openStudio(home, { ...guard, ...env })
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
    expect(networkLines(guard.NETWORK_GUARD_LOG, 'attempt')).toEqual([])
  },
})

/** What the guard wrote: `loaded` of each process it is in, `attempt` of each connection it refused. */
export function networkLines(file: string, word: 'loaded' | 'attempt'): string[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return lines.filter((line) => line.startsWith(word))
}

export { expect } from '@playwright/test'
