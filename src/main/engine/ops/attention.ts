/** Scaled dot-product attention as one operator, so that its probabilities are kept and its backward is short. */
import type { Value } from '../ir/graph'
import { broadcastShapes, type Dim, ShapeError, staticDim } from '../ir/shape'
import { applyAll, defineOp, lazy, requireRank, requireType } from './define'
import { add, maskFactor, mul, sub } from './elementwise'
import { emitMatMul, matMul } from './linalg'
import { reshape } from './movement'
import { bandBias, type Reach } from './relative'
import { reduceSum } from './reduce'

/**
 * softmax(scale·q·kᵀ + bias)·v (Vaswani et al. 2017), with inverted dropout on the probabilities.
 * Keys and values may have fewer heads, each serving A/G consecutive query heads: G = 1 is multi-query attention (Shazeer
 * 2019), 1 < G < A grouped-query attention (Ainslie et al. 2023). Nothing is repeated: the queries of a group stand side by side.
 * Inputs q [B,A,Q,D], k [B,G,T,D], v [B,G,T,D], bias? broadcast to [B,A,Q,T], bool mask? [B,A,Q,T];
 * outputs context [B,A,Q,D], probabilities [B,A,Q,T], and the same after dropout.
 */
export const ScaledDotProductAttention = defineOp<{ scale: number; dropProbability: number }>(
  'ScaledDotProductAttention',
  {
    optional: [3, 4],
    shape: (inputs) => {
      const [q, k, v] = [inputs[0]!, inputs[1]!, inputs[2]!]
      for (const [i, x] of [q, k, v].entries()) {
        requireType(inputs, i, 'float32')
        requireRank(x, i, 4)
      }
      const [B, A, Q, D] = q.shape
      const [, G, T] = k.shape
      if (k.shape[0] !== B || k.shape[3] !== D) throw new ShapeError('k does not fit q')
      if (G !== A && staticDim(q.shape, 1) % staticDim(k.shape, 1) !== 0)
        throw new ShapeError(`${String(A)} query heads are no multiple of ${String(G)}`)
      if (v.shape[0] !== B || v.shape[1] !== G || v.shape[2] !== T) throw new ShapeError('v does not fit k')
      const scores = [B!, A!, Q!, T!]
      for (const i of [3, 4]) {
        const extra = inputs[i]
        if (extra && broadcastShapes(extra.shape, scores).some((d, a) => d !== scores[a]))
          throw new ShapeError(`input ${i} does not broadcast to [${scores.join(',')}]`)
      }
      const probabilities = { dtype: 'float32' as const, shape: scores }
      return [{ dtype: 'float32', shape: q.shape.with(-1, v.shape[3]!) }, probabilities, probabilities]
    },
    emit: (e, n) => {
      const [q, k, v] = [e.use(n.input(0)), e.use(n.input(1)), e.use(n.input(2))]
      const [heads, groups] = [n.input(0).shape[1]!, n.input(1).shape[1]!]
      // Heads [B,A,Q,..] ↔ [B,G,A/G·Q,..], batch and last axis as they are.
      const withHeads = (name: string, count: Dim) =>
        heads === groups ? name : e.op('Reshape', [name, e.ints([0, Number(count), -1, 0])])
      const [bias, mask] = [n.inputs[3], n.inputs[4]]
      const [context, probabilities, dropped] = n.outputs
      const grouped = emitMatMul(e, [withHeads(q, groups), 4], [k, 4], { transB: true, alpha: n.attrs.scale })
      let scores = withHeads(grouped, heads)
      if (bias) scores = e.op('Add', [scores, e.use(bias)])
      const p = e.define(probabilities!)
      e.node('Softmax', [scores], [p], { axis: 3 })
      let kept = p
      if (mask) {
        kept = e.define(dropped!)
        e.node('Mul', [p, maskFactor(e, e.use(mask))], [kept])
      } else e.alias(dropped!, probabilities!)
      const alpha = mask ? 1 / (1 - n.attrs.dropProbability) : 1
      if (heads === groups) emitMatMul(e, [kept, 4], [v, 4], { alpha }, e.define(context!))
      else {
        const sum = emitMatMul(e, [withHeads(kept, groups), 4], [v, 4], { alpha })
        e.node('Reshape', [sum, e.ints([0, Number(heads), -1, 0])], [e.define(context!)])
      }
    },
    /*
     * As in FlashAttention (Dao 2022, appendix B): Σ_t p·dp of a row equals Σ_d g·context, which is smaller;
     * ds = p∘(dp − Σ), gq = scale·ds·k, gk = scale·dsᵀ·q, gv = pᵀ·g. With dropout, where kept = p∘mask: ds = kept∘dp − p·Σ.
     */
    grad: ({ g, gs, input, inputs, outputs, attrs }) => {
      if (gs[1] || gs[2]) throw new ShapeError('only the context of an attention is differentiable')
      const [context, p, kept] = outputs as [Value, Value, Value]
      const mask = inputs[4]
      const alpha = mask ? 1 / (1 - attrs.dropProbability) : 1
      const [B, G] = input(1).shape
      const grouped = (x: Value) => reshape(x, [B!, G!, -1, x.shape[3]!])
      const scores = lazy(() => {
        const dp = reshape(matMul(grouped(g), input(2), { transB: true, alpha }), p.shape)
        const sum = reduceSum(mul(g, context), [3], true)
        return mask ? sub(mul(kept, dp), mul(p, sum)) : mul(p, sub(dp, sum))
      })
      return [
        () => reshape(matMul(grouped(scores()), input(1), { alpha: attrs.scale }), input(0).shape),
        () => matMul(grouped(scores()), grouped(input(0)), { transA: true, alpha: attrs.scale }),
        () => matMul(grouped(kept), grouped(g), { transA: true, alpha }),
        inputs[3] && scores,
        undefined,
      ]
    },
  },
)

export interface AttentionOptions {
  /** Default 1/√D. */
  scale?: number
  /** Added to the scores; broadcasts to [B,A,Q,T]. */
  bias?: Value
  /** How far from its own position a query reads; default: everywhere. */
  reach?: Reach
  dropout?: { mask: Value; probability: number }
}

/**
 * Context [B,A,Q,D] and the probabilities before dropout [B,A,Q,T] of q [B,A,Q,D], k and v [B,G,T,D]: multi-head,
 * grouped-query or multi-query by the number of key heads; causal or within a window by `reach`; relative positions come
 * as `bias` (`RelativeBias`), rotary ones turn q and k before (`rotary`).
 */
export function attention(
  q: Value,
  k: Value,
  v: Value,
  options: AttentionOptions = {},
): { context: Value; probabilities: Value } {
  const scale = options.scale ?? 1 / Math.sqrt(staticDim(q.shape, 3))
  const band = options.reach && bandBias(q, k, options.reach)
  const bias = band && options.bias ? add(options.bias, band) : (band ?? options.bias)
  const outputs = applyAll(ScaledDotProductAttention, [q, k, v, bias, options.dropout?.mask], {
    scale,
    dropProbability: options.dropout?.probability ?? 0,
  })
  return { context: outputs[0]!, probabilities: outputs[1]! }
}
