/** Copying a graph with changes: what every pass is made of. */
import { Graph, type Node, type Value } from '../ir/graph'

export interface CopyOptions {
  /**
   * What stands in the new graph for a node of the old one: its outputs' replacements in order,
   * or `undefined` to copy it. Inputs are looked up with `map`.
   */
  replace?: (node: Node, map: (value: Value) => Value, graph: Graph) => readonly Value[] | undefined
  /** Nodes to leave out (nobody may use them). */
  keep?: (node: Node) => boolean
  /** Inputs to leave out. */
  keepInput?: (value: Value) => boolean
}

/** A copy of the graph, and where each old value went. */
export function copyGraph(
  graph: Graph,
  options: CopyOptions = {},
): { graph: Graph; map: ReadonlyMap<Value, Value> } {
  const copy = new Graph()
  const map = new Map<Value, Value>()
  for (const { name, role, value, ...more } of graph.inputs.values())
    if (options.keepInput?.(value) !== false)
      map.set(value, copy.input(name, role, value.dtype, value.shape, more))
  const lookUp = (value: Value): Value => {
    const found = map.get(value)
    if (!found) throw new Error(`a removed value is used (${value.node?.op.name ?? 'input'})`)
    return found
  }
  for (const node of graph.nodes) {
    if (options.keep?.(node) === false) continue
    copy.scope(
      node.scope,
      () => {
        const replaced = options.replace?.(node, lookUp, copy)
        const outputs =
          replaced ??
          copy.add(
            node.op,
            node.inputs.map((v) => v && lookUp(v)),
            node.attrs,
          ).outputs
        node.outputs.forEach((output, i) => map.set(output, outputs[i]!))
      },
      true,
    )
  }
  for (const [name, value] of graph.outputs) copy.output(name, lookUp(value))
  return { graph: copy, map }
}

/** Nodes that read each value. */
export function usersOf(graph: Graph): Map<Value, Node[]> {
  const users = new Map<Value, Node[]>()
  for (const node of graph.nodes)
    for (const input of node.inputs) {
      if (!input) continue
      const list = users.get(input)
      if (!list) users.set(input, [node])
      else if (list.at(-1) !== node) list.push(node)
    }
  return users
}
