/** A run: its states, the events it emits and what the history shows of it. */
import { z } from 'zod'
import type { CheckpointId, RunId } from '../ids'
import type { RunConfig } from './runConfig'
import type { Problem } from './tasks'

export const RUN_STATES = [
  'queued',
  'preparing',
  'running',
  'paused',
  'completed',
  'stopped', // by a rule: early stopping
  'cancelled', // by the user
  'failed',
  'interrupted', // its process died; can be resumed
] as const
export const RunState = z.enum(RUN_STATES)
export type RunState = z.infer<typeof RunState>

export const ENDED_STATES: readonly RunState[] = [
  'completed',
  'stopped',
  'cancelled',
  'failed',
  'interrupted',
]
export const RESUMABLE_STATES: readonly RunState[] = ['cancelled', 'failed', 'interrupted']

/** One logged training step: mean loss since the last log, global gradient norm before clipping. */
export interface StepMetrics {
  step: number
  epoch: number
  loss: number
  grad_norm: number
  learning_rate: number
  tokens_per_second: number
  samples_per_second: number
}

/** Names as in Transformers, without the eval_ prefix: loss, accuracy, f1 … plus runtime figures. */
export type EvalMetrics = Record<string, number>

/** What a model says of a row; which of them depends on its task. */
export type Answer =
  /** One of several classes, with the probability of each in the order of the model's labels. */
  | { label: string; scores: Record<string, number> }
  /** Any number of labels: those with a probability of at least one half. */
  | { labels: string[]; scores: Record<string, number> }
  | { value: number }
  /** A tag for each token of the row; `null` for tokens beyond max_length. */
  | { tags: (string | null)[] }
  /** What stands at each mask of the text, likeliest first, and the text with the likeliest filled in. */
  | { fills: { token: string; score: number }[][]; filled: string }

/** What is known of a row's true answer: a label, several, a number, tags, or the tokens under the masks. */
export type Reference = string | number | readonly string[]

/** A row that a model is asked about. */
export interface AskedRow {
  text: string
  text_pair?: string
  /** The words of a row whose tokens are tagged. */
  tokens?: readonly string[]
  reference?: Reference
}

export type Prediction = AskedRow & Answer

export type RunEndState = Extract<RunState, 'completed' | 'stopped' | 'cancelled' | 'failed'>

/**
 * What a run tells while it goes. The same objects, with `event` as their first key, are the lines of
 * `tunesmith train --json` (docs/cli.md).
 */
export type RunEvent =
  | { event: 'state'; state: RunState; reason?: string }
  | { event: 'prepare'; stage: string; done: number; total: number }
  | ({
      event: 'start'
      run: RunId
      total_steps: number
      trainable_parameters: number
      total_parameters: number
    } & RunFacts)
  | ({ event: 'step' } & StepMetrics)
  | {
      event: 'progress'
      step: number
      total_steps: number
      epoch: number
      samples_per_second: number
      seconds_left: number | null
      rss_bytes: number
    }
  | { event: 'evaluate'; step: number; epoch: number; metrics: EvalMetrics }
  | { event: 'predictions'; step: number; rows: Prediction[] }
  | {
      event: 'checkpoint'
      step: number
      path: string
      kind: CheckpointKind
      size_bytes: number
      is_best: boolean
      metrics: EvalMetrics | null
    }
  | { event: 'checkpoint-deleted'; path: string }
  | { event: 'baseline'; name: string; metrics: EvalMetrics }
  | { event: 'note'; text: string }
  | {
      event: 'end'
      run: RunId
      state: RunEndState
      reason?: string
      metrics: EvalMetrics
      train_samples_per_second: number
      train_runtime_seconds: number
      peak_rss_bytes: number
      output_dir: string
    }

export interface RunFacts {
  labels: string[]
  train_rows: number
  validation_rows: number
  provider: string
  num_threads: number
  data_sha256: string
  tokenizer_sha256: string
}

/** saved: by save_steps; resume: the two-minute safety point; final: the model a finished run leaves. */
export type CheckpointKind = 'saved' | 'resume' | 'final'

export interface Checkpoint {
  id: CheckpointId
  runId: RunId
  step: number
  kind: CheckpointKind
  path: string
  sizeBytes: number
  isBest: boolean
  metrics: EvalMetrics | null
  createdAtMs: number
}

/** A verdict at the end of a run: one plain sentence and the next step it offers. */
export interface Finding {
  sentence: string
  action?: {
    label: string
    kind: 'open-run' | 'export' | 'train-again' | 'open-data' | 'compare'
    set?: Record<string, unknown>
  }
}

export interface RunSummary {
  id: RunId
  number: number
  name: string
  state: RunState
  reason: string | null
  problem: Problem
  datasetName: string
  modelName: string
  createdAtMs: number
  /** Runs that wait start in this order; moving one in the queue changes it. */
  queuedAtMs: number
  startedAtMs: number | null
  endedAtMs: number | null
  step: number
  totalSteps: number | null
  epoch: number
  /** Last training loss, last and best evaluation. */
  lastLoss: number | null
  lastEval: EvalMetrics | null
  bestEval: EvalMetrics | null
  samplesPerSecond: number | null
  peakRssBytes: number | null
  owner: 'window' | 'cli' | null
  seed: number
}

export interface RunDetail extends RunSummary {
  config: RunConfig
  facts: RunFacts | null
  environment: Record<string, string>
  outputDir: string
  trainableParameters: number | null
  totalParameters: number | null
  baselines: { name: string; metrics: EvalMetrics }[]
  evaluations: { step: number; epoch: number; metrics: EvalMetrics }[]
  predictions: { step: number; rows: Prediction[] } | null
  checkpoints: Checkpoint[]
  events: { atMs: number; text: string; kind: 'state' | 'checkpoint' | 'evaluation' | 'note' }[]
  findings: Finding[]
  lastResumePointAtMs: number | null
}

/** A curve ready to draw: x and y of the same length, thinned on the main side. */
export interface Series {
  name: string
  steps: number[]
  values: number[]
}
