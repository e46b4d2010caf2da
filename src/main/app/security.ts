/** What web content may not do: open windows, navigate away, ask for permissions, attach webviews. */
import { app, session, type WebContents } from 'electron'
import { STUDIO_ORIGIN } from './protocol'

export function isStudioUrl(url: string, devServerUrl: string | undefined): boolean {
  return url.startsWith(`${STUDIO_ORIGIN}/`) || (devServerUrl !== undefined && url.startsWith(devServerUrl))
}

export function lockDown(devServerUrl: string | undefined): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === 'clipboard-sanitized-write'),
  )
  defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write',
  )
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents, devServerUrl))
}

function lockDownContents(contents: WebContents, devServerUrl: string | undefined): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => {
    if (!isStudioUrl(event.url, devServerUrl)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
}
