/** Rotary positions (Su et al. 2021): queries and keys turned by their position, so that scores see only distances. */
import { hostArray } from '../ir/dtype'
import type { Value } from '../ir/graph'
import { requireType, applyAll, defineOp } from './define'
import { add, mul, neg } from './elementwise'
import { concat, slice, split } from './movement'

/**
 * Cosine and sine of position·base^(−2i/width) for the pairs i of a head: positions [..,T] int → twice [..,T,width], the
 * second half repeating the first, as Transformers' Llama lays them out.
 */
export const RotaryAngles = defineOp<{ width: number; base: number }>('RotaryAngles', {
  shape: (inputs, { width }) => {
    const { shape } = requireType(inputs, 0, 'int32', 'int64')
    const table = { dtype: 'float32' as const, shape: [...shape, width] }
    return [table, table]
  },
  emit: (e, n) => {
    const { width, base } = n.attrs
    const rates = Array.from({ length: width / 2 }, (_, i) => 1 / Math.fround(base ** ((2 * i) / width)))
    const row = e.constant('float32', [width], hostArray('float32', [...rates, ...rates]))
    const positions = e.op('Cast', [e.use(n.input(0))], { to: e.dtypeCode('float32') })
    const angles = e.op('Mul', [e.op('Unsqueeze', [positions, e.ints([-1])]), row])
    e.node('Cos', [angles], [e.define(n.outputs[0]!)])
    e.node('Sin', [angles], [e.define(n.outputs[1]!)])
  },
  grad: 'none',
})

export interface RotaryOptions {
  /** rope_theta; default 10000. */
  base?: number
  /** How much of a head is turned; default all. */
  width?: number
}

/** x [B,A,T,D] turned by positions [T] (or [B,1,T]): pair (x_i, x_{i+width/2}) by position·base^(−2i/width). */
export function rotary(x: Value, positions: Value, { base = 10_000, width }: RotaryOptions = {}): Value {
  const size = x.shape[3] as number
  const turned = width ?? size
  const [cos, sin] = applyAll(RotaryAngles, [positions], { width: turned, base }) as [Value, Value]
  const head = slice(x, 3, 0, turned)
  const [a, b] = split(head, 2, 3) as [Value, Value]
  const rotated = add(mul(head, cos), mul(concat([neg(b), a], 3), sin))
  return turned === size ? rotated : concat([rotated, slice(x, 3, turned, size)], 3)
}
