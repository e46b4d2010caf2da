// Cases of the elementwise and activation families.
import * as ops from '../../../../../src/main/engine/ops'
import { BROADCASTS, binary, type Build, type Cases, unary } from './types'

const positive = { low: 0.4, high: 1.6, positive: true }
/** Broadcasts of three: the condition takes the first shape's place. */
const masked = (f: typeof ops.maskZero): Record<string, Build> => ({
  same: (b) => f(b.param([2, 3]), b.mask([2, 3])),
  'mask broadcast': (b) => f(b.param([2, 2, 3]), b.mask([2, 1, 3])),
  'value broadcast': (b) => f(b.param([3]), b.mask([2, 3])),
})

export const pointwise: Cases = {
  Add: binary(ops.add),
  Sub: binary(ops.sub),
  Mul: binary(ops.mul),
  Div: binary(ops.div, { low: 0.5, high: 1.5 }),
  Max: binary((a, b) => ops.max(ops.scale(a, 3), b), { low: 0.6, high: 1.1 }),
  Min: binary((a, b) => ops.min(ops.scale(a, 3), b), { low: 0.6, high: 1.1 }),
  Pow: {
    ...unary((x) => ops.pow(x, 3)),
    'negative half': (b) => ops.pow(b.param([2, 3], positive), -0.5),
  },
  Affine: { ...unary((x) => ops.affine(x, -1.5, 0.25)), 'factor only': (b) => ops.scale(b.param([4]), 2.5) },
  Neg: unary(ops.neg),
  Abs: unary(ops.abs),
  Exp: unary(ops.exp),
  Log: unary(ops.log, positive),
  Sqrt: unary(ops.sqrt, positive),
  Reciprocal: unary(ops.reciprocal, positive),
  Cast: {
    'float32 through float16': (b) =>
      ops.cast(ops.cast(b.param([1], { low: 0, high: 0 }), 'float16'), 'float32'),
  },
  Where: Object.fromEntries(
    Object.entries(BROADCASTS).map(([name, [x, y]]): [string, Build] => [
      name,
      (b) => ops.where(b.mask([1, 3]), b.param(x), b.param(y)),
    ]),
  ),
  MaskZero: masked(ops.maskZero),
  MaskOne: masked(ops.maskOne),
  Relu: unary(ops.relu),
  Tanh: unary(ops.tanh),
  Sigmoid: unary(ops.sigmoid),
  Erf: unary(ops.erf),
  Softplus: unary(ops.softplus),
  Silu: unary(ops.silu),
  Gelu: unary((x) => ops.gelu(x)),
  ErfGate: unary(ops.erfGate),
  GeluTanh: unary((x) => ops.gelu(x, 'tanh')),
  Softmax: {
    'last axis': (b) => ops.softmax(b.param([2, 4])),
    'first axis': (b) => ops.softmax(b.param([3, 2]), 0),
    'middle axis': (b) => ops.softmax(b.param([2, 3, 2]), 1),
    vector: (b) => ops.softmax(b.param([5])),
  },
  LogSoftmax: {
    'last axis': (b) => ops.logSoftmax(b.param([2, 4])),
    'first axis': (b) => ops.logSoftmax(b.param([3, 2]), 0),
    'middle axis': (b) => ops.logSoftmax(b.param([2, 3, 2]), 1),
  },
}
