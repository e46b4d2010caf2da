/** Where the window was last time, if that place is still on a screen. */
import { readFileSync, writeFileSync } from 'node:fs'
import { screen, type BrowserWindow, type Rectangle } from 'electron'
import { z } from 'zod'

const Place = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().min(960), height: z.int().min(640) }),
  isMaximized: z.boolean(),
})

interface WindowPlace {
  bounds: Partial<Rectangle> & { width: number; height: number }
  isMaximized: boolean
}

const FIRST_PLACE: WindowPlace = { bounds: { width: 1440, height: 900 }, isMaximized: false }

export function readWindowPlace(file: string): WindowPlace {
  let place: WindowPlace
  try {
    place = Place.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return FIRST_PLACE
  }
  const { x = 0, y = 0 } = place.bounds
  const isOnScreen = screen.getAllDisplays().some(({ workArea: area }) => {
    return (
      x < area.x + area.width - 100 &&
      x + place.bounds.width > area.x + 100 &&
      y >= area.y - 10 &&
      y < area.y + area.height - 100
    )
  })
  return isOnScreen ? place : FIRST_PLACE
}

export function rememberWindowPlace(window: BrowserWindow, file: string): void {
  window.on('close', () => {
    try {
      writeFileSync(
        file,
        JSON.stringify({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }),
      )
    } catch {
      // A place that cannot be kept is no reason to hold up closing.
    }
  })
}
