/** The tree of an entry as HTML text, for the static site. Every text is escaped; nothing else can become markup. */
import type { Block, Inline, MathNode } from '../../shared/domain/knowledge'

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!)
}

/** `hrefOf` gives the address of an entry, or null where it is not on the site. */
export type HrefOf = (id: string) => string | null

export function blocksHtml(blocks: readonly Block[], hrefOf: HrefOf): string {
  return blocks.map((block) => blockHtml(block, hrefOf)).join('\n')
}

function blockHtml(block: Block, hrefOf: HrefOf): string {
  const inline = (parts: readonly Inline[]) => inlineHtml(parts, hrefOf)
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inline(block.children)}</p>`
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`
    case 'code':
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`
    case 'list': {
      const tag = block.isOrdered ? 'ol' : 'ul'
      return `<${tag}>${block.items.map((item) => `<li>${inline(item)}</li>`).join('')}</${tag}>`
    }
    case 'table': {
      const row = (cells: Inline[][], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${inline(cell)}</${tag}>`).join('')}</tr>`
      return `<table><thead>${row(block.head, 'th')}</thead><tbody>${block.rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`
    }
  }
}

function inlineHtml(parts: readonly Inline[], hrefOf: HrefOf): string {
  return parts.map((part) => partHtml(part, hrefOf)).join('')
}

function partHtml(part: Inline, hrefOf: HrefOf): string {
  switch (part.kind) {
    case 'text':
      return escapeHtml(part.text)
    case 'code':
      return `<code>${escapeHtml(part.text)}</code>`
    case 'strong':
      return `<strong>${inlineHtml(part.children, hrefOf)}</strong>`
    case 'emphasis':
      return `<em>${inlineHtml(part.children, hrefOf)}</em>`
    case 'math':
      return mathHtml(part.math)
    case 'link': {
      const href = hrefOf(part.to)
      const text = inlineHtml(part.children, hrefOf)
      return href === null ? text : `<a href="${escapeHtml(href)}">${text}</a>`
    }
  }
}

export function mathHtml(node: MathNode | string): string {
  if (typeof node === 'string') return escapeHtml(node)
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join('')
  return `<${node.tag}${attributes}>${node.children.map(mathHtml).join('')}</${node.tag}>`
}
