/** What a run is given and what it may ask of its surroundings. */
import type { EvalMetrics, Prediction, RunEndState, RunEvent, RunFacts } from '../../../shared/domain/run'
import type { RunConfig } from '../../../shared/domain/runConfig'
import type { RunId } from '../../../shared/ids'
import type { ModelOrigin } from '../models/open'
import type { LabelledRows, TokenRows } from './rows'

export interface TrainSpec {
  runId: RunId
  config: RunConfig
  origin: ModelOrigin
  /** Labels in id order (see models/labels). */
  labels: readonly string[]
  train: LabelledRows
  /** `null` where there are no validation rows. */
  validation: LabelledRows | null
  /** The finished model goes here, in Hugging Face layout. */
  outputDir: string
  checkpointsDir: string
  /** Tokenizer files copied into every checkpoint and the finished model: name in the folder → path. */
  tokenizerFiles: Readonly<Record<string, string>>
  /** Checkpoint folder to go on from. */
  resumeFrom?: string
  facts: Pick<RunFacts, 'data_sha256' | 'tokenizer_sha256'>
}

export interface TrainHost {
  emit(event: RunEvent): void
  /** Aborted to cancel: the run writes a checkpoint and ends as `cancelled`. */
  signal: AbortSignal
  /** A promise that resolves when the pause ends, or `null` while nobody paused. */
  paused(): Promise<void> | null
  /** Metrics without the eval_ prefix; the loss is added. */
  computeMetrics(logits: Float32Array, labels: Int32Array, classes: number): EvalMetrics
  /** Rows to predict at the start and after each evaluation, and how their logits become predictions. */
  watched?: { rows: TokenRows; describe(logits: Float32Array): Prediction[] }
  /** A rule from outside (a study's pruner): a reason to stop, or `null`. */
  shouldStopAfterEvaluation?(metrics: EvalMetrics, step: number): string | null
  /** For tests: milliseconds since an arbitrary start. */
  nowMs?: () => number
}

export interface TrainResult {
  state: RunEndState
  reason?: string
  metrics: EvalMetrics
  steps: number
}
