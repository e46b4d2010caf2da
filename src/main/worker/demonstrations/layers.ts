/** Figures about layers: the engine's operators, run in a session of their own. */
import type { DemonstrationResults, ATTENTION_MASKS } from '../../../shared/domain/demonstration'
import { Graph, type Value } from '../../engine/ir/graph'
import { attention, layerNorm, softmax } from '../../engine/ops'
import { nameKey, RandomStream } from '../../engine/random/stream'
import { MASKED_SCORE } from '../../engine/ops/relative'
import { Session, type HostTensor } from '../../engine/runtime/session'

interface Feed {
  shape: readonly number[]
  values: readonly number[]
}

/** One graph, one run, one output. */
async function evaluate(
  feeds: Readonly<Record<string, Feed>>,
  build: (inputs: Record<string, Value>) => Value,
): Promise<number[]> {
  const graph = new Graph()
  const inputs: Record<string, Value> = {}
  const tensors: Record<string, HostTensor> = {}
  for (const [name, { shape, values }] of Object.entries(feeds)) {
    inputs[name] = graph.feed(name, 'float32', shape)
    tensors[name] = { dtype: 'float32', shape, data: Float32Array.from(values) }
  }
  graph.output('y', build(inputs))
  const session = await Session.create(graph, { numThreads: 1 })
  try {
    const { y } = await session.evaluate(tensors, ['y'])
    return Array.from(y!.data as Float32Array)
  } finally {
    await session.release()
  }
}

/** temperature divides the logits before the operator that training uses. */
export async function softmaxAt(
  logits: readonly number[],
  temperature: number,
): Promise<DemonstrationResults['softmax']> {
  const scaled = logits.map((z) => z / temperature)
  const probabilities = await evaluate({ x: { shape: [1, logits.length], values: scaled } }, ({ x }) =>
    softmax(x!),
  )
  return { probabilities }
}

const EPSILON = 1e-5

/**
 * Layer normalization over each row; batch normalization over each column, which is the same operator on the table
 * turned around (scale 1, shift 0, statistics of this batch).
 */
export async function normalization(
  rows: readonly (readonly number[])[],
): Promise<DemonstrationResults['normalization']> {
  const turned = rows[0]!.map((_, column) => rows.map((row) => row[column]!))
  return { layer: await normalizeRows(rows), batch: transposed(await normalizeRows(turned)) }
}

async function normalizeRows(rows: readonly (readonly number[])[]): Promise<number[][]> {
  const width = rows[0]!.length
  const vector = (value: number): Feed => ({ shape: [width], values: rows[0]!.map(() => value) })
  const feeds = { x: { shape: [rows.length, width], values: rows.flat() }, w: vector(1), b: vector(0) }
  return chunks(await evaluate(feeds, ({ x, w, b }) => layerNorm(x!, w!, b!, EPSILON)), width)
}

const HEAD_WIDTH = 16

/**
 * Weights of one attention operator over words. Queries and keys are random vectors, drawn for each word and head, and
 * lean towards each other where the word is the same: masks, heads and row sums are real, the meaning is not.
 */
export async function attentionOver(
  words: readonly string[],
  heads: number,
  mask: (typeof ATTENTION_MASKS)[number],
  window: number,
): Promise<DemonstrationResults['attention']> {
  const shape = [1, heads, words.length, HEAD_WIDTH]
  const vectors = (role: number): Feed => ({ shape, values: headVectors(words, heads, role) })
  const bias = words.flatMap((_, q) => words.map((_w, k) => (isSeen(q, k, mask, window) ? 0 : MASKED_SCORE)))
  const feeds = {
    q: vectors(0),
    k: vectors(1),
    bias: { shape: [1, 1, words.length, words.length], values: bias },
  }
  const flat = await evaluate(feeds, ({ q, k, bias: b }) => attention(q!, k!, k!, { bias: b! }).probabilities)
  return { weights: chunks(chunks(flat, words.length), words.length) }
}

function isSeen(q: number, k: number, mask: (typeof ATTENTION_MASKS)[number], window: number): boolean {
  return mask === 'none' || (mask === 'causal' ? k <= q : Math.abs(q - k) <= window)
}

function headVectors(words: readonly string[], heads: number, role: number): number[] {
  return Array.from({ length: heads }, (_, head) =>
    words.map((word) => {
      const shared = normals(nameKey(word.toLowerCase()), head)
      const own = normals(nameKey(word.toLowerCase()), head, role)
      return shared.map((x, i) => 0.7 * x + own[i]!)
    }),
  ).flat(2)
}

function normals(...key: number[]): number[] {
  const random = new RandomStream(...key)
  return Array.from({ length: HEAD_WIDTH / 2 }, () => random.normalPair()).flat()
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size))
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!))
}
