/** What one child process measured, and how it is read and shown. */
import { readFileSync } from 'node:fs'
import type { Mode, Trains, WorkloadName } from './cases'

export interface Result {
  /** `tunesmith`, or what runs on the other side. */
  by: string
  workload: WorkloadName
  mode: Mode
  trains: Trains
  dropout: number
  /** Over all measured steps, on both sides. */
  samplesPerSecond: number
  stepMsMin: number
  stepMsMedian: number
  /** Tokens computed in a step, padding included. */
  tokensPerStep: number
  /** Arithmetic of the matrix products that are really done, a step; null where it is not known. */
  flopsPerStep: number | null
  peakRssBytes: number
  /** The step's arithmetic rate over a bare MatMul's, measured in turn in one process; null for the other side. */
  matMulShare: number | null
}

/** High-water mark of this process's memory. */
export function peakRssBytes(): number {
  try {
    const line = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
    if (line) return Number(line[1]) * 1024
  } catch {
    // Not Linux: the system call below knows.
  }
  return process.resourceUsage().maxRSS * 1024
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Columns padded to their widest cell, numbers (all but the first column) to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)))
  return rows
    .map((row) =>
      row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
    )
    .join('\n')
}
