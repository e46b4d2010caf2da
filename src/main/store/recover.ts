/**
 * Opens the database, or where it is damaged moves it aside and puts the newest backup that can be read in its place,
 * else an empty one. Nothing is deleted.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { UserError } from '../../shared/errors'
import type { WritableDB } from './handles'
import { stampOf } from './migrate'
import { openStore } from './open'

export interface OpenedStore {
  db: WritableDB
  /** What was done about a damaged database, for the person; null where it was whole. */
  recovered: string | null
}

/** @throws UserError where the file is whole and cannot be used, or cannot be moved */
export function openOrRecover(file: string, atMs: number): OpenedStore {
  try {
    return { db: openStore(file), recovered: null }
  } catch (error) {
    if (!isDamage(error)) throw error
  }
  const aside = moveAside(file, atMs)
  const moved = `The database of the studio was damaged and was moved to ${aside}.`
  for (const backup of backupsOf(file)) {
    const db = opened(backup, file)
    if (!db) continue
    const made = new Date(stampOf(basename(backup))).toISOString().slice(0, 16).replace('T', ' ')
    return {
      db,
      recovered: `${moved} A copy of ${made} UTC took its place: what was recorded later is not listed, its files are still in the data folder.`,
    }
  }
  return {
    db: openStore(file),
    recovered: `${moved} There was no copy to put in its place, so lists begin empty; runs and datasets are still in the data folder.`,
  }
}

/** Only what SQLite itself calls damaged: another program's file is never touched. */
function isDamage(error: unknown): boolean {
  return error instanceof UserError && error.code === 'corrupt' && error.cause instanceof Database.SqliteError
}

function moveAside(file: string, atMs: number): string {
  const folder = join(dirname(file), 'damaged')
  const aside = join(folder, `${basename(file, '.db')}-${atMs}.db`)
  try {
    mkdirSync(folder, { recursive: true })
    for (const part of ['-wal', '-shm', ''])
      if (existsSync(file + part)) renameSync(file + part, aside + part)
  } catch (cause) {
    throw new UserError('io', 'The database of the studio is damaged and could not be moved aside.', {
      where: { file },
      hint: 'Close other Tunesmith processes and check the permissions of the data folder, then start again.',
      cause,
    })
  }
  return aside
}

/** Newest first. */
function backupsOf(file: string): string[] {
  const folder = join(dirname(file), 'backups')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file, '.db')}-`) && name.endsWith('.db'))
    .sort((a, b) => stampOf(b) - stampOf(a))
    .map((name) => join(folder, name))
}

/** null where the backup is damaged too. */
function opened(backup: string, file: string): WritableDB | null {
  copyFileSync(backup, file)
  try {
    return openStore(file)
  } catch (error) {
    if (!isDamage(error)) throw error
    for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true })
    return null
  }
}
