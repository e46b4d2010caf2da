/** Layers: what they own and how they are applied. Parameters are named as the modules of PyTorch name them. */
import type { Graph, Value } from '../ir/graph'
import { staticShape } from '../ir/shape'
import { dropout as dropoutOp } from '../ops/elementwise'
import { linear } from '../ops/linalg'
import { gather, slice } from '../ops/movement'
import { layerNorm } from '../ops/norm'
import type { ParameterSpec } from './parameter'

/** A layer under construction: where it stands in the model, and whether it is being trained. */
export interface Forward {
  readonly graph: Graph
  /** Dropout is applied only in training. */
  readonly training: boolean
  /** Noise [B,T,E] that is added to the embeddings of the words (NEFTune). */
  readonly wordNoise?: Value
  /** Mixes the vectors [B,H] of rows before the head (mixup). */
  readonly mix?: (rows: Value) => Value
  /** What an adapter adds to the linear layers it targets. */
  readonly adapter?: Adapter
}

/** Small trained updates beside frozen layers. */
export interface Adapter {
  /** y with the update of the linear module `module` for its input x added; y where it is no target. */
  add(forward: Forward, module: string, x: Value, y: Value): Value
}

export interface Layer {
  readonly parameters: readonly ParameterSpec[]
}

function valueOf(graph: Graph, spec: ParameterSpec): Value {
  return graph.param(spec.name, spec.shape, { gradient: spec.gradient })
}

/** y = x·Wᵀ + b with W [out,in]: the layout of PyTorch, which costs a product nothing. */
export class LinearLayer implements Layer {
  readonly parameters: readonly [ParameterSpec, ParameterSpec]
  readonly #name: string

  constructor(name: string, inWidth: number, outWidth: number, std: number) {
    this.#name = name
    this.parameters = [
      {
        name: `${name}.weight`,
        shape: [outWidth, inWidth],
        initializer: { kind: 'normal', std },
        gradient: 'dense',
      },
      { name: `${name}.bias`, shape: [outWidth], initializer: { kind: 'zeros' }, gradient: 'dense' },
    ]
  }

  /** x [..,in] → [..,out] */
  apply(forward: Forward, x: Value): Value {
    const [weight, bias] = this.parameters.map((spec) => valueOf(forward.graph, spec))
    const y = linear(x, weight!, bias, { transW: true })
    return forward.adapter ? forward.adapter.add(forward, this.#name, x, y) : y
  }
}

export class LayerNormLayer implements Layer {
  readonly parameters: readonly [ParameterSpec, ParameterSpec]
  readonly #epsilon: number

  constructor(name: string, width: number, epsilon: number) {
    this.parameters = [
      { name: `${name}.weight`, shape: [width], initializer: { kind: 'ones' }, gradient: 'dense' },
      { name: `${name}.bias`, shape: [width], initializer: { kind: 'zeros' }, gradient: 'dense' },
    ]
    this.#epsilon = epsilon
  }

  /** x [..,H] → [..,H] */
  apply({ graph }: Forward, x: Value): Value {
    const [weight, bias] = this.parameters
    return layerNorm(x, valueOf(graph, weight), valueOf(graph, bias), this.#epsilon)
  }
}

export class EmbeddingLayer implements Layer {
  readonly parameters: readonly [ParameterSpec]

  /** `paddingRow`: starts at zero and gets no gradient. */
  constructor(name: string, rows: number, width: number, std: number, paddingRow?: number) {
    this.parameters = [
      {
        name: `${name}.weight`,
        shape: [rows, width],
        initializer: { kind: 'normal', std, ...(paddingRow !== undefined && { zeroRow: paddingRow }) },
        gradient: 'rows',
        ...(paddingRow !== undefined && { paddingRow }),
      },
    ]
  }

  /** ids [..] int → [..,H] */
  at({ graph }: Forward, ids: Value): Value {
    return gather(valueOf(graph, this.parameters[0]), ids)
  }

  /** Rows start..end−1 → [end−start,H] */
  range({ graph }: Forward, start: number, end: number): Value {
    return slice(valueOf(graph, this.parameters[0]), 0, start, end)
  }
}

/** Names of the outputs that hold a buffer after the batch begin with this. */
export const UPDATE_PREFIX = 'update.'

/** Input names of dropout masks begin with this. */
export const MASK_PREFIX = 'mask.'

/** The mask of a dropout at `name`, [B,..] bool; fed with 1 where an element is kept. */
export function dropoutMask(
  graph: Graph,
  name: string,
  shape: readonly number[],
  probability: number,
): Value {
  return graph.input(MASK_PREFIX + name, 'mask', 'bool', shape, { dropProbability: probability })
}

/** Inverted dropout (Srivastava et al. 2014) at `name`; nothing outside training or at probability 0. */
export function dropout({ graph, training }: Forward, name: string, x: Value, probability: number): Value {
  if (!training || probability === 0) return x
  return dropoutOp(x, dropoutMask(graph, name, staticShape(x.shape), probability), probability)
}
