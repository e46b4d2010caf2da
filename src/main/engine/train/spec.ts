/** What a run is given and what it may ask of its surroundings. */
import type { EvalMetrics, Prediction, RunEndState, RunEvent, RunFacts } from '../../../shared/domain/run'
import type { RunConfig } from '../../../shared/domain/runConfig'
import type { RunId } from '../../../shared/ids'
import type { ModelOrigin } from '../models/open'
import type { Objective } from '../objectives/objective'
import type { TakeLogits } from './predict'
import type { AskedRows, LabelledRows } from './rows'

export interface TrainSpec {
  runId: RunId
  config: RunConfig
  origin: ModelOrigin
  objective: Objective
  /** Labels in id order (see models/labels); none where the answers are tokens. */
  labels: readonly string[]
  train: LabelledRows
  /** The training rows of an epoch, where they differ from epoch to epoch: same lengths, other ids and labels. */
  trainOfEpoch?(epoch: number): LabelledRows
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

/** Takes the logits of every answer once, in any order, and tells metrics without the eval_ prefix. */
export interface Scorer {
  add(answer: number, logits: Float32Array): void
  /** `loss`: the evaluation loss, for figures made of it. */
  metrics(loss: number): EvalMetrics
}

/** Keeps what was answered to the validation rows, answer by answer. Fails without throwing: a run goes on without it. */
export interface AnswerStore {
  /** Takes the logits of one evaluation; they are kept once it is whole. */
  open(): { add: TakeLogits; save(evaluation: Evaluation): Promise<void> }
  /** Forgets those of all other steps. */
  retain(steps: readonly number[]): Promise<void>
}

export interface Evaluation {
  step: number
  epoch: number
  metrics: EvalMetrics
}

export interface TrainHost {
  emit(event: RunEvent): void
  /** Aborted to cancel: the run writes a checkpoint and ends as `cancelled`. */
  signal: AbortSignal
  /** A promise that resolves when the pause ends, or `null` while nobody paused. */
  paused(): Promise<void> | null
  /** Judges the answers to the validation rows, beside the loss. */
  newScorer(): Scorer
  answers?: AnswerStore
  /** Rows to predict at the start and after each evaluation, and how their logits become predictions. */
  watched?: { rows: AskedRows; describe(logits: Float32Array): Prediction[] }
  /** A rule from outside (a study's pruner): a reason to stop, or `null`. */
  shouldStopAfterEvaluation?(metrics: EvalMetrics, step: number): string | null
  /** Asked before each step: a reason to end now with the weights there are, or `null`. */
  stopRequested?(): string | null
  /** For tests: milliseconds since an arbitrary start. */
  nowMs?: () => number
  /** For tests: how long a refused checkpoint waits for its next try. */
  retryMs?: number
}

export interface TrainResult {
  state: RunEndState
  reason?: string
  metrics: EvalMetrics
  steps: number
}
