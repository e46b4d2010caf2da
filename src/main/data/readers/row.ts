/** What every reader yields. */
import type { CellValue, RejectedRow } from '../../../shared/domain/dataset'
import type { SourceFormat } from '../../../shared/domain/sourceFormats'

export interface SourceRow {
  /** 1-based; in delimited files the header is row 1. */
  row: number
  cells: Record<string, CellValue>
}

/** A file being read: its rows once, and what was found out about it. */
export interface RowSource {
  format: SourceFormat
  encoding: string
  /** Of delimited files. */
  delimiter?: string
  /** Rows refused so far; complete when `rows` has ended. */
  rejects: Rejects
  /** @throws UserError if the file as a whole cannot be read */
  rows(): AsyncIterable<SourceRow>
}

export interface ReadHooks {
  onProgress?: (readBytes: number, totalBytes: number) => void
  signal?: AbortSignal
}

export const REJECTED_ROWS_KEPT = 1000
const EXCERPT_CHARACTERS = 200

/** Longer values are refused: no model reads two million characters, and memory has an end. */
export const MAX_CELL_CHARACTERS = 2_000_000

/** Rows a reader could not use: all counted, the first thousand kept with their reasons. */
export class Rejects {
  readonly kept: RejectedRow[] = []
  count = 0

  add(row: number, field: string | null, reason: string, excerpt: string): void {
    this.count++
    if (this.kept.length < REJECTED_ROWS_KEPT) {
      this.kept.push({ row, field, reason, excerpt: excerpt.slice(0, EXCERPT_CHARACTERS) })
    }
  }
}
