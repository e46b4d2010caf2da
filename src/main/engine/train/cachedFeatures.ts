/**
 * Head-only training on kept features: what the frozen trunk says of a row is computed once and put into a table, and
 * the head trains as the head of a model whose trunk looks rows up in that table. The trunk's dropout is off, so this is
 * not the training that a frozen trunk in training mode gives: it is asked for by name (`cache_features`).
 */
import { UserError } from '../../../shared/errors'
import { Graph } from '../ir/graph'
import { MAX_ARENA_BYTES } from '../kernels/memory'
import type { Encoder, Head, TaskModel } from '../models/architecture'
import type { ParameterSpec } from '../nn/parameter'
import { gather, select, Slice } from '../ops/movement'
import type { SessionOptions } from '../runtime/session'
import type { Parameters } from './parameters'
import { Predictor } from './predict'
import { type LabelledRows, rowCount } from './rows'

/** The name no file holds a parameter by. */
const TABLE = 'cached_features'

export interface FeatureRows {
  train: LabelledRows
  validation: LabelledRows | null
}

export class CachedFeatures {
  /** The head above the table. */
  readonly model: TaskModel
  /** [train + validation rows, H] */
  readonly table: ParameterSpec
  readonly train: LabelledRows
  readonly validation: LabelledRows | null

  /** @throws UserError `bad-config` where the head reads more than a row's first vector, or the table would not fit. */
  constructor(
    readonly trunk: TaskModel,
    readonly rows: FeatureRows,
  ) {
    const { encoder, head } = trunk
    if (rows.train.places || !readsFirstVector(trunk))
      throw refusal('The head of this model reads more than the first token of a row.')
    const trainRows = rowCount(rows.train)
    const count = trainRows + (rows.validation ? rowCount(rows.validation) : 0)
    if (count * encoder.width * 4 > MAX_ARENA_BYTES / 2)
      throw refusal(`${count} rows of ${encoder.width} numbers do not fit into memory.`)
    this.table = {
      name: TABLE,
      shape: [count, encoder.width],
      initializer: { kind: 'zeros' },
      gradient: 'rows',
    }
    this.model = {
      ...trunk,
      encoder: lookUp(encoder, this.table),
      parameters: [this.table, ...head.parameters],
    }
    this.train = rowsOfTable(rows.train, 0)
    this.validation = rows.validation && rowsOfTable(rows.validation, trainRows)
  }

  /** Runs the trunk once for every row. `onRows` is told how many are done, and may throw to stop. */
  async fill(
    parameters: Parameters,
    session: SessionOptions,
    onRows: (done: number, total: number) => void,
  ): Promise<void> {
    const { encoder } = this.trunk
    const firstVector: Head = { parameters: [], forward: (_, hidden) => select(hidden, 1, 0) }
    const predictor = new Predictor(
      { encoder, head: firstVector, parameters: encoder.parameters, numLabels: encoder.width },
      parameters,
      session,
    )
    const { values } = parameters.get(TABLE)
    const [total, width] = this.table.shape as [number, number]
    let start = 0
    try {
      for (const rows of [this.rows.train, this.rows.validation]) {
        if (!rows) continue
        const from = start
        await predictor.run(
          { ...rows, places: null },
          (row, features) => values.set(features, (from + row) * width),
          (done) => onRows(from + done, total),
        )
        start += rowCount(rows)
      }
    } finally {
      await predictor.release()
    }
  }
}

/** A trunk of one token a row, whose id is the row of the table. */
function lookUp(encoder: Encoder, table: ParameterSpec): Encoder {
  return {
    parameters: [table],
    width: encoder.width,
    vocabSize: table.shape[0]!,
    maxPositions: 1,
    typeVocabSize: 1,
    padTokenId: 0,
    basePrefix: encoder.basePrefix,
    wordEmbeddings: table,
    numLayers: 0,
    layerOf: () => 0,
    forward: ({ graph }, { ids }) => gather(graph.param(table.name, table.shape), ids),
  }
}

function rowsOfTable({ labels, offsets }: LabelledRows, from: number): LabelledRows {
  return {
    ids: Int32Array.from({ length: offsets.length - 1 }, (_, row) => from + row),
    offsets: Int32Array.from(offsets, (_, row) => row),
    typeIds: null,
    labels,
  }
}

/** Whether the head reads nothing of [B,T,H] but what stands at the first token. */
function readsFirstVector({ encoder, head }: Pick<TaskModel, 'encoder' | 'head'>): boolean {
  const graph = new Graph()
  const hidden = graph.feed('hidden', 'float32', [1, 2, encoder.width])
  const inputs = {
    ids: graph.feed('ids', 'int32', [1, 2]),
    attentionBias: graph.feed('bias', 'float32', [1, 1, 1, 2]),
  }
  head.forward({ graph, training: false }, hidden, inputs)
  const given = new Set([hidden, inputs.ids, inputs.attentionBias])
  const readers = graph.nodes.filter((node) => node.inputs.some((value) => value && given.has(value)))
  return readers.every(
    ({ op, attrs }) =>
      op.name === Slice.name && attrs['axis'] === 1 && attrs['start'] === 0 && attrs['end'] === 1,
  )
}

function refusal(why: string): UserError {
  return new UserError('bad-config', `Features cannot be kept. ${why}`, {
    where: { field: 'cache_features' },
    hint: 'Turn cache_features off: the frozen layers then run in each step.',
  })
}
