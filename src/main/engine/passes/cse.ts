/** Common subexpressions: nodes with equal operator, attributes and inputs are computed once. */
import { attrsKey, type Graph, type Value } from '../ir/graph'
import { copyGraph } from './rewrite'

export function shareCommonSubexpressions(graph: Graph): Graph {
  const known = new Map<string, readonly Value[]>()
  return copyGraph(graph, {
    replace: (node, map, copy) => {
      const inputs = node.inputs.map((v) => v && map(v))
      const key = `${node.op.name}(${inputs.map((v) => v?.id ?? '_').join(',')})${attrsKey(node.attrs)}`
      const found = known.get(key)
      if (found) return found
      const { outputs } = copy.add(node.op, inputs, node.attrs)
      known.set(key, outputs)
      return outputs
    },
  }).graph
}
