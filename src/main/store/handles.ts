/**
 * Branded database handles: a function that takes a ReadableDB cannot write, one that takes a WritableDB says so.
 * Statements are prepared once a handle and kept.
 */
import type Database from 'better-sqlite3'
import { storeError } from './storeError'

declare const READABLE: unique symbol
declare const WRITABLE: unique symbol
export type ReadableDB = Database.Database & { readonly [READABLE]: true }
export type WritableDB = ReadableDB & { readonly [WRITABLE]: true }

export type Params = Record<string, string | number | null>

const statements = new WeakMap<Database.Database, Map<string, Database.Statement>>()

function prepared(db: ReadableDB, sql: string): Database.Statement {
  const known = statements.get(db) ?? new Map<string, Database.Statement>()
  statements.set(db, known)
  const statement = known.get(sql) ?? db.prepare(sql)
  known.set(sql, statement)
  return statement
}

/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- a query's row type is known to its caller alone */
export function allRows<R>(db: ReadableDB, sql: string, params: Params = {}): R[] {
  return guarded(db, () => prepared(db, sql).all(params) as R[])
}

export function oneRow<R>(db: ReadableDB, sql: string, params: Params = {}): R | undefined {
  return guarded(db, () => prepared(db, sql).get(params) as R | undefined)
}
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** Rows as arrays, one at a time. */
export function eachRow(db: ReadableDB, sql: string, params: Params, visit: (row: unknown[]) => void): void {
  guarded(db, () => {
    const statement = db.prepare(sql).raw(true)
    for (const row of statement.iterate(params)) visit(row as unknown[])
  })
}

/** Runs a statement that writes; returns how many rows it changed. */
export function change(db: WritableDB, sql: string, params: Params = {}): number {
  return guarded(db, () => prepared(db, sql).run(params).changes)
}

/** One immediate transaction; nested calls join the outer one. */
export function inTransaction<T>(db: WritableDB, work: () => T): T {
  if (db.inTransaction) return work()
  return guarded(db, () => db.transaction(work).immediate())
}

/** One consistent view over several reads. */
export function inSnapshot<T>(db: ReadableDB, read: () => T): T {
  if (db.inTransaction) return read()
  return guarded(db, () => db.transaction(read).deferred())
}

function guarded<T>(db: ReadableDB, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(error, db.name)
  }
}
