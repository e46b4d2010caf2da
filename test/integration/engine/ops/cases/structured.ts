// Cases of the product, reduction, movement, norm, attention and loss families.
import * as ops from '../../../../../src/main/engine/ops'
import { type Build, type Cases, unary } from './types'

const flags = [false, true]

const gemmCases: Record<string, Build> = Object.fromEntries(
  flags.flatMap((transA) =>
    flags.map((transB): [string, Build] => [
      `transA ${transA} transB ${transB}`,
      (b) =>
        ops.gemm(b.param(transA ? [4, 2] : [2, 4]), b.param(transB ? [3, 4] : [4, 3]), {
          transA,
          transB,
          alpha: 0.5,
        }),
    ]),
  ),
)
const matMulCases: Record<string, Build> = Object.fromEntries(
  flags.flatMap((transA) =>
    flags.map((transB): [string, Build] => [
      `transA ${transA} transB ${transB}`,
      (b) =>
        ops.matMul(b.param(transA ? [2, 4, 2] : [2, 2, 4]), b.param(transB ? [2, 3, 4] : [2, 4, 3]), {
          transA,
          transB,
          alpha: 0.5,
        }),
    ]),
  ),
)

const attentionCase =
  (
    q: number,
    options: {
      heads?: number
      groups?: number
      bias?: number[]
      mask?: boolean
      scale?: number
      reach?: ops.Reach
    },
  ): Build =>
  (b) => {
    const [B, A, G, T, D] = [2, options.heads ?? 2, options.groups ?? 2, 4, 3]
    return ops.attention(b.param([B, A, q, D]), b.param([B, G, T, D]), b.param([B, G, T, D]), {
      ...(options.reach && { reach: options.reach }),
      ...(options.bias && { bias: b.param(options.bias) }),
      ...(options.mask && { dropout: { mask: b.mask([B, A, q, T]), probability: 0.4 } }),
      ...(options.scale !== undefined && { scale: options.scale }),
    }).context
  }

const loss =
  (options: { labelSmoothing?: number; classWeights?: number[] }): Build =>
  (b) =>
    ops.crossEntropy(
      b.param([4, 3]),
      b.feed('int32', [4], [0, 2, 1, 2]),
      b.feed('float32', [4], [0.4, 0.3, 0, 0.3]),
      options,
    ).loss

