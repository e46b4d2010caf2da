/**
 * Layers that read the same values become one product: W of query, key and value, which lie one after another
 * in memory, are fed as one [3·H, H] parameter. Fewer and larger products, and one input gradient instead of a sum.
 */
import type { Graph, GraphInput, Node, Value } from '../ir/graph'
import { Linear, linear } from '../ops/linalg'
import { split } from '../ops/movement'
import { copyGraph, usersOf } from './rewrite'

export function joinLinears(graph: Graph, adjacent: (names: readonly string[]) => boolean): Graph {
  const groups = findGroups(graph, adjacent)
  if (groups.length === 0) return graph
  const groupOf = new Map<Node, Group>()
  const joined = new Set<Value>()
  for (const group of groups)
    for (const member of group.members) {
      groupOf.set(member.node, group)
      joined.add(member.weight.value).add(member.bias.value)
    }
  const made = new Map<Group, readonly Value[]>()
  return copyGraph(graph, {
    keepInput: (value) => !joined.has(value),
    replace: (node, map, copy) => {
      const group = groupOf.get(node)
      if (!group) return undefined
      const { members } = group
      let pieces = made.get(group)
      if (!pieces) {
        const join = (inputs: readonly GraphInput[], width: number | undefined) => {
          const names = inputs.map((input) => input.name)
          const rows = inputs.reduce((sum, { value }) => sum + Number(value.shape[0]), 0)
          return copy.param(names.join('+'), width === undefined ? [rows] : [rows, width], {
            trainable: inputs[0]!.trainable,
            parts: names,
          })
        }
        const w = join(
          members.map((m) => m.weight),
          Number(members[0]!.weight.value.shape[1]),
        )
        const b = join(
          members.map((m) => m.bias),
          undefined,
        )
        const { transW, alpha, beta } = node.attrs as { transW: boolean; alpha: number; beta: number }
        const whole = linear(map(node.inputs[0]!), w, b, { transW, alpha, beta })
        pieces = split(
          whole,
          members.map((m) => Number(m.weight.value.shape[0])),
          -1,
        )
        made.set(group, pieces)
      }
      return [pieces[members.findIndex((m) => m.node === node)]!]
    },
  }).graph
}

interface Member {
  readonly node: Node
  readonly weight: GraphInput
  readonly bias: GraphInput
}
interface Group {
  readonly members: readonly Member[]
}

function findGroups(graph: Graph, adjacent: (names: readonly string[]) => boolean): Group[] {
  const params = new Map(graph.params().map((p) => [p.value, p]))
  const users = usersOf(graph)
  const bySource = new Map<string, Member[]>()
  for (const node of graph.nodes) {
    const [x, w, b] = node.inputs
    const weight = w && params.get(w)
    const bias = b && params.get(b)
    const { transW, alpha, beta } = node.attrs as { transW?: boolean; alpha?: number; beta?: number }
    if (node.op.name !== Linear.name || !weight || !bias || !transW || b.shape.length !== 1) continue
    if (users.get(w)!.length > 1 || users.get(b)!.length > 1 || weight.trainable !== bias.trainable) continue
    const key = `${x!.id} ${weight.trainable} ${alpha} ${beta}`
    bySource.set(key, [...(bySource.get(key) ?? []), { node, weight, bias }])
  }
  return [...bySource.values()].flatMap((members) => {
    const isJoinable =
      members.length > 1 &&
      adjacent(members.map((m) => m.weight.name)) &&
      adjacent(members.map((m) => m.bias.name))
    return isJoinable ? [{ members }] : []
  })
}
