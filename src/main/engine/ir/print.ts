/** Text of a graph, one node a line, made to diff well: numbering follows use, not creation. */
import type { Graph, Value } from './graph'
import type { Attrs } from './operator'
import { formatShape } from './shape'

export function printGraph(graph: Graph): string {
  const names = new Map<Value, string>()
  const lines: string[] = []
  for (const { name, role, value, trainable } of graph.inputs.values()) {
    names.set(value, name)
    lines.push(`${role} ${name}: ${typeText(value)}${role === 'param' && !trainable ? ' frozen' : ''}`)
  }
  let count = 0
  let scope = ''
  for (const node of graph.nodes) {
    if (node.scope !== scope) {
      scope = node.scope
      lines.push(`-- ${scope}`)
    }
    for (const value of node.outputs) names.set(value, `%${++count}`)
    const inputs = node.inputs.map((v) => (v ? (names.get(v) ?? '?') : '_'))
    const outputs = node.outputs.map((v) => `${names.get(v)!}: ${typeText(v)}`)
    lines.push(`${outputs.join(', ')} = ${node.op.name}(${inputs.join(', ')})${attrsText(node.attrs)}`)
  }
  for (const [name, value] of graph.outputs) lines.push(`output ${name} = ${names.get(value) ?? '?'}`)
  return lines.join('\n') + '\n'
}

function typeText({ dtype, shape }: Value): string {
  return `${dtype}${formatShape(shape)}`
}

function attrsText(attrs: Attrs): string {
  const parts = Object.entries(attrs)
    .filter(([, attr]) => attr !== undefined && attr !== false)
    .map(([name, attr]) => {
      if (ArrayBuffer.isView(attr)) {
        const shown = Array.from(attr.slice(0, 4), String).join(',')
        return `${name}=(${shown}${attr.length > 4 ? `,… ${attr.length}` : ''})`
      }
      return `${name}=${Array.isArray(attr) ? `[${attr.join(',')}]` : String(attr)}`
    })
  return parts.length > 0 ? ` {${parts.join(' ')}}` : ''
}
