/** Dead code: nodes and data inputs that no output depends on. Parameters stay, unless nothing reads them. */
import type { Graph, Node, Value } from '../ir/graph'
import { copyGraph } from './rewrite'

export function removeDeadCode(graph: Graph): Graph {
  const live = new Set<Value>(graph.outputs.values())
  const kept = new Set<Node>()
  for (const node of graph.nodes.slice().reverse()) {
    if (!node.outputs.some((v) => live.has(v))) continue
    kept.add(node)
    for (const input of node.inputs) if (input) live.add(input)
  }
  return copyGraph(graph, { keep: (node) => kept.has(node), keepInput: (value) => live.has(value) }).graph
}
