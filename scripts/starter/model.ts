/**
 * The graph of one pretraining step, built of the engine's layers: BERT (Devlin et al. 2018) with its masked-word head
 * (tied to the word embeddings), and contrastive losses (InfoNCE, van den Oord et al. 2018) between the pooled vector of
 * a text and bags of words that belong to it, those of the other rows of the batch being negatives.
 */
import { Graph, type Value } from '../../src/main/engine/ir/graph'
import { EmbeddingLayer, type Forward, LayerNormLayer, LinearLayer } from '../../src/main/engine/nn/layer'
import type { ParameterSpec } from '../../src/main/engine/nn/parameter'
import { SelfAttention } from '../../src/main/engine/nn/selfAttention'
import {
  add,
  addScalar,
  crossEntropy,
  div,
  gather,
  gelu,
  linear,
  matMul,
  mul,
  reduceSum,
  reshape,
  scale,
  select,
  sqrt,
  tanh,
  transpose,
} from '../../src/main/engine/ops'

export const SIZE = { layers: 2, width: 256, heads: 4, inner: 1024, positions: 128, epsilon: 1e-12 } as const
/** BERT's 0.02 is for 768 wide layers; scaled to keep the variance of a layer's output. */
export const INITIALIZER_RANGE = 0.035
const TEMPERATURE = 0.05
/** The masked-word loss beside the contrastive ones: its gradient is ten times as large. */
const MASKED_WEIGHT = 0.3

export interface StepShape {
  /** Texts of a batch, tokens of each, masked words that are predicted (none: word vectors alone are trained). */
  rows: number
  length: number
  picks: number
}

/** What a text is matched with: the entry's own words, the words masked in it, a definition beside it. */
export const PARTNERS = [
  { name: 'words', tokens: 12, weight: 0.5 },
  { name: 'hidden', tokens: 16, weight: 0.5 },
  { name: 'definition', tokens: 24, weight: 0.5 },
] as const

/** Parameters below this prefix are of use in pretraining alone. */
export const PARTNER_PREFIX = 'partner.'

export class StarterModel {
  readonly #words: EmbeddingLayer
  readonly #positions: EmbeddingLayer
  readonly #types: EmbeddingLayer
  readonly #norm: LayerNormLayer
  readonly #layers
  readonly #pooler: LinearLayer
  readonly #transform: LinearLayer
  readonly #transformNorm: LayerNormLayer
  readonly #bias: ParameterSpec
  readonly #partnerNorm: LayerNormLayer
  readonly #bags: readonly LinearLayer[]
  readonly #textBag: LinearLayer
  readonly parameters: readonly ParameterSpec[]

