/** Scaled dot-product attention as one operator, so that its probabilities are kept and its backward is short. */
import type { Value } from '../ir/graph'
import { broadcastShapes, ShapeError, staticDim } from '../ir/shape'
import { applyAll, defineOp, lazy, requireRank, requireType } from './define'
import { maskFactor, mul, sub } from './elementwise'
import { emitMatMul, matMul } from './linalg'
import { reduceSum } from './reduce'

/**
 * softmax(scale·q·kᵀ + bias)·v (Vaswani et al. 2017), with inverted dropout on the probabilities.
 * Inputs q [B,A,Q,D], k [B,A,T,D], v [B,A,T,D], bias? broadcast to [B,A,Q,T], bool mask? [B,A,Q,T];
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
      const T = k.shape[2]!
      if (k.shape[0] !== B || k.shape[1] !== A || k.shape[3] !== D) throw new ShapeError('k does not fit q')
      if (v.shape[0] !== B || v.shape[1] !== A || v.shape[2] !== T) throw new ShapeError('v does not fit k')
      const scores = [B!, A!, Q!, T]
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
      const [bias, mask] = [n.inputs[3], n.inputs[4]]
      const [context, probabilities, dropped] = n.outputs
      let scores = emitMatMul(e, [q, 4], [k, 4], { transB: true, alpha: n.attrs.scale })
      if (bias) scores = e.op('Add', [scores, e.use(bias)])
      const p = e.define(probabilities!)
      e.node('Softmax', [scores], [p], { axis: 3 })
      let kept = p
      if (mask) {
        kept = e.define(dropped!)
        e.node('Mul', [p, maskFactor(e, e.use(mask))], [kept])
      } else e.alias(dropped!, probabilities!)
      const alpha = mask ? 1 / (1 - n.attrs.dropProbability) : 1
      emitMatMul(e, [kept, 4], [v, 4], { alpha }, e.define(context!))
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
      const scores = lazy(() => {
        const dp = matMul(g, input(2), { transB: true, alpha })
        const sum = reduceSum(mul(g, context), [3], true)
        return mask ? sub(mul(kept, dp), mul(p, sum)) : mul(p, sub(dp, sum))
      })
      return [
        () => matMul(scores(), input(1), { alpha: attrs.scale }),
        () => matMul(scores(), input(0), { transA: true, alpha: attrs.scale }),
        () => matMul(kept, g, { transA: true, alpha }),
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
  dropout?: { mask: Value; probability: number }
}

/** Context [B,A,Q,D] and the probabilities before dropout [B,A,Q,T]. */
export function attention(
  q: Value,
  k: Value,
  v: Value,
  options: AttentionOptions = {},
): { context: Value; probabilities: Value } {
  const scale = options.scale ?? 1 / Math.sqrt(staticDim(q.shape, 3))
  const outputs = applyAll(ScaledDotProductAttention, [q, k, v, options.bias, options.dropout?.mask], {
    scale,
    dropProbability: options.dropout?.probability ?? 0,
  })
  return { context: outputs[0]!, probabilities: outputs[1]! }
}
