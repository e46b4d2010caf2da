/** The desktop as the handlers see it: system dialogs, the file manager, and who may call. */
import { BrowserWindow, dialog, shell, type IpcMainInvokeEvent } from 'electron'
import type { Desktop } from '../ipc/desktop'
import { isStudioUrl } from './security'

export function electronDesktop(devServerUrl: string | undefined): Desktop {
  return {
    chooseFile: () =>
      choose({
        title: 'Import data',
        properties: ['openFile'],
        filters: [
          {
            name: 'Data',
            extensions: [
              ...['csv', 'tsv', 'tab', 'jsonl', 'ndjson', 'json', 'parquet'],
              ...['conll', 'iob', 'iob2', 'bio', 'txt', 'md'],
            ],
          },
          { name: 'All files', extensions: ['*'] },
        ],
      }),
    chooseFolder: () =>
      choose({ title: 'Choose a folder', properties: ['openDirectory', 'createDirectory'] }),
    async chooseTarget(name) {
      const { filePath, canceled } = await dialog.showSaveDialog({ title: 'Save as', defaultPath: name })
      return canceled || filePath === '' ? null : filePath
    },
    reveal: (path) => shell.showItemInFolder(path),
    send(channel, payload) {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, payload)
    },
    isTrusted(event) {
      const frame = (event as IpcMainInvokeEvent).senderFrame
      return frame !== null && frame.parent === null && isStudioUrl(frame.url, devServerUrl)
    },
  }
}

async function choose(options: Electron.OpenDialogOptions): Promise<string | null> {
  const parent = BrowserWindow.getFocusedWindow()
  const { filePaths } = await (parent
    ? dialog.showOpenDialog(parent, options)
    : dialog.showOpenDialog(options))
  return filePaths[0] ?? null
}
