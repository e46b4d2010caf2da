/** An exported model bundle (DESIGN: one folder that Transformers, transformers.js and onnxruntime load). */
import type { BundleId, RunId } from '../ids'

export interface ParityRow {
  file: string
  /** Largest absolute difference of logits against the run's own model, on real rows. */
  maxAbsDiff: number
  rows: number
  passed: boolean
  note: string | null
}

export interface Bundle {
  id: BundleId
  runId: RunId
  path: string
  sizeBytes: number
  createdAtMs: number
  parity: ParityRow[]
  sha256: string
}

export interface VerifyReport {
  path: string
  files: { name: string; sizeBytes: number; sha256Ok: boolean }[]
  parity: ParityRow[]
  passed: boolean
  problems: string[]
}
