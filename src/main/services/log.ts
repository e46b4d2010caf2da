/** The log file of the services: one line an entry, one older file kept. Never shown to the user, named in errors. */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from './home'
import { newId } from './newId'

export type LogLevel = 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, text: string) => void

const MAX_BYTES = 5_000_000

export function fileLog(home: Home, name: string): Log {
  const file = join(home.logs, `${name}.log`)
  return (level, text) => {
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`)
      appendFileSync(file, `${new Date().toISOString()} ${level} ${process.pid} ${text}\n`)
    } catch {
      // A log that cannot be written must not stop what it tells of.
    }
  }
}

/** Logs a bug with its stack and returns the id under which the log has it. */
export function reportBug(log: Log, error: unknown): string {
  const id = newId<string>().slice(0, 8)
  log('error', `report ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return id
}
