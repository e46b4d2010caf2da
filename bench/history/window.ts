/** The Runs pane in the real app: how long until it shows rows, and what a frame of scrolling costs. */
import { _electron, type CDPSession } from '@playwright/test'

interface Frame {
  scriptMs: number
  /** Style and layout. */
  layoutMs: number
}

const FRAMES = 300
/** Pixels a frame: a slow wheel, a fast one, a flick. */
const SPEEDS = [40, 120, 400]

export async function measureWindow(home: string): Promise<{ firstRowMs: number; frames: Frame[] }> {
  const asRoot = process.getuid?.() === 0
  const app = await _electron.launch({
    args: [...(asRoot ? ['--no-sandbox'] : []), process.cwd()],
    cwd: process.cwd(),
    env: { ...(process.env as Record<string, string>), TUNESMITH_HOME: home },
  })
  try {
    const page = await app.firstWindow()
    await page.getByRole('navigation', { name: 'Panes' }).waitFor()
    const firstRowMs = await page.evaluate(async () => {
      const startMs = performance.now()
      location.hash = '#/runs'
      while (!document.querySelector('section[aria-label="Runs"] tr[data-index]'))
        await new Promise(requestAnimationFrame)
      return performance.now() - startMs
    })
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const frames: Frame[] = []
    for (let i = 0; i < FRAMES; i++) {
      const before = await durations(session)
      await page.evaluate(
        async (pixels) => {
          const row = document.querySelector('section[aria-label="Runs"] tr[data-index]')!
          row.closest('.scroll')!.scrollTop += pixels
          await new Promise(requestAnimationFrame)
          await new Promise(requestAnimationFrame)
        },
        SPEEDS[i % SPEEDS.length]!,
      )
      const after = await durations(session)
      frames.push({ scriptMs: after.scriptMs - before.scriptMs, layoutMs: after.layoutMs - before.layoutMs })
    }
    return { firstRowMs, frames }
  } finally {
    await app.close()
  }
}

/** So far in this page. */
async function durations(session: CDPSession): Promise<Frame> {
  const { metrics } = await session.send('Performance.getMetrics')
  const of = (name: string): number => 1000 * (metrics.find((metric) => metric.name === name)?.value ?? 0)
  return { scriptMs: of('ScriptDuration'), layoutMs: of('LayoutDuration') + of('RecalcStyleDuration') }
}