export const structured: Cases = {
  Gemm: {
    ...gemmCases,
    'with c': (b) => ops.gemm(b.param([2, 3]), b.param([3, 2]), { c: b.param([2, 2]), beta: 0.5, alpha: 2 }),
    'with c broadcast': (b) => ops.gemm(b.param([2, 3]), b.param([3, 2]), { c: b.param([2, 1]) }),
  },
  Linear: {
    plain: (b) => ops.linear(b.param([2, 3]), b.param([3, 4])),
    bias: (b) => ops.linear(b.param([2, 3]), b.param([3, 4]), b.param([4])),
    'three axes': (b) =>
      ops.linear(b.param([2, 2, 3]), b.param([3, 2]), b.param([2]), { alpha: 0.7, beta: 1.3 }),
    'out by in': (b) => ops.linear(b.param([2, 2, 3]), b.param([4, 3]), b.param([4]), { transW: true }),
    'full addend': (b) => ops.linear(b.param([2, 2, 3]), b.param([3, 2]), b.param([2, 2, 2]), { beta: 0.5 }),
    'row addend': (b) => ops.linear(b.param([2, 3]), b.param([3, 2]), b.param([2, 1])),
    vector: (b) => ops.linear(b.param([3]), b.param([3, 2]), b.param([2])),
  },
  MatMul: {
    ...matMulCases,
    'two axes': (b) => ops.matMul(b.param([2, 3]), b.param([3, 2])),
    'batch broadcast right': (b) => ops.matMul(b.param([2, 2, 3]), b.param([1, 3, 2])),
    'batch broadcast left': (b) => ops.matMul(b.param([2, 3]), b.param([2, 3, 2])),
    'batch mixed': (b) => ops.matMul(b.param([2, 1, 2, 3]), b.param([2, 3, 2])),
  },
  ReduceSum: {
    all: (b) => ops.reduceSum(b.param([2, 3])),
    first: (b) => ops.reduceSum(b.param([2, 3]), [0]),
    'last kept': (b) => ops.reduceSum(b.param([2, 3, 2]), [-1], true),
    'two axes': (b) => ops.reduceSum(b.param([2, 3, 2]), [0, 2]),
  },
  ReduceMean: {
    all: (b) => ops.reduceMean(b.param([2, 3])),
    'middle kept': (b) => ops.reduceMean(b.param([2, 3, 2]), [1], true),
  },
  ReduceMax: {
    all: (b) => ops.reduceMax(b.param([2, 3])),
    last: (b) => ops.reduceMax(b.param([2, 3, 2]), [2]),
  },
  SumRows: {
    matrix: (b) => ops.sumRows(b.param([4, 3])),
    cube: (b) => ops.sumRows(b.param([2, 2, 3]), 0.5),
    addend: (b) => ops.sumRows(b.param([2, 3]), 2, b.param([3])),
  },
  Identity: unary(ops.identity),
  Reshape: { flatten: (b) => ops.exp(ops.reshape(b.param([2, 3, 2]), [4, 3])) },
  Transpose: {
    matrix: (b) => ops.transpose(b.param([2, 3]), [1, 0]),
    'four axes': (b) => ops.transpose(b.param([2, 1, 3, 2]), [2, 0, 3, 1]),
  },
  Split: {
    equal: (b) => ops.split(b.param([2, 6]), 3, 1),
    sizes: (b) => ops.split(b.param([4, 2]), [1, 3], 0),
    'one piece unused': (b) => ops.split(b.param([4, 2]), 2, 0)[1]!,
  },
  Concat: {
    last: (b) => ops.concat([b.param([2, 3]), b.param([2, 1])], -1),
    first: (b) => ops.concat([b.param([1, 2]), b.param([2, 2]), b.param([1, 2])], 0),
  },
  Slice: {
    middle: (b) => ops.slice(b.param([2, 5]), 1, 1, 4),
    select: (b) => ops.select(b.param([2, 3, 2]), 1, 0),
  },
  Shift: {
    'from the right': (b) => ops.shift(b.param([2, 4, 3]), 1, 2),
    'from the left': (b) => ops.shift(b.param([2, 4]), 1, -1),
    'all out': (b) => ops.shift(b.param([2, 2]), 1, 3),
  },
  Pad: { both: (b) => ops.pad(b.param([2, 3]), 1, 1, 2) },
  Expand: {
    leading: (b) => ops.expand(b.param([3]), [2, 3]),
    middle: (b) => ops.expand(b.param([2, 1, 3]), [2, 2, 3]),
  },
  Gather: {
    'repeated rows': (b) => ops.gather(b.param([4, 3]), b.feed('int32', [2, 3], [1, 1, 3, 1, 0, 1])),
    'one id only': (b) => ops.gather(b.param([3, 2]), b.feed('int64', [6], [2, 2, 2, 2, 2, 2])),
    'row gradient': (b) =>
      ops.gather(b.param([4, 3], { gradient: 'rows' }), b.feed('int32', [2, 3], [1, 1, 3, 1, 0, 1])),
    'middle axis': (b) => ops.gather(b.param([2, 3, 2]), b.feed('int32', [2], [2, 0]), 1),
    'scalar index': (b) => ops.gather(b.param([2, 3]), b.feed('int32', [], [1]), 1),
  },
  ScatterAdd: {
    rows: (b) => ops.scatterAdd(b.param([3, 2]), b.feed('int32', [3], [1, 1, 0]), 0, [4, 2]),
    'middle axis': (b) => ops.scatterAdd(b.param([2, 2, 2]), b.feed('int32', [2], [2, 2]), 1, [2, 3, 2]),
  },
  LayerNormalization: {
    matrix: (b) => ops.layerNorm(b.param([3, 4]), b.param([4]), b.param([4]), 1e-5),
    cube: (b) => ops.layerNorm(b.param([2, 2, 4]), b.param([4]), b.param([4]), 1e-12),
    'off centre': (b) => ops.layerNorm(ops.addScalar(b.param([2, 5]), 3), b.param([5]), b.param([5]), 1e-5),
  },
  RMSNormalization: {
    matrix: (b) => ops.rmsNorm(b.param([3, 4]), b.param([4]), 1e-6),
    cube: (b) => ops.rmsNorm(b.param([2, 2, 4]), b.param([4]), 1e-6),
  },
  ScaledDotProductAttention: {
    plain: attentionCase(4, {}),
    'fewer queries': attentionCase(1, { scale: 0.7 }),
    'padding bias': attentionCase(4, { bias: [2, 1, 1, 4] }),
    'position bias': attentionCase(4, { bias: [1, 2, 4, 4] }),
    dropout: attentionCase(4, { mask: true, bias: [2, 1, 1, 4] }),
    'grouped-query': attentionCase(4, { heads: 4 }),
    'grouped-query with dropout': attentionCase(3, { heads: 4, mask: true, bias: [1, 4, 3, 4] }),
    'multi-query, causal': attentionCase(4, { heads: 2, groups: 1, reach: ops.causal() }),
    'sliding window': attentionCase(3, { reach: ops.causal(2) }),
    'local window': attentionCase(4, { reach: { before: 1, after: 1 }, bias: [2, 1, 1, 4] }),
    rotary: (b) => ops.rotary(b.param([1, 2, 3, 4]), b.feed('int32', [3], [0, 1, 5])),
    'partly rotary': (b) => ops.rotary(b.param([1, 2, 3, 6]), b.feed('int64', [3], [2, 3, 4]), { width: 4 }),
  },
  SoftmaxCrossEntropy: {
    plain: loss({}),
    smoothed: loss({ labelSmoothing: 0.1 }),
    weighted: loss({ classWeights: [0.5, 1, 2] }),
    both: loss({ labelSmoothing: 0.2, classWeights: [0.5, 1, 2] }),
    'mean squared error': (b) =>
      ops.meanSquaredError(
        b.param([3, 2]),
        b.feed('float32', [3, 2], [0, 1, 0.5, -1, 2, 0]),
        b.feed('float32', [3], [0.5, 0.5, 0]),
      ).loss,
    'binary cross-entropy': (b) =>
      ops.binaryCrossEntropy(
        b.param([3, 2]),
        b.feed('float32', [3, 2], [0, 1, 1, 0.3, 0, 0]),
        b.feed('float32', [3], [0.5, 0.5, 0.2]),
      ).loss,
    'labels of 64 bits': (b) =>
      ops.crossEntropy(b.param([2, 3]), b.feed('int64', [2], [0, 2]), b.feed('float32', [2], [1, 0.5])).loss,
  },
}
