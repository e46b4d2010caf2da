// A run on a tiny encoder and seeded rows: what the tests of the training loop share.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomStream } from '../../../../src/main/engine/random/stream'
import type { LabelledRows } from '../../../../src/main/engine/train/rows'
import { OBJECTIVES } from '../../../../src/main/engine/objectives/registry'
import type { Scorer, TrainHost, TrainResult, TrainSpec } from '../../../../src/main/engine/train/spec'
import { trainRun } from '../../../../src/main/engine/train/trainRun'
import type { EvalMetrics, RunEvent } from '../../../../src/shared/domain/run'
import { parseRunConfig } from '../../../../src/shared/domain/runConfig'
import { RunId } from '../../../../src/shared/ids'

export const LABELS = ['low', 'middle', 'high']
const VOCABULARY = 60

export const TINY_BERT = {
  vocab_size: VOCABULARY,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 32,
  max_position_embeddings: 32,
}

/** Rows whose label is told by their tokens; of lengths 3 to 20 where nothing else is said. */
export function tinyRows(
  count: number,
  seed: number,
  withTypes = false,
  lengthOf = (random: RandomStream) => 3 + random.below(18),
): LabelledRows {
  const random = new RandomStream(seed)
  const ids: number[] = []
  const types: number[] = []
  const offsets = [0]
  const labels: number[] = []
  for (let row = 0; row < count; row++) {
    const label = random.below(LABELS.length)
    const length = lengthOf(random)
    ids.push(2)
    for (let t = 1; t < length; t++)
      ids.push(random.below(3) === 0 ? 5 + label : 10 + random.below(VOCABULARY - 10))
    for (let t = 0; t < length; t++) types.push(t > length / 2 ? 1 : 0)
    offsets.push(ids.length)
    labels.push(label)
  }
  return {
    ids: Int32Array.from(ids),
    offsets: Int32Array.from(offsets),
    typeIds: withTypes ? Int32Array.from(types) : null,
    labels: Int32Array.from(labels),
  }
}

/** The share of answers whose largest logit is the label's. */
export function accuracyScorer(rows: LabelledRows): Scorer {
  let hits = 0
  return {
    add(answer, logits) {
      if (logits.indexOf(Math.max(...logits)) === rows.labels[answer]) hits++
    },
    metrics: () => ({ accuracy: hits / rows.labels.length }),
  }
}

/** A scorer that tells what it is told. */
export function scripted(metrics: () => EvalMetrics): () => Scorer {
  return () => ({ add: () => undefined, metrics })
}

export async function tinySpec(
  settings: Record<string, unknown>,
  more: Partial<TrainSpec> & { rows?: number; withTypes?: boolean; model?: Record<string, unknown> } = {},
): Promise<TrainSpec> {
  const { rows = 44, withTypes = false, model = {}, ...rest } = more
  const folder = await mkdtemp(join(tmpdir(), 'tiny-run-'))
  const config = { ...TINY_BERT, ...model }
  return {
    runId: RunId.parse('tiny'),
    config: parseRunConfig({
      task: 'sequence-classification',
      model: { architecture: 'bert', config },
      dataset: { train: 'train.csv' },
      per_device_train_batch_size: 8,
      learning_rate: 3e-3,
      num_train_epochs: 2,
      logging_steps: 1,
      num_threads: 1,
      save_strategy: 'no',
      ...settings,
    }),
    origin: { kind: 'random', architecture: 'bert', config },
    objective: OBJECTIVES['single-label'],
    labels: LABELS,
    train: tinyRows(rows, 1, withTypes),
    validation: tinyRows(20, 2, withTypes),
    outputDir: join(folder, 'model'),
    checkpointsDir: join(folder, 'checkpoints'),
    tokenizerFiles: {},
    facts: { data_sha256: 'data', tokenizer_sha256: 'tokenizer' },
    ...rest,
  }
}

export interface Recorded {
  events: RunEvent[]
  result: TrainResult
}

/** Runs; `cancelAfter` aborts as soon as that step is logged. */
export async function record(
  spec: TrainSpec,
  { cancelAfter, ...host }: Partial<TrainHost> & { cancelAfter?: number } = {},
): Promise<Recorded> {
  const events: RunEvent[] = []
  const cancel = new AbortController()
  const result = await trainRun(spec, {
    signal: cancel.signal,
    paused: () => null,
    newScorer: () => accuracyScorer(spec.validation!),
    ...host,
    emit(event) {
      events.push(event)
      host.emit?.(event)
      if (event.event === 'step' && event.step === cancelAfter) cancel.abort()
    },
  })
  return { events, result }
}

export function eventsOf<E extends RunEvent['event']>(
  { events }: Pick<Recorded, 'events'>,
  kind: E,
): Extract<RunEvent, { event: E }>[] {
  return events.filter((event): event is Extract<RunEvent, { event: E }> => event.event === kind)
}
