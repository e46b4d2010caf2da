/** What the preload exposes as `window.tunesmith`: names and envelopes, no schemas (it stays tiny). */
import type { UserErrorData } from '../errors'

/** Electron flattens errors that cross IPC, so results travel in an envelope. */
export type Envelope = { ok: true; value: unknown } | { ok: false; error: UserErrorData }

export interface Bridge {
  invoke(channel: string, input: unknown): Promise<Envelope>
  listen(channel: string, listener: (payload: unknown) => void): () => void
  /** The path of a file dropped on the window. */
  pathOf(file: unknown): string
  platform: string
}

export const CALL_PREFIX = 'call:'
export const EVENT_PREFIX = 'event:'
