/** What web content may not do: open windows, navigate away, ask for permissions, attach webviews, reach the network. */
import { app, session, type WebContents } from 'electron'
import { STUDIO_ORIGIN } from './protocol'

const OUTSIDE = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']

export function isStudioUrl(url: string, devServerUrl: string | undefined): boolean {
  return url.startsWith(`${STUDIO_ORIGIN}/`) || (devServerUrl !== undefined && url.startsWith(devServerUrl))
}

/**
 * Chromium resolves no name and uses no proxy: what the page, or Chromium by itself, wants from outside ends there.
 * Must run before the app is ready. Downloads are made by Node in the main process.
 */
export function cutOffChromium(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND, EXCLUDE localhost')
  app.commandLine.appendSwitch('no-proxy-server')
}

/** @param onRefused told of every request that the page made of the network */
export function lockDown(
  devServerUrl: string | undefined,
  onRefused: (method: string, url: string) => void,
): void {
  const { defaultSession } = session
  defaultSession.webRequest.onBeforeRequest({ urls: OUTSIDE }, ({ method, url }, decide) => {
    const isOurs = isStudioUrl(url, devServerUrl) || isDevSocket(url, devServerUrl)
    if (!isOurs) onRefused(method, url)
    decide({ cancel: !isOurs })
  })
  defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === 'clipboard-sanitized-write'),
  )
  defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  )
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, devServerUrl))
}

/** Where the dev server tells of changed files. */
function isDevSocket(url: string, devServerUrl: string | undefined): boolean {
  return devServerUrl !== undefined && url.startsWith(devServerUrl.replace(/^http/, 'ws'))
}

function lockDownContents(contents: WebContents, devServerUrl: string | undefined): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => {
    if (!isStudioUrl(event.url, devServerUrl)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