  constructor(readonly vocabSize: number) {
    const { layers, width, heads, inner, positions, epsilon } = SIZE
    const std = INITIALIZER_RANGE
    const at = 'bert.embeddings'
    this.#words = new EmbeddingLayer(`${at}.word_embeddings`, vocabSize, width, std, 0)
    this.#positions = new EmbeddingLayer(`${at}.position_embeddings`, positions, width, std)
    this.#types = new EmbeddingLayer(`${at}.token_type_embeddings`, 2, width, std)
    this.#norm = new LayerNormLayer(`${at}.LayerNorm`, width, epsilon)
    this.#layers = Array.from({ length: layers }, (_, i) => {
      const layer = `bert.encoder.layer.${i}`
      return {
        attention: new SelfAttention(`${layer}.attention.self`, ['query', 'key', 'value'], {
          width,
          heads,
          attentionDropout: 0,
          std,
        }),
        attentionOutput: new LinearLayer(`${layer}.attention.output.dense`, width, width, std),
        attentionNorm: new LayerNormLayer(`${layer}.attention.output.LayerNorm`, width, epsilon),
        intermediate: new LinearLayer(`${layer}.intermediate.dense`, width, inner, std),
        output: new LinearLayer(`${layer}.output.dense`, inner, width, std),
        outputNorm: new LayerNormLayer(`${layer}.output.LayerNorm`, width, epsilon),
      }
    })
    this.#pooler = new LinearLayer('bert.pooler.dense', width, width, std)
    this.#transform = new LinearLayer('cls.predictions.transform.dense', width, width, std)
    this.#transformNorm = new LayerNormLayer('cls.predictions.transform.LayerNorm', width, epsilon)
    this.#bias = {
      name: 'cls.predictions.bias',
      shape: [vocabSize],
      initializer: { kind: 'zeros' },
      gradient: 'dense',
    }
    this.#partnerNorm = new LayerNormLayer(`${PARTNER_PREFIX}LayerNorm`, width, epsilon)
    this.#textBag = new LinearLayer(`${PARTNER_PREFIX}text`, width, width, std)
    this.#bags = PARTNERS.map(({ name }) => new LinearLayer(PARTNER_PREFIX + name, width, width, std))
    const parts = [
      ...[this.#words, this.#positions, this.#types, this.#norm],
      ...this.#layers.flatMap((layer) => Object.values(layer)),
      ...[this.#pooler, this.#transform, this.#transformNorm],
      ...[this.#partnerNorm, this.#textBag, ...this.#bags],
    ]
    this.parameters = [...parts.flatMap((part) => [...part.parameters]), this.#bias]
  }

  get wordTable(): string {
    return this.#words.parameters[0].name
  }

  /** ids [B,T], bias [B,1,1,T] → [B,T,H] */
  encode(forward: Forward, ids: Value, bias: Value): Value {
    const [B, T] = ids.shape as [number, number]
    const { width } = SIZE
    const types = reshape(this.#types.range(forward, 0, 1), [width])
    const sum = add(add(this.#words.at(forward, ids), types), this.#positions.range(forward, 0, T))
    let x = reshape(this.#norm.apply(forward, sum), [B, T, width])
    for (const layer of this.#layers) {
      const attended = layer.attentionOutput.apply(forward, layer.attention.apply(forward, x, bias))
      const y = layer.attentionNorm.apply(forward, add(attended, x))
      const inner = gelu(layer.intermediate.apply(forward, y))
      x = layer.outputNorm.apply(forward, add(layer.output.apply(forward, inner), y))
    }
    return x
  }

  /** [B,T,H] → [B,H], what a classifier reads. */
  pool(forward: Forward, x: Value): Value {
    return tanh(this.#pooler.apply(forward, select(x, 1, 0)))
  }

  /** ids [B,T], weights [B,1,T] → [B,H], what the stage of word vectors knows of a text. */
  bagOfText(forward: Forward, ids: Value, weights: Value): Value {
    return this.#bag(forward, this.#textBag, ids, weights)
  }

  /** Feeds as named below → outputs loss and its parts: `masked_loss` and one a partner. */
  stepGraph({ rows, length, picks }: StepShape): Graph {
    const graph = new Graph()
    const forward: Forward = { graph, training: true }
    const ids = graph.feed('input_ids', 'int32', [rows, length])
    const losses: Value[] = []
    let text: Value
    if (picks > 0) {
      const x = this.encode(forward, ids, graph.feed('attention_bias', 'float32', [rows, 1, 1, length]))
      text = this.pool(forward, x)
      const hidden = gather(reshape(x, [rows * length, SIZE.width]), graph.feed('picked', 'int32', [picks]))
      const labels = graph.feed('labels', 'int32', [picks])
      const weights = graph.feed('row_weights', 'float32', [picks])
      losses.push(
        scale(
          graph.output('masked_loss', crossEntropy(this.#wordScores(forward, hidden), labels, weights).loss),
          MASKED_WEIGHT,
        ),
      )
    } else text = this.bagOfText(forward, ids, graph.feed('text_weights', 'float32', [rows, 1, length]))
    PARTNERS.forEach(({ name, tokens, weight }, i) => {
      const partner = graph.feed(`${name}_ids`, 'int32', [rows, tokens])
      const weights = graph.feed(`${name}_weights`, 'float32', [rows, 1, tokens])
      const bag = this.#bag(forward, this.#bags[i]!, partner, weights)
      const loss = this.#pairLoss(graph, name, text, bag)
      losses.push(scale(graph.output(`${name}_loss`, loss), weight))
    })
    graph.output(
      'loss',
      losses.reduce((a, b) => add(a, b)),
    )
    return graph
  }

  /** ids [B,K], weights [B,1,K] → [B,H]: a projection of the mean of the word vectors, in no order. */
  #bag(forward: Forward, projection: LinearLayer, ids: Value, weights: Value): Value {
    const mean = reshape(matMul(weights, this.#words.at(forward, ids)), [ids.shape[0]!, SIZE.width])
    return projection.apply(forward, this.#partnerNorm.apply(forward, mean))
  }

  #wordScores(forward: Forward, hidden: Value): Value {
    const { graph } = forward
    const transformed = this.#transformNorm.apply(forward, gelu(this.#transform.apply(forward, hidden)))
    // The table under a second name: its gradient here is whole, not a few rows.
    const table = graph.param(DECODER, [this.vocabSize, SIZE.width])
    return linear(transformed, table, graph.param(this.#bias.name, this.#bias.shape), { transW: true })
  }

  /** a, b [B,H] → mean cross-entropy of finding one by the other, both ways. */
  #pairLoss(graph: Graph, name: string, a: Value, b: Value): Value {
    const [rows] = a.shape as [number]
    const labels = graph.feed(`${name}_labels`, 'int32', [rows])
    const weights = graph.feed(`${name}_rows`, 'float32', [rows])
    const scores = add(
      matMul(unit(a), unit(b), { transB: true, alpha: 1 / TEMPERATURE }),
      graph.feed(`${name}_bias`, 'float32', [rows, rows]),
    )
    const there = crossEntropy(scores, labels, weights).loss
    const back = crossEntropy(transpose(scores, [1, 0]), labels, weights).loss
    return scale(add(there, back), 0.5)
  }
}

/** The word table as the masked-word head reads it. */
export const DECODER = 'decoder'

/** Rows of length 1. */
function unit(x: Value): Value {
  return div(x, sqrt(addScalar(reduceSum(mul(x, x), [1], true), 1e-6)))
}
