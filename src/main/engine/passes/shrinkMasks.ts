/** A dropout mask of which only some rows are read is drawn for those rows alone: its input shrinks. */
import type { Graph, Node, Value } from '../ir/graph'
import { Gather, Reshape, Slice } from '../ops/movement'
import { copyGraph, usersOf } from './rewrite'

export function shrinkMasks(graph: Graph): Graph {
  const users = usersOf(graph)
  const only = (value: Value): Node | undefined => {
    const readers = users.get(value)
    return readers?.length === 1 ? readers[0] : undefined
  }
  const shrunk = new Map<Node, string>()
  const gone = new Set<Value>()
  for (const { name, role, value } of graph.inputs.values()) {
    if (role !== 'mask') continue
    const first = only(value)
    const reader = first?.op.name === Reshape.name ? only(first.outputs[0]!) : first
    const isSelection = reader?.op.name === Slice.name || reader?.op.name === Gather.name
    if (!reader || !isSelection || (reader !== first && reader.op.name !== Gather.name)) continue
    shrunk.set(reader, name)
    gone.add(value)
    if (first && first !== reader) gone.add(first.outputs[0]!)
  }
  if (shrunk.size === 0) return graph
  return copyGraph(graph, {
    keepInput: (value) => !gone.has(value),
    keep: (node) => !gone.has(node.outputs[0]!),
    replace: (node, _, copy) => {
      const name = shrunk.get(node)
      if (name === undefined) return undefined
      const { dropProbability } = graph.inputs.get(name)!
      const options = dropProbability === undefined ? {} : { dropProbability }
      return [copy.input(name, 'mask', 'bool', node.outputs[0]!.shape, options)]
    },
  }).graph
}
