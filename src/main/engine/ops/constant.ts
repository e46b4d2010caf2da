/** Constants: values known when the graph is built. They become initializers. */
import { type DType, hostArray, type HostArray } from '../ir/dtype'
import type { Graph, Value } from '../ir/graph'
import { ShapeError } from '../ir/shape'
import { defineOp } from './define'

export const Constant = defineOp<{ dtype: DType; shape: readonly number[]; data: HostArray }>('Constant', {
  shape: (_, { dtype, shape, data }) => {
    const size = shape.reduce((a, b) => a * b, 1)
    if (data.length !== size)
      throw new ShapeError(`${data.length} elements given for shape [${shape.join(',')}]`)
    return { dtype, shape }
  },
  emit: (e, n) => {
    const { dtype, shape, data } = n.attrs
    const name = e.constant(dtype, shape, data)
    e.bind(n.outputs[0]!, name)
  },
  grad: 'none',
})

/** A constant tensor. */
export function constant(graph: Graph, dtype: DType, shape: readonly number[], data: HostArray): Value {
  return graph.add(Constant, [], { dtype, shape, data }).outputs[0]!
}

/** A constant scalar []. */
export function scalar(graph: Graph, x: number, dtype: DType = 'float32'): Value {
  return constant(graph, dtype, [], hostArray(dtype, [x]))
}

/** A tensor filled with one number, as a broadcast scalar where only its shape is wanted. */
export function full(graph: Graph, dtype: DType, shape: readonly number[], x: number): Value {
  const size = shape.reduce((a, b) => a * b, 1)
  return constant(graph, dtype, shape, hostArray(dtype, new Array<number>(size).fill(x)))
}
