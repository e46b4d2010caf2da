/**
 * Losses. Each takes a weight a row, fed by the caller (1/normaliser of the whole batch, 0 for ignored rows),
 * so that the losses and gradients of micro-batches add up to the whole batch's.
 */
import { hostArray } from '../ir/dtype'
import type { Value } from '../ir/graph'
import { ShapeError, sizeOf, staticDim } from '../ir/shape'
import { constant } from './constant'
import { applyAll, defineOp, requireRank, requireType } from './define'
import { abs, add, cast, equal, exp, mul, neg, scale, sub } from './elementwise'
import { emitLogSoftmax, relu, softplus } from './activation'
import { arange, reshape } from './movement'
import { reduceMean, reduceSum } from './reduce'

/**
 * Cross-entropy from logits as in PyTorch: class weights w and label smoothing s make the target of a row
 * t_c = w_c((1−s)·[c = label] + s/C); loss of a row = −Σ t_c·log softmax_c.
 * Inputs logits [N,C], labels [N] int, row weights [N];
 * outputs Σ weight·loss [], loss of each row [N] without its weight, log-probabilities [N,C].
 */
export const SoftmaxCrossEntropy = defineOp<{ labelSmoothing: number; classWeights?: readonly number[] }>(
  'SoftmaxCrossEntropy',
  {
    shape: (inputs, { classWeights }) => {
      const logits = requireType(inputs, 0, 'float32')
      requireRank(logits, 0, 2)
      const [rows, classes] = logits.shape
      requireType(inputs, 1, 'int32', 'int64')
      for (const i of [1, 2])
        if (inputs[i]!.shape.length !== 1 || inputs[i]!.shape[0] !== rows)
          throw new ShapeError(`input ${i} must be [${String(rows)}]`)
      if (classWeights && classWeights.length !== classes)
        throw new ShapeError(`${classWeights.length} class weights for ${String(classes)} classes`)
      return [
        { dtype: 'float32', shape: [] },
        { dtype: 'float32', shape: [rows!] },
        { dtype: 'float32', shape: logits.shape },
      ]
    },
    emit: (e, n) => {
      const [logits, labels, weights] = [n.input(0), n.input(1), n.input(2)]
      const { labelSmoothing, classWeights } = n.attrs
      const [rows, classes] = [sizeOf(labels.shape), staticDim(logits.shape, 1)]
      const logp = e.define(n.outputs[2]!)
      emitLogSoftmax(e, e.use(logits), 1, logp)
      const column = e.view(labels, [rows, 1])
      const weighted = classWeights
        ? e.op('Mul', [logp, e.constant('float32', [classes], hostArray('float32', classWeights))])
        : logp
      const picked = e.op('GatherElements', [weighted, column], { axis: 1 })
      let negative = picked
      if (labelSmoothing > 0) {
        const sum = e.op('ReduceSum', [weighted, e.ints([1])], { keepdims: 1 })
        negative = e.op('Add', [
          e.op('Mul', [picked, e.scalar(1 - labelSmoothing)]),
          e.op('Mul', [sum, e.scalar(labelSmoothing / classes)]),
        ])
      }
      const rowLoss = e.define(n.outputs[1]!, [rows, 1])
      e.node('Neg', [negative], [rowLoss])
      e.node('MatMul', [e.view(weights, [1, rows]), rowLoss], [e.define(n.outputs[0]!, [1, 1])])
    },
    // ∂/∂logits = weight·(softmax·Σt − t)
    grad: ({ g, gs, input, outputs, attrs: { labelSmoothing, classWeights } }) => {
      if (gs[1] || gs[2]) throw new ShapeError('only the summed loss of a cross-entropy is differentiable')
      return [
        () => {
          const [labels, logp] = [input(1), outputs[2]!]
          const [rows, classes] = [sizeOf(labels.shape), staticDim(logp.shape, 1)]
          const ids = cast(arange(labels, classes), labels.dtype)
          const hit = cast(equal(reshape(labels, [rows, 1]), reshape(ids, [1, classes])), 'float32')
          const rowWeight = mul(reshape(input(2), [rows, 1]), g)
          let target = hit
          if (labelSmoothing > 0) {
            const floor = constant(g.graph, 'float32', [], hostArray('float32', [labelSmoothing / classes]))
            target = add(scale(hit, 1 - labelSmoothing), floor)
          }
          if (!classWeights) return mul(sub(exp(logp), target), rowWeight)
          target = mul(target, constant(g.graph, 'float32', [classes], hostArray('float32', classWeights)))
          return mul(sub(mul(exp(logp), reduceSum(target, [1], true)), target), rowWeight)
        },
        undefined,
        undefined,
      ]
    },
  },
)

export interface Loss {
  /** Σ weight·loss of a row, []. */
  loss: Value
  /** Loss of each row before its weight, [N]. */
  rowLoss: Value
}

/** Logits [N,C], labels [N] int32 (0 where ignored, with weight 0), row weights [N]. */
export function crossEntropy(
  logits: Value,
  labels: Value,
  rowWeights: Value,
  options: { labelSmoothing?: number; classWeights?: readonly number[] } = {},
): Loss & { logProbabilities: Value } {
  const { labelSmoothing = 0, classWeights } = options
  const outputs = applyAll(SoftmaxCrossEntropy, [logits, labels, rowWeights], {
    labelSmoothing,
    ...(classWeights && { classWeights }),
  })
  return { loss: outputs[0]!, rowLoss: outputs[1]!, logProbabilities: outputs[2]! }
}

/** Mean squared error of a row: prediction [N,K], target [N,K], row weights [N]. */
export function meanSquaredError(prediction: Value, target: Value, rowWeights: Value): Loss {
  const difference = sub(prediction, target)
  return weighRows(reduceMean(mul(difference, difference), [1]), rowWeights)
}

/** Mean over the labels of max(x,0) − x·t + log(1 + e^−|x|): logits [N,C], targets [N,C] in 0..1. */
export function binaryCrossEntropy(logits: Value, targets: Value, rowWeights: Value): Loss {
  const stable = add(sub(relu(logits), mul(logits, targets)), softplus(neg(abs(logits))))
  return weighRows(reduceMean(stable, [1]), rowWeights)
}

function weighRows(rowLoss: Value, rowWeights: Value): Loss {
  return { loss: reduceSum(mul(rowLoss, rowWeights)), rowLoss }
}
