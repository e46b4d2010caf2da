/** A formula: MathML elements from plain data, never from a string of markup. */
import { h, type FunctionalComponent, type VNode } from 'vue'
import type { MathNode } from '../../../../shared/domain/knowledge'

export const MathView: FunctionalComponent<{ math: MathNode }> = ({ math }) => node(math)
MathView.props = ['math']

function node({ tag, attributes, children }: MathNode): VNode {
  return h(
    tag,
    attributes,
    children.map((child) => (typeof child === 'string' ? child : node(child))),
  )
}
