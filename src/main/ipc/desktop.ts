/** What handlers need of the desktop; the app implements it with Electron, a test with anything. */
export interface Desktop {
  /** The system's open dialog for a data file; null where it was dismissed. */
  chooseFile(): Promise<string | null>
  chooseFolder(): Promise<string | null>
  /** The system's save dialog, with a name to begin with. */
  chooseTarget(name: string): Promise<string | null>
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): void
  /** Sends to every window of ours. */
  send(channel: string, payload: unknown): void
  /** Whether a call comes from our own page in our own window. */
  isTrusted(event: unknown): boolean
}

/** The part of Electron's ipcMain that is used. */
export interface IpcMainLike {
  handle(channel: string, listener: (event: unknown, input: unknown) => Promise<unknown>): void
  removeHandler(channel: string): void
}
