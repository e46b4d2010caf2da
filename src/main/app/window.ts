/** The studio's window: created hidden, shown when painted, its place remembered. */
import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { STUDIO_ORIGIN } from './protocol'
import { readWindowPlace, rememberWindowPlace } from './windowPlace'

export interface WindowOptions {
  preloadFile: string
  devServerUrl: string | undefined
  home: string
  iconFile: string
}

export function openWindow({ preloadFile, devServerUrl, home, iconFile }: WindowOptions): BrowserWindow {
  const placeFile = join(home, 'window.json')
  const place = readWindowPlace(placeFile)
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: 960,
    minHeight: 640,
    show: false,
    title: 'Tunesmith',
    icon: iconFile,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#17191c' : '#fdfdfd',
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  if (place.isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  rememberWindowPlace(window, placeFile)
  void window.loadURL(devServerUrl ?? `${STUDIO_ORIGIN}/index.html`)
  return window
}
