/**
 * The one bridge between the sandboxed renderer and main. Only names with the contract's prefixes pass: a call reaches
 * a handler whose input is validated in main, an event comes from main alone. `ipcRenderer` itself is never exposed.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { CALL_PREFIX, EVENT_PREFIX, type Bridge, type Envelope } from '../shared/ipc/bridge'

const bridge: Bridge = {
  invoke: (channel, input) => ipcRenderer.invoke(CALL_PREFIX + channel, input) as Promise<Envelope>,
  listen(channel, listener) {
    const forward = (_event: unknown, payload: unknown) => listener(payload)
    ipcRenderer.on(EVENT_PREFIX + channel, forward)
    return () => void ipcRenderer.off(EVENT_PREFIX + channel, forward)
  },
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  platform: process.platform,
}

contextBridge.exposeInMainWorld('tunesmith', bridge)
