/** The app's life: one window on one data folder; services start before it and close after it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, ipcMain, type BrowserWindow } from 'electron'
import { describeError, UserError } from '../shared/errors'
import { EVENT_PREFIX } from '../shared/ipc/bridge'
import { electronDesktop } from './app/desktop'
import { installMenu } from './app/menu'
import { declareStudioScheme, serveStudio } from './app/protocol'
import { cutOffChromium, lockDown } from './app/security'
import { guardClosing, stayAwakeWhileTraining } from './app/training'
import { openWindow } from './app/window'
import { registerIpc } from './ipc/register'
import { createServices, type Services } from './services/create'
import { defaultHome } from './services/home'
import { reportBug } from './services/log'
import { spawnElectronWorker } from './worker/electronHost'

const devServerUrl = process.env.ELECTRON_RENDERER_URL
const out = join(import.meta.dirname, '..')
const home = defaultHome()

app.setName('Tunesmith')
makeFolder(home)
// Chromium's own files stay apart from the user's; the single-instance lock is then one a data folder.
app.setPath('userData', join(home, 'window'))
declareStudioScheme()
cutOffChromium()

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()

function start(): void {
  let services: Services
  try {
    services = createServices({
      home,
      spawnWorker: spawnElectronWorker,
      owner: 'window',
      versions: { app: app.getVersion(), electron: process.versions.electron },
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    dialog.showErrorBox('Tunesmith cannot start', describeError(error))
    app.exit(1)
    return
  }
  process.on('uncaughtException', (error) => reportBug(services.log, error))
  process.on('unhandledRejection', (reason) => reportBug(services.log, reason))
  lockDown(devServerUrl, (method, url) => services.network.refusedPage(method, url))
  serveStudio(join(out, 'renderer'))
  const desktop = electronDesktop(devServerUrl)
  registerIpc(ipcMain, services, desktop)
  installMenu((path) => desktop.send(`${EVENT_PREFIX}app.onNavigate`, { path }))
  stayAwakeWhileTraining(services)
  const window = openWindow({
    preloadFile: join(out, 'preload', 'index.cjs'),
    iconFile: join(app.getAppPath(), 'resources', 'icon.png'),
    devServerUrl,
    home,
  })
  guardClosing(window, services)
  if (services.recovered !== null)
    void dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The database of the studio was damaged',
      detail: services.recovered,
    })
  app.on('second-instance', () => showAgain(window))
  app.on('activate', () => showAgain(window))
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    event.preventDefault()
    void services.close().finally(() => app.exit(0))
  })
}

function showAgain(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** A folder that cannot be made is reported by the services, in words. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch {
    return
  }
}
