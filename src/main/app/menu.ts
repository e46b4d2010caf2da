/** The application menu: platform conventions, and the panes with their keys. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron'

export function installMenu(navigate: (path: string) => void): void {
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Import Data…', accelerator: 'CmdOrCtrl+O', click: () => navigate('/data?import=file') },
        { label: 'New Run', accelerator: 'CmdOrCtrl+N', click: () => navigate('/train') },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
