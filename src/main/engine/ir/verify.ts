/** The invariants of a graph, checked after every pass in tests and where TUNESMITH_CHECK=1. */
import { type Graph, GraphError, type Node, type Value } from './graph'
import { formatShape, sameShape, ShapeError } from './shape'

/** @throws GraphError naming the first node that breaks an invariant. */
export function verifyGraph(graph: Graph): void {
  const made = new Set<Value>()
  for (const [name, input] of graph.inputs) {
    if (input.value.graph !== graph || input.value.node)
      throw new GraphError(`input ${name} is not a value of its graph`)
    if (input.role === 'mask' && input.value.dtype !== 'bool')
      throw new GraphError(`mask ${name} must be bool, not ${input.value.dtype}`)
    made.add(input.value)
  }
  for (const node of graph.nodes) {
    node.inputs.forEach((input, i) => {
      if (input && !made.has(input)) fail(node, `input ${i} is used before it is made, or belongs elsewhere`)
    })
    checkTypes(node)
    for (const output of node.outputs) {
      if (made.has(output)) fail(node, `output ${output.index} is made twice`)
      made.add(output)
    }
  }
  for (const [name, value] of graph.outputs)
    if (!made.has(value)) throw new GraphError(`output ${name} dangles: no node of the graph makes it`)
}

function checkTypes(node: Node): void {
  try {
    const types = node.op.infer(node.inputs, node.attrs)
    if (types.length !== node.outputs.length)
      fail(node, `has ${node.outputs.length} outputs, not ${types.length}`)
    types.forEach((type, i) => {
      const { dtype, shape } = node.outputs[i]!
      if (type.dtype !== dtype || !sameShape(type.shape, shape))
        fail(
          node,
          `output ${i} is ${dtype}${formatShape(shape)}, its rule says ${type.dtype}${formatShape(type.shape)}`,
        )
    })
  } catch (error) {
    if (error instanceof ShapeError) fail(node, error.message)
    throw error
  }
}

function fail(node: Node, message: string): never {
  throw new GraphError(`${node.op.name}${node.scope ? ` at ${node.scope}` : ''}: ${message}`)
}

/** Whether checks that cost time are on. */
export function isChecking(): boolean {
  return process.env['TUNESMITH_CHECK'] === '1'
}
