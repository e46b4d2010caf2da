/** The text of an entry as elements. Links to entries and panes are router links; nothing is ever set as HTML. */
import { h, type FunctionalComponent, type VNode, type VNodeArrayChildren } from 'vue'
import { RouterLink } from 'vue-router'
import type { Block, Inline } from '../../../../shared/domain/knowledge'
import { MathView } from './MathView'

export const TextView: FunctionalComponent<{ blocks: readonly Block[] }> = ({ blocks }) => blocks.map(block)
TextView.props = ['blocks']

function block(one: Block): VNode {
  switch (one.kind) {
    case 'paragraph':
      return h('p', inline(one.children))
    case 'heading':
      return h('h3', one.text)
    case 'code':
      return h('pre', { tabindex: 0 }, [h('code', one.text)])
    case 'list':
      return h(
        one.isOrdered ? 'ol' : 'ul',
        one.items.map((item) => h('li', inline(item))),
      )
    case 'table':
      return h('div', { class: 'across' }, [
        h('table', [
          h('thead', [
            h(
              'tr',
              one.head.map((cell) => h('th', inline(cell))),
            ),
          ]),
          h(
            'tbody',
            one.rows.map((row) =>
              h(
                'tr',
                row.map((cell) => h('td', { class: 'txt' }, inline(cell))),
              ),
            ),
          ),
        ]),
      ])
  }
}

function inline(parts: readonly Inline[]): VNodeArrayChildren {
  return parts.map((part) => {
    switch (part.kind) {
      case 'text':
        return part.text
      case 'code':
        return h('code', part.text)
      case 'strong':
        return h('strong', inline(part.children))
      case 'emphasis':
        return h('em', inline(part.children))
      case 'math':
        return h(MathView, { math: part.math })
      case 'link':
        return h(
          RouterLink,
          { to: part.to.startsWith('/') ? part.to : `/learn/${part.to}` },
          { default: () => inline(part.children) },
        )
    }
  })
}
