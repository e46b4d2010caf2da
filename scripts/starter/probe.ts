/**
 * How much of the sample's task a frozen encoder knows: logistic regression on its pooled vectors with 200 labelled
 * rows. Its rows are training rows of the sample that pretraining does not read: no choice was made by the sample's
 * validation rows.
 */
import {
  fitLogisticRegression,
  predictClasses,
  type SparseMatrix,
} from '../../src/main/data/baseline/logisticRegression'
import { shuffle } from '../../src/main/data/random'
import { seededRandom } from '../../src/shared/seededRandom'
import { type SemanticFieldsRow, semanticFieldsRows } from '../../src/main/data/sample/semanticFields'
import { Graph } from '../../src/main/engine/ir/graph'
import { inferenceGraph } from '../../src/main/engine/passes/trainingGraph'
import { type HostTensor, Session } from '../../src/main/engine/runtime/session'
import type { Tokenizer } from '../../src/main/engine/tokenize/tokenizer'
import type { Parameters } from '../../src/main/engine/train/parameters'
import { NEVER, type Stage } from './batches'
import { SIZE, type StarterModel } from './model'

export const PROBED = 1600
const LABELLED = 200
const DRAWS = 5
const ROWS_SEED = 7
const LENGTH = 32
/** Rows of one run of the session. */
const ROWS = 64

export function probeRows(rows: readonly SemanticFieldsRow[]): SemanticFieldsRow[] {
  const training = rows.filter(({ split }) => split === 'train')
  return shuffle(training, seededRandom(ROWS_SEED)).slice(0, PROBED)
}

export class Probe {
  private constructor(
    readonly session: Session,
    /** Of one run each. */
    readonly feeds: readonly Record<string, HostTensor>[],
    readonly labels: readonly number[],
  ) {}

  static async create(
    model: StarterModel,
    tokenizer: Tokenizer,
    { stage, numThreads }: { stage: Stage; numThreads: number },
  ): Promise<Probe> {
    const rows = probeRows(await semanticFieldsRows())
    const names = [...new Set(rows.map(({ cells }) => cells.label))].sort()
    const texts = rows.map(({ cells }) => tokenizer.encodeIds(cells.text, null, { maxLength: LENGTH }).ids)
    const feeds = []
    for (let row = 0; row < PROBED; row += ROWS) feeds.push(feedsOf(texts.slice(row, row + ROWS), stage))
    const session = await Session.create(inferenceGraph(pooledGraph(model, stage)), { numThreads })
    return new Probe(
      session,
      feeds,
      rows.map(({ cells }) => names.indexOf(cells.label)),
    )
  }

  /** Mean over draws of labelled rows. */
  async accuracy(parameters: Parameters): Promise<number> {
    const features = await this.#features(parameters)
    const classes = Math.max(...this.labels) + 1
    let total = 0
    for (let seed = 0; seed < DRAWS; seed++) {
      const order = shuffle([...this.labels.keys()], seededRandom(seed))
      const [known, asked] = [order.slice(0, LABELLED), order.slice(LABELLED)]
      const labels = known.map((row) => this.labels[row]!)
      const fitted = await fitLogisticRegression(matrix(features, known), labels, classes, { C: 1 })
      const found = predictClasses(fitted, matrix(features, asked))
      total += asked.filter((row, i) => this.labels[row] === found[i]).length / asked.length
    }
    return total / DRAWS
  }

  async #features(parameters: Parameters): Promise<Float32Array> {
    const weights: Record<string, HostTensor> = {}
    for (const { spec, values } of parameters.all())
      if (this.session.inputNames.includes(spec.name))
        weights[spec.name] = { dtype: 'float32', shape: spec.shape, data: values }
    const features = new Float32Array(PROBED * SIZE.width)
    for (const [i, feeds] of this.feeds.entries()) {
      const { pooled } = await this.session.evaluate({ ...weights, ...feeds })
      features.set(pooled!.data as Float32Array, i * ROWS * SIZE.width)
    }
    return features
  }
}

function pooledGraph(model: StarterModel, stage: Stage): Graph {
  const graph = new Graph()
  const forward = { graph, training: false }
  const ids = graph.feed('input_ids', 'int32', [ROWS, LENGTH])
  if (stage === 'words') {
    const weights = graph.feed('text_weights', 'float32', [ROWS, 1, LENGTH])
    graph.output('pooled', model.bagOfText(forward, ids, weights))
  } else {
    const bias = graph.feed('attention_bias', 'float32', [ROWS, 1, 1, LENGTH])
    graph.output('pooled', model.pool(forward, model.encode(forward, ids, bias)))
  }
  return graph
}

function feedsOf(texts: readonly ArrayLike<number>[], stage: Stage): Record<string, HostTensor> {
  const ids = new Int32Array(ROWS * LENGTH)
  const weights = new Float32Array(ROWS * LENGTH)
  const bias = new Float32Array(ROWS * LENGTH).fill(NEVER)
  texts.forEach((text, row) => {
    const at = row * LENGTH
    ids.set(text, at)
    bias.fill(0, at, at + text.length)
    weights.fill(1 / (text.length - 2), at + 1, at + text.length - 1)
  })
  const input_ids: HostTensor = { dtype: 'int32', shape: [ROWS, LENGTH], data: ids }
  return stage === 'words'
    ? { input_ids, text_weights: { dtype: 'float32', shape: [ROWS, 1, LENGTH], data: weights } }
    : { input_ids, attention_bias: { dtype: 'float32', shape: [ROWS, 1, 1, LENGTH], data: bias } }
}

function matrix(features: Float32Array, rows: readonly number[]): SparseMatrix {
  const { width } = SIZE
  const values = new Float64Array(rows.length * width)
  rows.forEach((row, i) => values.set(features.subarray(row * width, (row + 1) * width), i * width))
  return {
    rows: rows.length,
    columns: width,
    starts: Int32Array.from({ length: rows.length + 1 }, (_, i) => i * width),
    indices: Int32Array.from(values, (_, i) => i % width),
    values,
  }
}
