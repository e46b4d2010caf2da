/**
 * Markdown → the tree of `shared/domain/knowledge`: paragraphs, headings, lists, code, tables, links, formulas between
 * dollars. Raw HTML and pictures are refused, so nothing an entry says can become markup.
 */
import { Marked, type Token, type Tokens } from 'marked'
import { UserError } from '../../shared/errors'
import type { Block, Inline } from '../../shared/domain/knowledge'
import { typeset } from './formula'

const DOLLARS = /^\$([^$\n]+)\$/

const markdown = new Marked({
  extensions: [
    {
      name: 'formula',
      level: 'inline',
      start: (source: string) => source.indexOf('$'),
      tokenizer(source: string) {
        const match = DOLLARS.exec(source)
        return match ? { type: 'formula', raw: match[0], text: match[1]! } : undefined
      },
    },
  ],
})

/** @throws UserError `bad-input` for HTML, pictures and formulas that cannot be read */
export function parseMarkdown(source: string): Block[] {
  return markdown.lexer(source).flatMap(toBlock)
}

function toBlock(token: Token): Block[] {
  switch (token.type) {
    case 'space':
    case 'hr':
      return []
    case 'paragraph':
      return [{ kind: 'paragraph', children: inlines(token) }]
    case 'heading':
      return [{ kind: 'heading', text: plainText(inlines(token)) }]
    case 'code':
      return [{ kind: 'code', text: (token as Tokens.Code).text }]
    case 'list': {
      const { ordered, items } = token as Tokens.List
      return [{ kind: 'list', isOrdered: ordered, items: items.map(itemInlines) }]
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return [
        {
          kind: 'table',
          head: header.map((cell) => cell.tokens.map(toInline)),
          rows: rows.map((row) => row.map((cell) => cell.tokens.map(toInline))),
        },
      ]
    }
    default:
      throw refused(token)
  }
}

function itemInlines(item: Tokens.ListItem): Inline[] {
  return item.tokens.flatMap((token) => {
    if (token.type === 'text' || token.type === 'paragraph') return inlines(token)
    throw new UserError('bad-input', 'A list item holds more than one line of text.', {
      hint: 'Write each point as one paragraph.',
    })
  })
}

function inlines(token: Token): Inline[] {
  const { tokens } = token as { tokens?: Token[] }
  return tokens?.map(toInline) ?? [{ kind: 'text', text: (token as Tokens.Text).text }]
}

function toInline(token: Token): Inline {
  switch (token.type) {
    case 'text':
    case 'escape':
      return { kind: 'text', text: unescapeText((token as Tokens.Text).text) }
    case 'br':
      return { kind: 'text', text: ' ' }
    case 'codespan':
      return { kind: 'code', text: (token as Tokens.Codespan).text }
    case 'strong':
      return { kind: 'strong', children: inlines(token) }
    case 'em':
      return { kind: 'emphasis', children: inlines(token) }
    case 'formula':
      return { kind: 'math', math: typeset((token as unknown as { text: string }).text, false) }
    case 'link':
      return linkOf(token as Tokens.Link)
    default:
      throw refused(token)
  }
}

/** Addresses of the web are written out: the studio opens none. */
function linkOf({ href, tokens, raw }: Tokens.Link): Inline {
  const children = tokens.map(toInline)
  if (/^(\/[a-z]|[a-z0-9-]+$)/.test(href)) return { kind: 'link', to: href, children }
  if (!/^https?:/.test(href)) throw new UserError('bad-input', `The link ${raw} leads nowhere.`)
  const text = plainText(children)
  return { kind: 'text', text: text === href ? href : `${text} (${href})` }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** What marked escapes for HTML is text again here. */
function unescapeText(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name]!)
}

function refused(token: Token): UserError {
  const what = token.type === 'html' ? 'HTML' : token.type
  return new UserError('bad-input', `An entry may not contain ${what}: ${token.raw.trim().slice(0, 60)}`, {
    hint: 'Use paragraphs, ## headings, lists, tables, `code`, links and $formulas$.',
  })
}

/** What a screen reader or a search index makes of it; formulas are left out. */
export function plainText(parts: readonly Inline[]): string {
  return parts
    .map((part) => ('text' in part ? part.text : 'children' in part ? plainText(part.children) : ''))
    .join('')
}

export function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return plainText(block.children)
    case 'heading':
    case 'code':
      return block.text
    case 'list':
      return block.items.map(plainText).join('\n')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(plainText).join(' ')).join('\n')
  }
}
